"""What the commands for secrets and for variables share: both kinds live in one namespace (PLATFORM §1)."""

from strongroom.names import Kind
from strongroom.store.errors import InvalidName
from strongroom_cli.prompts import confirm
from strongroom_cli.session import Session, print_lines
from strongroom_cli.style import counted, visible


def refuse_name_with_value(name: str, kind: Kind) -> None:
    """Raise for `NAME=VALUE`, without repeating the value."""
    before, equals, _ = name.partition("=")
    if equals:
        raise InvalidName(
            f'Invalid secret name: "{before}=…" has an equals sign; names are letters, digits, underscores.',
            f"Say only the name: `strongroom {kind.value} add {before}`; the value is asked for.",
        )


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
