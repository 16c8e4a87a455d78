"""The lines below the source."""

from strongroom.document import Document
from strongroom.names import Kind, Knowledge, Name, Names
from strongroom.validator import validate
from strongroom.workspace import Source
from strongroom_tui.model.connectors.connector_details import finding_lines
from strongroom_tui.model.connectors.workspace_view import ConnectorFile

TEXT = """{"connectors": [{"name": "A", "url": "https://a.example.com/", "headers":
 [{"key": "X", "value": "{{ get_secret('%s') }}"}]}]}"""


def lines_about(written: str) -> list[list[tuple[str, str]]]:
    """Return the lines about the only finding of a connector that asks for this name."""
    names = Names(Knowledge.COMPLETE, {"weather_key": Name("weather_key", Kind.SECRET)}, "production")
    text = TEXT % written
    document = Document.parse(text)
    (finding,) = validate(document, names)
    file = ConnectorFile("c.json", "c.json", (0, 0), Source("c.json", text), document, (finding,))
    return finding_lines(file, finding, 80)


def test_a_name_and_the_near_one_are_below_each_other_with_what_differs_marked():
    lines = lines_about("wether_key")
    known = next(line for line in lines if line[0][0].startswith("known"))
    written = lines[lines.index(known) - 1]
    assert "".join(text for text, _ in written[1:]) == "wether_key"
    assert "".join(text for text, _ in known[1:]) == "weather_key"
    assert [(at, text) for at, (text, style) in enumerate(known[1:]) if style == "good"] == [(2, "a")]
    assert not any(style == "bad" for _, style in written[1:])


def test_a_name_that_is_not_valid_is_compared_as_well():
    assert any(line[0][0].startswith("known") for line in lines_about("weather-key"))


def test_a_name_that_cannot_be_shown_as_it_is_written_is_not_compared():
    assert not any(line[0][0].startswith("known") for line in lines_about("weather\\u001b_key"))
