"""Hover over a name."""

import pytest

from strongroom.names import NO_NAMES, Knowledge
from strongroom_lsp.protocol.capabilities import Client

MARKDOWN = Client(markdown_hover=True)


@pytest.fixture
def hovered(open_at, names):
    from strongroom_lsp.features.hover import hover_at

    def text(marked, client=MARKDOWN, known=names):
        found = hover_at(*open_at(marked), known, client)
        return None if found is None else found.contents.value

    return text


def test_a_secret_shows_kind_community_note_and_expiry(hovered, registry):
    text = hovered(registry("Bearer {{ get_secret('api‸_key') }}"))
    text = hovered(registry("Bearer {{ get_secret('api‸_key') }}"))
    message = "`api_key`: Secret · production\n\nFor the \\*orders\\* API\n\nExpires 2027-01-31."
    assert text == f"{message}\n\nNot in staging\\."


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
    assert 'The community "production" has no name "nope"' in hovered(marked, client=Client())
    assert "may be incomplete" in hovered(
        marked, client=Client(), known=names._replace(knowledge=Knowledge.PARTIAL)
    )
    assert "No list of names was found" in hovered(marked, client=Client(), known=NO_NAMES)


def test_a_secret_where_none_resolves_is_told_where_it_would_and_why(hovered):
    text = hovered(
        '{"name": "x", "url": "https://a.example/{{ get_secret(\'api‸_key\') }}"}', client=Client()
    )
    assert "get_secret does not work in url, only in headers, query_parameters and authentication." in text
    assert "URLs end up in logs." in text


@pytest.mark.parametrize(
    ("marked", "some"),
    [
        ("{{ jwt_enc‸ode('x') }}", "A signed JWT"),
        ("{{ x | from_‸json }}", "invalid JSON fails the run"),
        ("{{ x | upp‸er }}", "upper case"),
        ("{{ us‸er.email }}", "signed-in person"),
    ],
)
def test_functions_names_and_filters_are_explained(hovered, registry, marked, some):
    assert some in hovered(registry(marked), client=Client())


def test_a_field_is_explained_at_its_key(hovered):
    text = hovered('{"name": "x", "url": "https://a.example", "meth‸od": "GET"}', client=Client())
    assert text.startswith("method: The HTTP method")
    assert "One of GET, POST" in text


@pytest.mark.parametrize(
    "template", ["‸text", "{{ user.em‸ail }}", "{{ get_secret('‸') }}", "{{ get_secret('api_key') ‸}}"]
)
def test_there_is_nothing_to_say_elsewhere(hovered, registry, template):
    assert hovered(registry(template)) is None


def test_the_range_is_the_name(open_at, names, registry):
    from strongroom_lsp.features.hover import hover_at

    marked = registry("🙂{{ get_secret('api‸_key') }}")
    opened, offset = open_at(marked, "utf-8")
    place = hover_at(opened, offset, names, MARKDOWN).range
    line = marked.replace("‸", "").split("\n")[place.start.line].encode()
    assert line[place.start.character : place.end.character] == b"api_key"
