"""Do the work of the commands that only read: `names`, `list` and `show`.

Does not import click.
"""

import sys
from typing import TYPE_CHECKING, Any

from strongroom.errors import StrongroomError
from strongroom.names import Kind, Knowledge
from strongroom.text.phrases import counted
from strongroom.text.terminal import visible
from strongroom.workspace import resolve_names
from strongroom_cli.terminal.messages import say
from strongroom_cli.terminal.session import CommandSession, print_json, print_lines
from strongroom_cli.terminal.style import Style, table

if TYPE_CHECKING:
    from strongroom.store.rows.listing import Entry


def show_names(session: CommandSession, form: str = "text") -> None:
    """Print the names and kinds that are known for the chosen community.

    A vault needs no key. The names of an engine are read, and kept for editors and `check`.
    """
    if session.place is not None:
        with session.names() as found:
            names = found.names(session.place.community)
    else:
        names = resolve_names(session.settings, community=session.given_community)
    entries = sorted(names.by_name.values(), key=lambda entry: entry.name)
    if form == "json":
        print_json(
            {
                "community": names.community or None,
                "knowledge": names.knowledge.value,
                "source": names.source or None,
                "names": [{"name": e.name, "kind": e.kind.value, "note": e.note} for e in entries],
            }
        )
    elif names.knowledge is Knowledge.NONE:
        raise StrongroomError(
            f"No list of names was found. Looked in: {'; '.join(names.looked)}.",
            "Add one with `strongroom secret add NAME`, or commit a names file.",
        )
    else:
        print_lines(
            table([[e.name, e.kind.value, e.note] for e in entries], ["NAME", "KIND", "NOTE"], Style())
        )
        where = f' in community "{visible(names.community)}"' if names.community else ""
        print(f"{counted(len(entries), 'name')}{where}, from {names.source}.")


def list_entries(session: CommandSession, kind: Kind, form: str = "text") -> None:
    """Print the entries of one kind. Needs no key."""
    with session.names() as reader:
        community = session.community(reader)
        entries = [entry for entry in reader.entries(community) if entry.kind is kind]
        if not entries:
            session.refuse_unknown(reader, community)
    if form == "json":
        print_json([as_json(entry, community) for entry in entries])
    elif entries:
        shows_value = kind is Kind.VARIABLE
        heading = ["NAME", *(["VALUE"] if shows_value else []), "EXPIRES", "CHANGED", "NOTE"]
        rows = [
            [
                e.name,
                *([_short(e.value or "")] if shows_value else []),
                _expiry(e.expires),
                e.changed[:10],
                e.note,
            ]
            for e in entries
        ]
        print_lines(table(rows, heading, Style()))
    else:
        print(f'No {kind.value}s in community "{visible(community)}".')


def show_secret(session: CommandSession, name: str, reveal: bool = False, form: str = "text") -> None:
    """Print one secret: its first character, or with `reveal` its value.

    Only this entry is read, and that is enough to be sure of it. Opening the vault has checked the root, which covers
    the tags of all entries. The tag of this entry covers its name, its kind and the tags of its versions. The value
    opens under this community, name, kind and version only.
    """
    with session.open() as vault:
        chosen = session.community(vault)
        entry = session.find(vault, chosen, name, Kind.SECRET)
        value = vault.get(chosen, name)
    if left := _reminder(entry.expires):
        say(f"{name} {left} ({entry.expires}).")
    if form == "json":
        shown = value.reveal() if reveal else value.hint()
        print_json({**as_json(entry, chosen), "value": shown, "revealed": reveal})
    elif reveal:
        _write_exactly(value.reveal())
    else:
        print(visible(value.hint()))


def show_variable(session: CommandSession, name: str, form: str = "text") -> None:
    """Print one variable's value.

    A vault needs no key. An engine has to answer, because no value is kept.
    """
    if session.place is None:
        with session.reader() as reader:
            chosen = session.community(reader)
            entry = session.find(reader, chosen, name, Kind.VARIABLE)
    else:
        with session.open_place(session.place) as shared:
            chosen = session.community(shared)
            entry = session.find(shared, chosen, name, Kind.VARIABLE)
            entry = entry._replace(value=shared.variable(chosen, name))
    if form == "json":
        print_json(as_json(entry, chosen))
    else:
        _write_exactly(entry.value or "")


def as_json(entry: "Entry", community: str) -> dict[str, Any]:
    """Return an entry for programs. A secret has no `value`."""
    shown: dict[str, Any] = {
        "name": entry.name,
        "kind": entry.kind.value,
        "community": community,
        "note": entry.note,
        "expires": entry.expires or None,
        "created": entry.created,
        "changed": entry.changed,
        "version": entry.version,
    }
    if entry.kind is Kind.VARIABLE:
        shown["value"] = entry.value
    return shown


def _reminder(expires: str) -> str:
    """Return "has expired" or "expires in 3 days" for a near date; else ""."""
    words = _near_words(expires)
    return "has expired" if words == "expired" else f"expires {words}" if words else ""


def _expiry(expires: str) -> str:
    """Return the date for a list, with the words for one that is past or near."""
    words = _near_words(expires)
    return f"{expires} ({words})" if words else expires or "-"


def _near_words(expires: str) -> str:
    if not expires:
        return ""
    from datetime import UTC, datetime

    from strongroom.values.expiry import expiry_words, is_near

    today = datetime.now(UTC).date()
    return expiry_words(expires, today) if is_near(expires, today) else ""


def _write_exactly(value: str) -> None:
    """Write the value byte for byte.

    On a terminal a line break follows, so that the prompt has its own line.
    """
    sys.stdout.flush()
    sys.stdout.buffer.write(value.encode("utf-8", "surrogatepass"))
    if sys.stdout.isatty():
        sys.stdout.buffer.write(b"\n")
    sys.stdout.buffer.flush()


def _short(value: str) -> str:
    """Return a value for a table: the beginning of its first line."""
    first = value.split("\n", 1)[0]
    return first if first == value and len(first) <= 60 else first[:60] + "…"
