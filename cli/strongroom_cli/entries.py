"""What the commands for secrets and for variables share: both kinds live in one namespace (PLATFORM §1)."""

from typing import TYPE_CHECKING, Any

from strongroom.names import Kind
from strongroom.store.errors import InvalidName
from strongroom_cli.prompts import confirm
from strongroom_cli.session import Session, print_json, print_lines
from strongroom_cli.style import Style, counted, table, visible

if TYPE_CHECKING:
    from strongroom.store.reader import Entry


def list_entries(session: Session, kind: Kind, form: str) -> None:
    """The entries of one kind, without a key."""
    with session.reader() as reader:
        community = session.community(reader)
        entries = [entry for entry in reader.entries(community) if entry.kind is kind]
    if form == "json":
        print_json([as_json(entry, community) for entry in entries])
    elif entries:
        shows_value = kind is Kind.VARIABLE
        heading = ["NAME", *(["VALUE"] if shows_value else []), "EXPIRES", "CHANGED", "NOTE"]
        rows = [
            [
                e.name,
                *([_short(e.value or "")] if shows_value else []),
                e.expires or "-",
                e.changed[:10],
                e.note,
            ]
            for e in entries
        ]
        print_lines(table(rows, heading, Style()))
    else:
        print(f'No {kind.value}s in community "{visible(community)}".')


def as_json(entry: "Entry", community: str) -> dict[str, Any]:
    """An entry for programs; a secret has no `value`."""
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


def refuse_name_with_value(name: str, kind: Kind) -> None:
    """Raise for `NAME=VALUE`, without repeating the value."""
    before, equals, _ = name.partition("=")
    if equals:
        raise InvalidName(
            f'Invalid secret name: "{before}=…" has an equals sign; names are letters, digits, underscores.',
            f"Say only the name: `strongroom {kind.value} add {before}`; the value is asked for.",
        )


def rename_entry(session: Session, kind: Kind, old: str, new: str) -> None:
    """Rename, and say which connectors still use the old name."""
    refuse_name_with_value(new, kind)
    with session.unlock() as vault:
        community = session.community(vault)
        session.find(vault, community, old, kind)
        vault.rename(community, old, new)
    print(f'Renamed {kind.value} {visible(old)} to {visible(new)} in community "{visible(community)}".')
    if users := users_of(session, old):
        print(f"Still using {visible(old)}:")
        print_lines(users)


def delete_entry(session: Session, kind: Kind, name: str, yes: bool) -> int:
    """Delete after a question, which says which connectors use the name."""
    with session.unlock() as vault:
        community = session.community(vault)
        session.find(vault, community, name, kind)
        users = users_of(session, name)
        used = f" Used by {counted(len(users), 'connector')} here." if users else ""
        print_lines(users)
        question = f'Delete {kind.value} {name} from community "{community}"?{used}'
        if not yes and not confirm(visible(question), "--yes"):
            print("Nothing was deleted.")
            return 1
        vault.delete(community, name)
    print(f'Deleted {kind.value} {visible(name)} from community "{visible(community)}".')
    return 0


def users_of(session: Session, name: str) -> list[str]:
    """The connectors in the files here that use `name`, a line each."""
    return [f"  {visible(path)}: {visible(connector)}" for path, connector in session.uses().connectors(name)]


def _short(value: str) -> str:
    """A value for a table: the first line, and not endless."""
    first = value.split("\n", 1)[0]
    return first if first == value and len(first) <= 60 else first[:60] + "…"
