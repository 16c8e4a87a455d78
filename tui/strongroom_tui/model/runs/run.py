"""Freeze one connector's run when it begins, for screens to read everything from."""

import hashlib
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from strongroom.names import NO_NAMES, Kind, Names
from strongroom_tui.model.connectors.workspace_view import RunTarget
from strongroom_tui.model.text.words import one_line, shorten_middle

if TYPE_CHECKING:
    from strongroom.resolver.terms.inputs import Inputs
    from strongroom.store.rows.listing import Entry

LONGEST_NAME: Final = 40
"""Characters of a connector's name in a title."""

State = tuple[Kind, str | None, str, int] | None
"""Kind, a variable's text, making and version of a name.

A missing name has None.
"""


class Run(NamedTuple):
    """Hold one run as it was when it began, without a secret's value.

    `typed` is what the form had, by field. Of an earlier run it is only what was kept, and `dropped` names the
    rest. `inputs` is None if they were not kept. `states` has each name that the connector asks for.
    """

    target: RunTarget
    community: str
    typed: Mapping[str, str] = {}
    inputs: "Inputs | None" = None
    names: Names = NO_NAMES
    states: Mapping[str, State] = {}
    digest: str = ""
    """The connector's digest, or "" if it is unknown."""
    dropped: tuple[str, ...] = ()
    label: str = ""
    """The name of the run ("5 min ago", "test Lisbon"), or "" for the newest."""

    @property
    def title(self) -> str:
        """Return the connector and the community, as a result's head names them."""
        community = f" ({one_line(self.community)})" if self.community else ""
        return f"{shorten_middle(one_line(self.target.name), LONGEST_NAME)}{community}"


class Present(NamedTuple):
    """Hold what is on the screen now.

    `states` is None if the names are not fully known.
    """

    target: RunTarget | None
    community: str
    typed: Mapping[str, str]
    states: Mapping[str, State] | None


def digest_of(connector: Mapping[str, Any]) -> str:
    """Return a connector's digest. Any other text or order of keys has another one."""
    return hashlib.sha256(json.dumps(connector, ensure_ascii=True).encode()).hexdigest()


def state_of(entry: "Entry | None") -> State:
    """Return the parts of an entry that matter for a run."""
    return None if entry is None else (entry.kind, entry.value, entry.created, entry.version)


def is_same(one: RunTarget | None, other: RunTarget | None) -> bool:
    """Return True for the same connector of the same file, whatever its text."""
    return one is not None and other is not None and one.key == other.key


def changes(run: Run, present: Present) -> tuple[str, ...]:
    """Return the differences from the screen now, in a few words each; () without any."""
    found: list[str] = []
    if not is_same(run.target, present.target):
        found.append("another connector is chosen")
    elif present.target is not None:
        if run.digest and run.digest != digest_of(present.target.data):
            found.append("the connector changed")
        if not run.dropped and _given(run.typed) != _given(present.typed):
            found.append("the inputs changed")
    if run.community and run.community != present.community:
        found.append(f"the community is {one_line(present.community)}")
    elif present.states is not None:
        found += [
            f"{one_line(name)} changed"
            for name, state in run.states.items()
            if state != present.states.get(name)
        ]
    return tuple(found)


def _given(typed: Mapping[str, str]) -> dict[str, str]:
    return {key: text for key, text in typed.items() if text}
