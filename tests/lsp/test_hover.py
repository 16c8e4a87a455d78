"""Hover over a name."""

import pytest
from lsprotocol import converters, types

from strongroom.names import NO_NAMES, Knowledge
from strongroom_lsp.capabilities import Client

CONVERTER = converters.get_converter()
MARKDOWN = Client(markdown_hover=True)


@pytest.fixture
def hovered(open_at, names):
    from strongroom_lsp.hover import hover

    def text(marked, client=MARKDOWN, known=names):
        found = hover(*open_at(marked), known, client)
        return None if found is None else CONVERTER.structure(found, types.Hover).contents.value

    return text


def test_a_secret_shows_kind_community_note_and_expiry(hovered, registry):
    text = hovered(registry("Bearer {{ get_secret('api‸_key') }}"))
    text = hovered(registry("Bearer {{ get_secret('api‸_key') }}"))
    told = "`api_key`: Secret · production\n\nFor the \\*orders\\* API\n\nExpires 2027-01-31."
    assert text == f"{told}\n\nNot in staging\\."


def test_a_variable_shows_its_value_in_full_whatever_is_in_it(hovered, registry):
    text = hovered(registry("{{ get_variable('‸base_url') }}"))
    assert "````text\nhttps://api.example.com/```/v1\n````" in text


def test_plain_clients_get_plain_text(hovered, registry):
    text = hovered(registry("{{ get_variable('‸base_url') }}"), client=Client())
    assert (
        text == "base_url: Variable · production\n\nValue: https://api.example.com/```/v1\n\nNot in staging."
    )


def test_an_unknown_name_says_where_it_was_looked_for(hovered, registry, names):
    marked = registry("{{ get_secret('nope‸') }}")
    assert 'no "nope" in the community "production"' in hovered(marked, client=Client())
    assert "does not claim to be complete" in hovered(
        marked, client=Client(), known=names._replace(knowledge=Knowledge.PARTIAL)
    )
    assert "Nothing is known" in hovered(marked, client=Client(), known=NO_NAMES)


@pytest.mark.parametrize(
    "template", ["‸text", "{{ user.em‸ail }}", "{{ get_secret('‸') }}", "{{ get_secret('api_key') ‸}}"]
)
def test_there_is_nothing_to_say_elsewhere(hovered, registry, template):
    assert hovered(registry(template)) is None


def test_the_range_is_the_name(open_at, names, registry):
    from strongroom_lsp.hover import hover

    marked = registry("🙂{{ get_secret('api‸_key') }}")
    opened, offset = open_at(marked, "utf-8")
    place = CONVERTER.structure(hover(opened, offset, names, MARKDOWN), types.Hover).range
    line = marked.replace("‸", "").split("\n")[place.start.line].encode()
    assert line[place.start.character : place.end.character] == b"api_key"
