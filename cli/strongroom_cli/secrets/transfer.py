"""`strongroom secret import` and `export`: what would change is shown first, and values never are."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from strongroom.names import Kind
from strongroom.text.phrases import counted, joined
from strongroom.text.terminal import visible
from strongroom.values.secret_value import SecretValue
from strongroom_cli.secrets.shared import say_look_alike
from strongroom_cli.terminal.arguments import UsageError, repeated
from strongroom_cli.terminal.click_options import ENTRY_NAME, community_option
from strongroom_cli.terminal.messages import say
from strongroom_cli.terminal.prompts import (
    TRIES,
    ask_new_passphrase,
    can_ask_for_passphrase,
    confirm,
    passphrase_prompt,
    standard_input,
)
from strongroom_cli.terminal.session import Session, print_json, print_lines
from strongroom_cli.terminal.style import Style, quoted, table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from strongroom.store.keys.ways import Way
    from strongroom.store.vault import Vault
    from strongroom.transfer.parsed_file import ParsedFile
    from strongroom.transfer.planning import Plan

_kind_option = click.Choice([kind.value for kind in Kind])
_passphrase_file = click.option(
    "--passphrase-file", metavar="FILE", help="The bundle's passphrase is the first line of FILE."
)


@click.command("import")
@click.argument("file")
@community_option
@click.option(
    "--from", "form", type=click.Choice(["env", "json", "csv", "bundle", "vault"]), help="What FILE is."
)
@click.option("--kind", type=_kind_option, help="The kind of entries whose file does not say it.")
@click.option("--kind-of", metavar="NAME=KIND", multiple=True, help="The kind of one entry; again for more.")
@click.option("--rename-invalid", is_flag=True, help="Give invalid names the valid one that is suggested.")
@click.option("--skip-refused", is_flag=True, help="Import the rest when lines are refused.")
@click.option("--yes", is_flag=True, help="Do it without asking.")
@click.option("--dry-run", is_flag=True, help="Show what would change, and change nothing.")
@_passphrase_file
@click.option("--from-community", metavar="NAME", help="Of another vault: which community.")
@click.option("--from-key-file", metavar="FILE", help="Of another vault: its key file.")
@click.option(
    "--format",
    "output",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How to show the preview.",
)
def import_(
    *,
    file: str,
    community: str | None,
    form: str | None,
    kind: str | None,
    kind_of: tuple[str, ...],
    rename_invalid: bool,
    skip_refused: bool,
    yes: bool,
    dry_run: bool,
    passphrase_file: str | None,
    from_community: str | None,
    from_key_file: str | None,
    output: str,
) -> int:
    """Import from a .env, JSON or CSV file, a bundle or another vault. `-` is standard input.

    What would change is shown first. Nothing is changed until you agree, and then all of it at once.
    """
    from strongroom.transfer.planning import Choices, apply_plan, make_plan

    choices = Choices(Kind(kind) if kind else None, _kinds(kind_of), rename_invalid)
    loaded = _load(file, form)  # before anybody is asked for a key
    session = Session(community)
    with session.unlock() as vault:
        chosen = session.community(vault)
        source = _read(loaded, vault, passphrase_file, from_community, from_key_file)
        plan = make_plan(vault, chosen, source, choices)
        if output == "json":
            print_json(_as_json(plan))
        else:
            _show(plan)
        say_look_alike(chosen, vault.communities())
        if dry_run:
            return int(bool(plan.refusals))
        if plan.refusals and not skip_refused:
            rest = counted(len(plan.saves), "entry", "entries")
            say(
                f"Nothing was imported, because of what is refused{_where(plan)}.",
                f"Mend it in the file, or import the rest ({rest}) by adding --skip-refused to this command.",
            )
            return 1
        if not plan.saves:
            return 0
        question = f'Import {counted(len(plan.saves), "entry", "entries")} into community "{chosen}"?'
        if not yes and not confirm(visible(question), "--yes"):
            print("Nothing was imported.", file=sys.stderr)
            return 1
        done = len(apply_plan(vault, plan))
    if output != "json":
        print(f'Imported {counted(done, "entry", "entries")} into community "{visible(chosen)}".')
    return 0


def _kinds(given: tuple[str, ...]) -> dict[str, Kind]:
    kinds: dict[str, Kind] = {}
    for one in given:
        name, _, word = one.partition("=")
        if not name or word not in [kind.value for kind in Kind]:
            raise UsageError("--kind-of is not NAME=KIND.", "Write --kind-of base_url=variable, or =secret.")
        if kinds.setdefault(name, Kind(word)) is not Kind(word):
            raise repeated(f"--kind-of {name}")
    return kinds


class _Loaded(NamedTuple):
    """A file to import: what it is, and its bytes unless it is a vault."""

    path: str
    form: str
    data: bytes


def _load(file: str, form: str | None) -> _Loaded:
    from strongroom.transfer import sources

    if form == "vault" or (form is None and file != "-" and sources.is_vault(file)):
        return _Loaded(file, "vault", b"")
    data = sources.read_stream(standard_input()) if file == "-" else sources.read_bytes(file)
    return _Loaded(file, form or sources.find_format(file, data), data)


def _read(
    loaded: _Loaded,
    vault: "Vault",
    passphrase_file: str | None,
    from_community: str | None,
    from_key_file: str | None,
) -> "ParsedFile":
    from strongroom.transfer import sources

    if loaded.form == "vault":
        return sources.read_vault(loaded.path, _other_ways(loaded.path, from_key_file), from_community)
    if loaded.form != "bundle":
        return sources.read_text_file(loaded.form, loaded.data)
    if passphrase_file is not None or not can_ask_for_passphrase():
        return sources.read_bundle(loaded.data, vault, lambda: _passphrase_in(passphrase_file))
    whose = f"the bundle {visible(Path(loaded.path).name)}"
    return sources.read_bundle(loaded.data, vault, passphrase_prompt(whose), tries=TRIES)


def _other_ways(file: str, key_file: str | None) -> "Sequence[Way]":
    """The ways into another vault: its own key file, never this vault's."""
    from strongroom.store.keys.ways import KeyFile, Keyring, Passphrase, keyring_is_off

    ways: list[Way] = [KeyFile(key_file, say)] if key_file else []
    if not keyring_is_off():
        ways.append(Keyring(say))
    if can_ask_for_passphrase():
        ways.append(Passphrase(passphrase_prompt(f"the vault {visible(file)}"), tries=TRIES))
    return ways


def _passphrase_in(file: str | None) -> SecretValue:
    """Return the first line of the file that holds a bundle's passphrase. Without a file raises `UsageError`."""
    if file is None:
        raise UsageError(
            "There is no terminal to ask for the bundle's passphrase on.",
            "Name a file that holds it: --passphrase-file FILE.",
        )
    from strongroom.transfer.sources import read_bytes

    line = read_bytes(file).split(b"\n", 1)[0].removesuffix(b"\r")
    try:
        return SecretValue(line.decode("utf-8"))
    except UnicodeDecodeError:
        raise UsageError(f"The first line of {file} is not UTF-8 text.", "Write it as UTF-8.") from None


def _show(plan: "Plan") -> None:
    """The preview: each change and each refusal by name and line, and no value."""
    from strongroom.transfer.planning import SAME

    style = Style()
    rows = []
    for change in plan.changes:
        if change.action == SAME:
            continue
        detail = ", ".join(change.parts)
        if change.original:
            detail = f"{detail}; " * bool(detail) + f"named {change.original} in the file"
        rows.append([change.action, change.kind.value, change.name, _line(change.line), detail])
    if rows:
        print_lines(table(rows, ["CHANGE", "KIND", "NAME", "LINE", "DETAIL"], style))
    for refusal in plan.refusals:
        place = f"line {refusal.line}" if refusal.line else "entry"
        named = f" `{visible(refusal.name)}`" if refusal.name else ""
        suggestion = f" (valid: `{refusal.suggestion}`)" if refusal.suggestion else ""
        print(f"{style('refused', 'error')} {place}{named}: {visible(refusal.reason)}{suggestion}")
    for remark in plan.remarks:
        print(f"{style('note', 'info')} line {remark.line}: {remark.text}")
    counts = ", ".join(f"{plan.count(action)} {action}" for action in ("new", "changed", "same"))
    print(
        f'{plan.what[0].upper()}{plan.what[1:]} into community "{visible(plan.community)}": '
        f"{counts}, {len(plan.refusals)} refused."
    )
    if any(refusal.suggestion for refusal in plan.refusals):
        print("--rename-invalid imports invalid names under the valid ones.")


def _where(plan: "Plan") -> str:
    """Return the lines that are refused, as they are said in a sentence: " (lines 3 and 7)"."""
    numbers = [str(refusal.line) for refusal in plan.refusals if refusal.line]
    if not numbers:
        return ""
    shown = numbers if len(numbers) <= 5 else [*numbers[:4], f"{len(numbers) - 4} more"]
    return f" (line{'s' if len(numbers) > 1 else ''} {joined(shown)})"


def _line(line: int) -> str:
    return str(line) if line else "-"


def _as_json(plan: "Plan") -> dict[str, object]:
    return {
        "community": plan.community,
        "source": plan.what,
        "changes": [{**c._asdict(), "kind": c.kind.value, "line": c.line or None} for c in plan.changes],
        "refused": [{**r._asdict(), "line": r.line or None} for r in plan.refusals],
        "remarks": [r._asdict() for r in plan.remarks],
    }


@click.command("export")
@click.argument("file")
@click.argument("names", nargs=-1, type=ENTRY_NAME, metavar="[NAME]...")
@community_option
@click.option("--to", "recipient", metavar="RECIPIENT", help="Seal it for this vault identity.")
@_passphrase_file
@click.option("--plain", is_flag=True, help="Write the values in clear.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["bundle", "env", "json", "csv"]),
    help="Without --plain it is a bundle.",
)
def export(
    *,
    file: str,
    names: tuple[str, ...],
    community: str | None,
    recipient: str | None,
    passphrase_file: str | None,
    plain: bool,
    form: str | None,
) -> None:
    """Export a community, or the NAMEs of it, as a bundle that a passphrase or a recipient opens.

    FILE is new and gets mode 0600; `-` is standard output. Only --plain writes values in clear.
    """
    from strongroom.transfer import bundle, exporting
    from strongroom.transfer.recipient import Recipient

    form = _export_format(file, form, plain)
    if form != "bundle" and (recipient or passphrase_file):
        raise UsageError("A plain export has no passphrase and no recipient.", "Leave --plain out.")
    if recipient and passphrase_file:
        raise UsageError("A bundle is for a recipient or has a passphrase, not both.", "Leave one out.")
    to = Recipient.parse(recipient) if recipient else None
    session = Session(community)
    with session.unlock() as vault:
        chosen = session.community(vault)
        entries = exporting.chosen_entries(vault, chosen, names)
    if form != "bundle":
        data = exporting.write_plain(form, entries)
    elif to is not None:
        data = bundle.seal_for(entries, to)
    else:
        if passphrase_file is None and can_ask_for_passphrase():
            passphrase = ask_new_passphrase("the bundle")
        else:
            passphrase = _passphrase_in(passphrase_file)
        data = bundle.seal_with_passphrase(entries, passphrase)
        bundle.open_with_passphrase(data, passphrase)
    if plain:
        say(
            "Warning: the values are written in clear.",
            "Anybody who reads the file has them. Delete it once it was used.",
        )
    if file == "-":
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    exporting.write_new_file(file, data)
    print(
        f'Exported {counted(len(entries), "entry", "entries")} of community "{visible(chosen)}" to '
        f"{quoted(str(Path(file)))}."
    )


def _export_format(file: str, form: str | None, plain: bool) -> str:
    if not plain:
        if form not in (None, "bundle"):
            raise UsageError(
                f"A {form} file holds the values in clear.",
                "Say --plain if you mean it; without it a bundle is written, which is encrypted.",
            )
        return "bundle"
    if form == "bundle":
        raise UsageError("A bundle is encrypted.", "Leave --plain out.")
    if form is None:
        from strongroom.transfer.sources import format_of_name

        form = format_of_name(file)
    if form not in ("env", "json", "csv"):
        raise UsageError("The name of the file does not tell its format.", "Say --format env, json or csv.")
    return form
