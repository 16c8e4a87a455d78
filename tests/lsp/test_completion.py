"""Completion of names, with the cursor marked in the text."""

import json

import pytest

from strongroom_lsp.protocol.capabilities import Client

CLIENT = Client(label_details=True, markdown_completion=True)


@pytest.fixture
def complete(open_at, names):
    from strongroom_lsp.features.completing.name_completion import complete_names

    def completed(marked, client=CLIENT, known=names):
        return complete_names(*open_at(marked, "utf-32"), known, client)

    return completed


@pytest.fixture
def labels(complete):
    return lambda marked: [item.label for item in complete(marked)]


def applied(marked, item):
    """The text after the item's edit; the documents here are read line by line."""
    lines = marked.replace("‸", "").split("\n")
    place = item.text_edit.range
    assert place.start.line == place.end.line
    line = lines[place.start.line]
    lines[place.start.line] = (
        line[: place.start.character] + item.text_edit.new_text + line[place.end.character :]
    )
    return "\n".join(lines)


@pytest.mark.parametrize(
    "template",
    [
        "Bearer {{ get_secret('‸') }}",
        "Bearer {{ get_secret('api‸') }}",
        "Bearer {{ get_secret('a‸pi_key') }}",
        "Bearer {{ get_secret('‸",
        "Bearer {{ get_secret('api‸",
        "{{get_secret('‸')}}",
        '{{ get_secret("‸") }}',
        "é🙂 {{ get_secret( '‸' ) }}",
    ],
)
def test_secrets_are_offered_inside_the_quotes(labels, registry, template):
    assert labels(registry(template)) == ["api_key", "webhook_secret"]


def test_a_file_that_ends_in_the_middle_of_the_name_is_enough(labels, registry):
    text = registry("Bearer {{ get_secret('api‸")
    assert labels(text[: text.index("‸") + 1]) == ["api_key", "webhook_secret"]


def test_variables_are_offered_to_get_variable(labels, registry):
    assert labels(registry("{{ get_variable('‸') }}")) == ["base_url"]


@pytest.mark.parametrize(
    "template",
    [
        "‸",
        "{{ ‸ }}",
        "{{ '‸' }}",
        "{{ get_secret('api_key')‸ }}",
        "{{ get_secret('api_key') ~ '‸' }}",
        "{{ other('‸') }}",
        "{# get_secret('‸') #}",
    ],
)
def test_nothing_is_offered_anywhere_else(labels, registry, template):
    assert labels(registry(template)) == []


def test_nothing_is_offered_in_other_json_strings(labels, registry):
    assert labels(registry(field='"description": "get_secret(\'‸\')"')) == []


@pytest.mark.parametrize("template", ["{{ get_secret(‸) }}", "{{ get_secret( ‸", "{{ 'x' ~ get_secret(‸"])
def test_where_there_are_no_quotes_yet_a_name_brings_them(complete, registry, template):
    marked = registry(template)
    item = complete(marked)[0]
    assert item.label == "api_key"
    value = json.loads(applied(marked, item))["connectors"][0]["headers"][0]["value"]
    assert value == template.replace("‸", "'api_key'")


def test_names_of_another_community_are_never_offered(labels, registry):
    assert "staging_key" not in labels(registry("{{ get_secret('‸') }}"))


@pytest.mark.parametrize(
    "template", ["{{ get_secret('‸') }}", "{{ get_secret('wro‸ng') }}", '🙂{{ get_secret("old‸") }}']
)
def test_the_edit_replaces_the_whole_name(complete, registry, template):
    marked = registry(template)
    text = applied(marked, complete(marked)[0])
    value = json.loads(text)["connectors"][0]["headers"][0]["value"]
    assert "api_key" in value
    assert "wro" not in value
    assert "old" not in value


def test_a_name_is_written_as_json_wants_it(complete, registry, names):
    from strongroom.names import Kind, Name

    odd = names._replace(by_name={'a"b': Name('a"b', Kind.SECRET)})
    marked = registry("{{ get_secret('‸') }}")
    (item,) = complete(marked, known=odd)
    assert "get_secret('a\"b')" in json.loads(applied(marked, item))["connectors"][0]["headers"][0]["value"]


def test_an_item_tells_kind_community_note_and_expiry(complete, registry):
    item = complete(registry("{{ get_secret('‸') }}"))[0]
    assert item.detail == "Secret · production · expires 2027-01-31"
    assert item.label_details.description == "Secret · production"
    assert item.filter_text == "api_key"


def test_a_plain_client_gets_no_label_details(complete, registry):
    assert complete(registry("{{ get_secret('‸') }}"), client=Client())[0].label_details is None


@pytest.mark.parametrize(
    ("template", "after"),
    [
        ("{{ get_secret(‸) }}", "{{ get_secret('api_key') }}"),
        ("{{ get_secret(‸'x') }}", "{{ get_secret('api_key') }}"),
        ("{{ get_secret(‸ 'x') }}", "{{ get_secret('api_key') }}"),
        ("{{ get_secret(‸x) }}", "{{ get_secret('api_key') }}"),
    ],
)
def test_a_name_takes_the_place_of_what_the_parentheses_hold(complete, registry, template, after):
    marked = registry(template)
    assert applied(marked, complete(marked)[0]) == registry(after)
