"""Names that are too long are cut so that they can still be told apart."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tui_support import ready, screen_text, see

from strongroom_tui.app import StrongroomApp
from strongroom_tui.model.secrets.apart import Apart
from strongroom_tui.model.text.words import shorten_middle

Make = Callable[..., StrongroomApp]
FILES = [f"austinlamb97__crm-{number}_connectors_registry.json" for number in range(1, 8)]
NAMES = [
    "Salesforce Create Case",
    "Salesforce Create Contact",
    "Salesforce Close Case",
    "Salesforce Create Case Note",
]


@given(
    st.lists(st.text(alphabet="abc-_/1", min_size=1, max_size=6), min_size=2, max_size=8, unique=True),
    st.text(alphabet="xyz/", min_size=0, max_size=30),
    st.text(alphabet="xyz.", min_size=0, max_size=30),
    st.integers(min_value=12, max_value=60),
)
def test_names_that_differ_in_one_place_stay_different(
    middles: list[str], before: str, after: str, width: int
) -> None:
    names = [f"{before}0{middle:1<6}2{after}" for middle in middles]
    names = list(dict.fromkeys(names))
    apart = Apart(names)
    cut = [apart.shorten(name, width) for name in names]
    assert len(set(cut)) == len(names)
    assert all(len(text) <= width for text in cut)


@given(st.lists(st.text(max_size=40), max_size=8), st.integers(min_value=1, max_value=50))
def test_no_name_is_longer_than_its_place_and_one_that_fits_is_whole(names: list[str], width: int) -> None:
    apart = Apart(names)
    for name in names:
        cut = apart.shorten(name, width)
        assert len(cut) <= width
        assert cut == name or len(name) > width


def test_the_middle_is_what_goes() -> None:
    assert shorten_middle("connectors_registry.json", 11) == "conne….json"
    assert [len(shorten_middle("abcdef", n)) for n in (1, 2, 3, 9)] == [1, 2, 3, 6]


@pytest.mark.parametrize("size", [(60, 18), (80, 24), (100, 30), (120, 40)])
async def test_files_and_connectors_with_long_names_are_told_apart_in_the_tree_and_in_the_list(
    size: tuple[int, int], make_app: Make, workspace: Path
) -> None:
    (workspace / "connectors_registry.json").unlink()
    for file in FILES:
        connectors = [
            {"name": name, "permalink": name.lower().replace(" ", "-"), "url": "https://a.example.com"}
            for name in NAMES
        ]
        (workspace / file).write_text(json.dumps({"connectors": connectors}))
    app = make_app()
    async with app.run_test(size=(size[0], 60)) as pilot:
        await ready(app, pilot)
        await pilot.press("2")
        await see(app, "crm-1")
        await pilot.press("plus")
        await see(app, "crm-7")
        rows = app.query_one("#tree").source  # type: ignore[attr-defined]
        text = screen_text(app)
        assert all(f"crm-{number}" in text for number in range(1, 8))
        for name in NAMES:
            assert any(name[-8:] in line or name in line for line in text.splitlines()), name
        assert len(rows)
        await pilot.press("3", "p")
        await see(app, "Test which connector?")
        assert all(f"crm-{number}" in screen_text(app) for number in range(1, 8))
