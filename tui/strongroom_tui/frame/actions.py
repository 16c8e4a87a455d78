"""Register every action, for key bindings, footer, help and palette.

An action belongs to a tab. Its handler is the method `action_<id>` of the tab's widget: a key, the palette and the
help all run the same code.
"""

from collections.abc import Sequence
from enum import Enum
from typing import Final, NamedTuple

from textual.binding import Binding, BindingType

from strongroom_tui.frame.action_words import WORDS
from strongroom_tui.model.text.words import key_label, key_words
from strongroom_tui.model.why_not import Facts, why_not

FOOTER_KEYS: Final = 7
"""The most keys of the footer.

More are clipped at 80 columns. The others are under `?`.
"""


class Tab(Enum):
    """Name a tab. APP is for the actions that run in every tab.

    The value is the id of the widget that handles the action.
    """

    APP = "app"
    SECRETS = "secrets"
    CONNECTORS = "connectors"
    TEST = "test"

    @property
    def title(self) -> str:
        """Return the word on the tab."""
        return "Anywhere" if self is Tab.APP else self.value.capitalize()


class Action(NamedTuple):
    """Describe one action.

    `short` is the footer's word. An action without it is not in the footer.
    """

    id: str
    title: str
    keys: tuple[str, ...]
    tab: Tab
    short: str = ""

    @property
    def words(self) -> str:
        """Return the other words by which the action is found."""
        return f"{self.id.replace('_', ' ')} {WORDS.get(self.id, '')}"

    def why_not(self, facts: Facts) -> str | None:
        """Return why the action does not apply now, or None if it does."""
        return why_not(self.tab.value, self.id, facts)

    @property
    def key(self) -> str:
        """Return the first key, as written on screen."""
        return key_label(self.keys[0]) if self.keys else ""


_S, _C, _T, _A = Tab.SECRETS, Tab.CONNECTORS, Tab.TEST, Tab.APP

ACTIONS: Final[tuple[Action, ...]] = (
    Action("new", "New secret or variable", ("n",), _S, "new"),
    Action("edit", "Edit the selected entry", ("e", "enter"), _S, "edit"),
    Action("reveal", "Reveal the value for a short time", ("r",), _S, "reveal"),
    Action("copy", "Copy the value for a short time", ("y",), _S, "copy"),
    Action("filter", "Filter the list", ("slash",), _S, "filter"),
    Action("delete", "Delete, after saying what would break", ("d", "delete"), _S),
    Action("rename", "Rename, here and where it is used", ("R", "f2"), _S),
    Action("test", "Test a connector that uses the selected entry", ("t",), _S),
    Action("history", "Earlier values: look at one, restore one", ("h",), _S),
    Action("undo", "Take the last change back", ("z",), _S),
    Action("redo", "Do again what was taken back", ("Z",), _S),
    Action("deleted", "Deleted entries: restore one, purge one", ("U",), _S),
    Action("expire", "Set when it expires", ("E",), _S),
    Action("select", "Select this row", ("space",), _S),
    Action("select_to", "Select from the last selected row to this one", ("V",), _S),
    Action("extend_down", "Extend the selection down", ("shift+down", "J"), _S),
    Action("extend_up", "Extend the selection up", ("shift+up", "K"), _S),
    Action("select_all", "Select all that is shown, or nothing", ("asterisk", "ctrl+a"), _S),
    Action("clear", "Clear the selection", ("escape",), _S),
    Action("import", "Import a .env, JSON or CSV file, or a bundle", ("i",), _S),
    Action("export", "Export the selected entries, or all", ("x",), _S),
    Action("sort", "Sort by the next column", ("s",), _S),
    Action("only_missing", "Show missing names only", ("m",), _S),
    Action("only_expiring", "Show what expires soon only", ("M",), _S),
    Action("open", "Open the file in your editor at the finding", ("o",), _C, "open"),
    Action("fix", "Apply the fix of the selected finding", ("f",), _C, "fix"),
    Action("fix_all", "Fix all, after a look at the difference", ("F",), _C, "fix all"),
    Action("test", "Test the selected connector", ("t",), _C, "test"),
    Action("make", "Make the missing secret or variable", ("m",), _C),
    Action("next_finding", "Next finding", ("n",), _C, "next"),
    Action("previous_finding", "Previous finding", ("N",), _C),
    Action("order", "Findings by rule, or by file", ("v",), _C),
    Action("fold", "Fold or unfold", ("enter", "space"), _C),
    Action("undo", "Take the last fix back", ("z",), _C),
    Action("redo", "Do the fix again that was taken back", ("Z",), _C),
    Action("rescan", "Read all files again", ("R",), _C),
    Action("filter", "Filter files, connectors and findings", ("slash",), _C),
    Action("zoom", "Give the pane in focus the whole screen, or back", ("plus",), _C),
    Action("whole", "Show the template at the cursor without JSON's escapes", ("W",), _C),
    Action("run", "Run the test", ("enter", "ctrl+r"), _T, "run"),
    Action("run_fresh", "Run the test without cached answers", ("f",), _T),
    Action("cancel", "Cancel the running test", ("escape",), _T),
    Action("pick", "Pick the connector to test", ("p",), _T, "pick"),
    Action("inputs", "Go to the inputs", ("i",), _T, "inputs"),
    Action("next_view", "Next part of the result", ("right_square_bracket",), _T, "next part"),
    Action("previous_view", "Previous part of the result", ("left_square_bracket",), _T),
    Action("all_tests", "Run all test cases", ("A",), _T, "run all"),
    Action("make", "Make the name that did not resolve, and run again", ("m",), _T),
    Action("save_case", "Save this call as a test case", ("s",), _T),
    Action("history", "Earlier runs: look at one, compare two", ("H",), _T),
    Action("curl", "Copy the request as a curl command", ("x",), _T),
    Action("find", "Find a text in the shown part", ("slash",), _T),
    Action("next_hit", "Next place that was found", ("n",), _T),
    Action("previous_hit", "Previous place that was found", ("N",), _T),
    Action("whole", "Show the value at the cursor whole", ("v",), _T),
    Action("zoom", "Give the pane in focus the whole screen, or back", ("plus",), _T),
    Action("show_secrets", "Go to Secrets", ("1",), _A),
    Action("show_connectors", "Go to Connectors", ("2",), _A),
    Action("show_test", "Go to Test", ("3",), _A),
    Action("community", "Switch the community", ("c",), _A, "community"),
    Action("compare", "Compare two communities: what is missing where", ("C",), _A),
    Action("unlock", "Unlock the vault", ("u",), _A),
    Action("lock", "Lock the vault", ("ctrl+l",), _A),
    Action("settings", "Settings", ("comma",), _A),
    Action("jump", "Jump: a letter for everything that can be reached", ("semicolon",), _A),
    Action("tour", "Take the tour", ("T",), _A),
    Action("theme", "Next theme: dark, light, monochrome", ("ctrl+t",), _A),
    Action("palette", "All actions", ("ctrl+p",), _A),
    Action("help", "Help: every key, searchable", ("question_mark", "f1"), _A, "help"),
    Action("suspend", "Suspend: back to the shell, until its fg", ("ctrl+z",), _A),
    Action("quit", "Quit", ("q", "ctrl+q"), _A),
)


def of(tab: Tab, actions: Sequence[Action] = ACTIONS) -> tuple[Action, ...]:
    """Return the actions of exactly this tab, in the order in which people meet them."""
    return tuple(action for action in actions if action.tab is tab)


def bindings(tab: Tab) -> list[BindingType]:
    """Return Textual's key bindings of a tab."""
    return [
        # The id is what a key map replaces.
        Binding(key, action.id, action.title, show=False, id=f"{tab.value}.{action.id}")
        for action in of(tab)
        for key in action.keys
    ]


def footer(tab: Tab, actions: Sequence[Action] = ACTIONS) -> tuple[Action, ...]:
    """Return the actions of the bottom line: the tab's own, then community and help."""
    everywhere = [action for action in of(Tab.APP, actions) if action.short]
    own = [action for action in of(tab, actions) if action.short]
    return tuple(own[: FOOTER_KEYS - len(everywhere)] + everywhere)


def reachable(tab: Tab, *, all_tabs: bool = False, actions: Sequence[Action] = ACTIONS) -> tuple[Action, ...]:
    """Return the actions that run from `tab`: its own, then those of everywhere."""
    own = of(tab, actions) + (of(Tab.APP, actions) if tab is not Tab.APP else ())
    if not all_tabs:
        return own
    return own + tuple(action for action in actions if action not in own)


def key_tables() -> str:
    """Return the tables of `docs/app.md`: actions with keys and key map names."""
    lines: list[str] = []
    for tab in (Tab.SECRETS, Tab.CONNECTORS, Tab.TEST, Tab.APP):
        lines += [f"### {tab.title}", "", "| key | action | in `keys.toml` |", "|---|---|---|"]
        for action in of(tab):
            keys = ", ".join(f"`{key_words(key)}`" for key in action.keys)
            lines.append(f"| {keys} | {action.title} | `{action.id}` |")
        lines.append("")
    return "\n".join(lines)
