"""Run `strongroom community compare` and `copy`, in the vault and in engines."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

import click

from strongroom.backends.errors import BackendError
from strongroom.text.phrases import counted
from strongroom.text.terminal import visible
from strongroom.workspace.known_names import unknown_community
from strongroom_cli.terminal.click_options import format_option
from strongroom_cli.terminal.messages import say
from strongroom_cli.terminal.prompts import confirm
from strongroom_cli.terminal.session import CommandSession, print_json, print_lines
from strongroom_cli.terminal.style import Style, table

if TYPE_CHECKING:
    from strongroom.backends.copying import Difference
    from strongroom.backends.protocol import Backend

VAULT = "vault:"
"""The beginning of the name of a community in the vault, if an engine holds another one of that name."""

_names_only = click.option(
    "--names-only", is_flag=True, help="Names, kinds, notes and dates, without values."
)


@click.command("compare")
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
@_names_only
@format_option
def compare(source: str, target: str, names_only: bool, form: str) -> int:
    """Compare two communities, in the vault or in engines.

    Exit status 1 if they differ. `vault:NAME` is the vault's community if an engine holds one of that name,
    too. No value is shown.
    """
    from strongroom.backends import copying

    with _opened(CommandSession(), source, target) as (here, there):
        found = copying.compare(here, there, names_only=names_only)
    differing = [one for one in found if one.action is not copying.EntryComparison.SAME]
    if form == "json":
        print_json([_as_json(one) for one in found])
    else:
        _show(differing)
        same = counted(len(found) - len(differing), "name is", "names are")
        print(f"{same} the same, {len(differing)} not.")
    return int(bool(differing))


@click.command("copy")
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
@_names_only
@click.option("--only-new", is_flag=True, help="Leave the names alone that TO has already.")
@click.option("--yes", is_flag=True, help="Do it without asking.")
@click.option("--dry-run", is_flag=True, help="Show what would be copied, and copy nothing.")
def copy(source: str, target: str, *, names_only: bool, only_new: bool, yes: bool, dry_run: bool) -> int:
    """Copy a community to another one, in the vault or in engines.

    The changes are shown first. Each entry is read back. A copy that was interrupted goes on when it is run again.
    Nothing is deleted in TO.
    """
    from strongroom.backends import copying

    with _opened(CommandSession(), source, target) as (here, there):
        found = copying.compare(here, there, names_only=names_only)
        wanted = copying.to_copy(found, only_new=only_new)
        other = [one for one in found if one.action is copying.EntryComparison.OTHER_KIND]
        _show([*wanted, *other])
        if not wanted:
            print(f'Community "{visible(target)}" has all of it already.')
            return int(bool(other))
        if dry_run:
            return 0
        question = f'Copy {counted(len(wanted), "entry", "entries")} to "{target}", in {there.place}?'
        if not yes and not confirm(visible(question), "--yes"):
            print("Nothing was copied.")
            return 1
        done = 0

        def count(number: int) -> None:
            nonlocal done
            done = number

        try:
            copied = copying.copy(here, there, wanted, names_only=names_only, on_done=count)
        except BackendError:
            say(f"{done} of {len(wanted)} were copied. Run the same command again: it goes on from there.")
            raise
    print(f'Copied {counted(copied.done, "entry", "entries")} to "{visible(target)}", and read them back.')
    for name in copied.left:
        print(f"{visible(name)} was changed in the meantime, and left alone.", file=sys.stderr)
    return int(bool(copied.left or other))


@contextmanager
def _opened(session: CommandSession, *names: str) -> "Iterator[Sequence[Backend]]":
    """Open the communities of these names.

    The vault is opened once, and only if it is needed.
    """
    from strongroom.backends.local import LocalBackend

    backends = session.settings.backends
    with ExitStack() as opened:
        vault = None
        found: list[Backend] = []
        for name in names:
            if name in backends:
                shared = opened.enter_context(session.open_place(backends[name]))
                found.append(shared.backend)
                continue
            vault = vault or opened.enter_context(session.unlock())
            own = name.removeprefix(VAULT)
            if name is names[0] and own not in vault.communities():
                raise unknown_community(own, [*vault.communities(), *backends])
            found.append(LocalBackend(vault, own))
        yield found


def _show(found: "Sequence[Difference]") -> None:
    rows = [[one.action.value, one.kind.value, one.name, ", ".join(one.parts)] for one in found]
    if rows:
        print_lines(table(rows, ["CHANGE", "KIND", "NAME", "DETAIL"], Style()))


def _as_json(one: "Difference") -> dict[str, object]:
    return {"name": one.name, "kind": one.kind.value, "action": one.action.value, "parts": list(one.parts)}
