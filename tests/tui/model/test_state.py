"""The Secrets list without a screen: rows, filter, order and masked cells."""

import subprocess
import sys
from datetime import UTC, datetime

import pytest

from strongroom.names import Kind
from strongroom.store.rows.listing import Entry
from strongroom.values.secret_value import MASK
from strongroom_tui.model.secrets.state import SecretsState

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def entry(name: str, kind: Kind = Kind.SECRET, **parts: str) -> Entry:
    changed = parts.get("changed", "2026-11-20T09:00:00Z")
    return Entry(
        name, kind, parts.get("note", ""), parts.get("expires", ""), parts.get("value"), changed, changed, 1
    )


@pytest.fixture
def state() -> SecretsState:
    made = SecretsState(lambda: NOW)
    made.load(
        [
            entry("weather_api_key", expires="2026-11-26"),
            entry("crm_url", Kind.VARIABLE, value="https://crm.example.com"),
            entry("slack_token", note="for weather alerts"),
            entry("old_key", expires="2026-01-01", changed="2025-01-01T00:00:00Z"),
        ],
        {"weather_api_key": ("Weather", "Forecast"), "crm_url": ("CRM",), "stripe_key": ("Charges",)},
        [("stripe_key", Kind.SECRET)],
    )
    return made


def names(state: SecretsState) -> list[str]:
    return [state.rows[i].name for i in state.view]


def cells(state: SecretsState, name: str) -> list[str]:
    index = state.index_of(name)
    assert index is not None
    return [cell.text for cell in state.cells(index)]


def test_missing_names_stand_first_and_the_rest_by_name(state: SecretsState) -> None:
    assert names(state) == ["stripe_key", "crm_url", "old_key", "slack_token", "weather_api_key"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("weather", ["slack_token", "weather_api_key"]),  # the note counts too
        ("WEATHER key", ["weather_api_key"]),
        ("wak", ["weather_api_key"]),  # letters in order, when nothing contains them
        ("kind:variable", ["crm_url"]),
        ("kind:secret", ["old_key", "slack_token", "weather_api_key"]),
        ("kind:missing", ["stripe_key"]),
        ("missing", ["stripe_key"]),
        ("unused", ["old_key", "slack_token"]),
        ("expiring", ["old_key", "weather_api_key"]),
        ("kind:nothing", []),
        ("zzz", []),
        ("", ["stripe_key", "crm_url", "old_key", "slack_token", "weather_api_key"]),
    ],
)
def test_a_query_narrows_the_list(state: SecretsState, query: str, found: list[str]) -> None:
    state.filter(query)
    assert names(state) == found


def test_a_query_is_never_read_as_a_pattern(state: SecretsState) -> None:
    for query in (".*", "[", "(", "\\"):
        state.filter(query)
        assert names(state) == []


def test_a_locked_list_shows_the_mask_alone_and_a_variable_in_full(state: SecretsState) -> None:
    state.put_hint("weather_api_key", "w" + MASK)
    assert cells(state, "weather_api_key")[2] == MASK
    assert cells(state, "crm_url")[2] == "https://crm.example.com"


def test_an_unlocked_list_shows_the_hints_it_was_given_until_it_is_locked(state: SecretsState) -> None:
    state.unlocked = True
    index = state.index_of("weather_api_key")
    assert index is not None
    assert state.wants_hint(index) == "weather_api_key"
    state.put_hint("weather_api_key", "w" + MASK)
    assert state.wants_hint(index) is None
    assert cells(state, "weather_api_key")[2] == "w" + MASK
    state.lock()
    assert cells(state, "weather_api_key")[2] == MASK


def test_variables_and_missing_names_want_no_hint(state: SecretsState) -> None:
    state.unlocked = True
    for name in ("crm_url", "stripe_key"):
        index = state.index_of(name)
        assert index is not None
        assert state.wants_hint(index) is None


def test_a_hint_of_an_older_version_is_dropped(state: SecretsState) -> None:
    state.unlocked = True
    state.put_hint("old_key", "o" + MASK)
    newer = [entry("old_key")._replace(version=2)]
    state.load(newer, {})
    assert cells(state, "old_key")[2] == MASK


def test_the_cells_say_uses_age_and_expiry(state: SecretsState) -> None:
    assert cells(state, "weather_api_key")[3:] == ["2", "! in 3 d", "3 d"]
    assert cells(state, "old_key")[3:] == ["–", "! expired", "1 yr"]


def test_the_expiry_column_is_there_only_when_something_expires(state: SecretsState) -> None:
    assert "expires" in [column.title for column in state.columns]
    state.load([entry("plain")], {})
    assert "expires" not in [column.title for column in state.columns]
    assert len(state.cells(0)) == len(state.columns)


def test_the_order_goes_round_the_columns(state: SecretsState) -> None:
    orders = [state.next_order() for _ in range(5)]
    assert orders == ["kind", "used by", "changed", "expires", "name"]
    state.next_order()
    state.next_order()
    assert names(state)[:2] == ["stripe_key", "weather_api_key"]  # missing, then by the number of uses


def test_a_columns_title_sorts_by_it_and_again_the_other_way_round(state: SecretsState) -> None:
    assert state.sort_by("expires") == "expires"
    assert names(state)[:2] == ["old_key", "weather_api_key"]
    assert "expires ▴" in [column.title for column in state.columns]
    assert state.sort_by("expires").startswith("expires, the other way")
    assert names(state)[-2:] == ["old_key", "stripe_key"]
    assert "expires ▾" in [column.title for column in state.columns]
    assert state.sort_by("value") == ""


def test_a_selection_skips_missing_names_and_outlives_the_filter_but_not_the_entry(
    state: SecretsState,
) -> None:
    state.select(range(len(state)))
    assert "stripe_key" not in state.selected
    state.filter("slack")
    assert [row.name for row in state.selected_rows()] == [
        "crm_url",
        "old_key",
        "slack_token",
        "weather_api_key",
    ]
    state.toggle(0)
    state.load([entry("old_key"), entry("slack_token")], {})
    assert state.selected == {"old_key"}


def test_a_filter_stays_when_the_rows_change(state: SecretsState) -> None:
    state.filter("crm")
    state.load([entry("crm_a"), entry("other")], {})
    assert names(state) == ["crm_a"]


def test_control_characters_of_a_variable_cannot_reach_the_terminal() -> None:
    state = SecretsState(lambda: NOW)
    state.load([entry("v", Kind.VARIABLE, value="a\x1b[2Jb\nc\u202ed")], {})
    assert state.cells(0)[2].text == "a␛[2Jb⏎c\ufffdd"


def test_the_state_needs_no_textual() -> None:
    code = "import strongroom_tui.model.secrets.state, sys; print('textual' in sys.modules, 'rich' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]
