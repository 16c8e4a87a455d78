"""Share functions between secrets and variables.

Both kinds have one namespace (PLATFORM §1).
"""

from collections.abc import Iterable

from strongroom.names import Kind
from strongroom.platform.naming import NAME_HINT, is_vague
from strongroom.text.phrases import counted
from strongroom.text.terminal import visible
from strongroom.values.common import how_well_masked
from strongroom.values.secret_value import SecretValue
from strongroom_cli.terminal.messages import say
from strongroom_cli.terminal.prompts import confirm
from strongroom_cli.terminal.session import CommandSession, print_lines


def say_look_alike(community: str, known: Iterable[str]) -> None:
    """Say that the name of a new community looks like one of the `known` ones."""
    from strongroom.store.rows.look_alikes import look_alike

    names = list(known)
    if community not in names and (other := look_alike(community, names)):
        say(
            f'Note: community "{visible(community)}" is new, and looks like "{visible(other)}", which is another one.'
        )


def say_name_hint(name: str) -> None:
    """Say what a good name has, if this one has less."""
    if is_vague(name):
        say(f"Note: names are easier to find with more words. {NAME_HINT}.")


def say_how_masked(value: SecretValue | None) -> None:
    """Say that a saved value cannot be masked well, if that is so."""
    if value is not None and (why := how_well_masked(value.reveal())):
        say(why)


def delete_entry(session: CommandSession, kind: Kind, name: str, yes: bool) -> int:
    """Delete an entry after a question that names its connectors.

    Return the exit status.
    """
    with session.open() as vault:
        community = session.community(vault)
        seen = session.find(vault, community, name, kind).tag
        users = users_of(session, name)
        used = f" Used by {counted(len(users), 'connector')} here." if users else ""
        print_lines(users)
        question = f'Delete {kind.value} {name} from community "{community}"?{used}'
        if not yes and not confirm(visible(question), "--yes"):
            print("Nothing was deleted.")
            return 1
        vault.delete(community, name, expected=seen)
    print(f'Deleted {kind.value} {visible(name)} from community "{visible(community)}".')
    print(f"Its values are kept until `strongroom {kind.value} purge {visible(name)}`.")
    return 0


def users_of(session: CommandSession, name: str) -> list[str]:
    """Return a line for each connector in the files here that uses `name`."""
    return [f"  {visible(path)}: {visible(connector)}" for path, connector in session.connectors_with(name)]
