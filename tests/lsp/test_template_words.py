"""Completion of functions, context names, fields and filters."""

import pytest

from strongroom_lsp.protocol.capabilities import Client


@pytest.fixture
def words(open_at):
    from strongroom_lsp.features.completing.template_words import complete_words

    def words(marked, client=Client()):  # noqa: B008
        return complete_words(*open_at(marked, "utf-32"), client)

    return words


@pytest.fixture
def labels(words):
    return lambda marked: [item.label for item in words(marked)]


def test_a_header_has_secrets_and_a_url_has_path_parameters(labels, registry):
    header = labels(registry("Bearer {{ ‸ }}"))
    assert "get_secret" in header
    assert "pathParams" not in header
    url = labels('{"name": "x", "url": "https://a.example/{{ ‸ }}"}')
    assert "pathParams" in url
    assert "get_secret" not in url


def test_a_step_sees_the_steps_before_it(labels):
    step = '{"composite_connectors": [{"name": "x", "steps": [{"name": "a", "url": "https://a.example/{{ ‸ }}"}]}]}'
    assert {"steps", "request"} <= set(labels(step))
    assert "body_text" not in labels(step)


@pytest.mark.parametrize(
    ("template", "some"),
    [
        ("{{ user.‸ }}", "email"),
        ("{{ user.em‸ }}", "email"),
        ("{{ user.profile_fields.‸ }}", "by_id"),
        ("{{ body_text | ‸ }}", "from_json"),
        ("{{ body_text|from‸ }}", "from_json"),
        ("{% if ‸ %}", "user"),
        ("{{ 'a}}b' ~ ‸ }}", "user"),
        ("{# a #}{{ ‸ }}", "user"),
        ("{{ now() }} {{ us‸", "user"),
    ],
)
def test_what_fits_the_place_is_offered(labels, registry, template, some):
    assert some in labels(registry(template))


@pytest.mark.parametrize(
    "template", ["‸", "{{ user }} ‸", "{{ 'a‸' }}", '{{ "a‸', "{# ‸ #}", "{{ user.email.‸ }}", "{{ f().‸ }}"]
)
def test_nothing_is_offered_elsewhere(labels, registry, template):
    assert labels(registry(template)) == []


def test_a_field_is_not_told_to_be_the_name_that_it_shares(words):
    step = (
        '{"composite_connectors": [{"steps": [{"name": "a", "url": "https://a.example/{{ request.‸ }}"}]}]}'
    )
    assert {item.label: (item.data, item.detail) for item in words(step)}["body_text"] == (None, None)


def test_what_was_begun_is_replaced(words, registry):
    item = next(item for item in words(registry("{{ get_se‸ }}")) if item.label == "get_secret")
    place = item.text_edit.range
    assert place.end.character - place.start.character == len("get_se")
    assert item.text_edit.new_text == "get_secret"


def test_a_client_with_snippets_gets_the_quotes_too(words, registry):
    items = words(registry("{{ ‸ }}"), Client(snippets=True))
    texts = {item.label: item.text_edit.new_text for item in items}
    assert texts["get_secret"] == "get_secret('$1')"
    assert texts["tenant_id"] == "tenant_id"


def accepted(marked, item):
    """The text after an item, which is on one line, was accepted."""
    text = marked.replace("‸", "")
    lines = text.split("\n")
    place = item.text_edit.range
    line = lines[place.start.line]
    lines[place.start.line] = (
        line[: place.start.character] + item.text_edit.new_text + line[place.end.character :]
    )
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("template", "name", "after"),
    [
        ("{{ get_sec‸('x') }}", "get_secret", "{{ get_secret('x') }}"),
        ("{{ get_sec‸ ('x') }}", "get_secret", "{{ get_secret ('x') }}"),
        ("{{ get_sec‸ret('x') }}", "get_secret", "{{ get_secret('x') }}"),
        ("{{ ‸get_variable('x') }}", "get_secret", "{{ get_secret('x') }}"),
        ("{{ get_sec‸ }}", "get_secret", "{{ get_secret('$1') }}"),
        ("{{ get_sec‸", "get_secret", "{{ get_secret('$1') }}$0"),
        ("{{ get_sec‸ and {{ user.email }}", "get_secret", "{{ get_secret('$1') }}$0 and {{ user.email }}"),
        ("{{ get_sec‸ ~ '}}' }}", "get_secret", "{{ get_secret('$1') ~ '}}' }}"),
        ("{{ x | to‸json }}", "tojson", "{{ x | tojson }}"),
        ("{{ x | ‸tojson | safe }}", "from_json", "{{ x | from_json | safe }}"),
        ("{{ user.em‸ail }}", "email", "{{ user.email }}"),
        ("{{ user.profile_fields.by‸_id }}", "by_id", "{{ user.profile_fields.by_id }}"),
        ("{% ‸", "if", "{% if"),
        ("{% e‸nd %}", "endif", "{% endif %}"),
        ("{%- f‸or x in y %}", "for", "{%- for x in y %}"),
    ],
)
def test_what_stands_behind_the_cursor_is_not_written_twice(words, registry, template, name, after):
    marked = registry(template)
    (item,) = [item for item in words(marked, Client(snippets=True)) if item.label == name]
    assert accepted(marked, item) == registry(after)


def test_a_statement_begins_with_its_word_and_with_no_function(labels, registry):
    assert {"if", "for", "set"} <= set(labels(registry("{% ‸ %}")))
    assert not {"get_secret", "user"} & set(labels(registry("{% ‸ %}")))
    assert "for" not in labels(registry("{% if ‸ %}"))


def test_a_client_that_can_is_asked_to_open_the_list_of_names(words, registry):
    command = "editor.action.triggerSuggest"
    client = Client(snippets=True, commands=frozenset({command}))
    found = {item.label: item.command for item in words(registry("{{ get_sec‸ }}"), client)}
    assert found["get_secret"].command == command
    assert found["user"] is None
    assert all(item.command is None for item in words(registry("{{ get_sec‸ }}"), Client(snippets=True)))


def test_a_quoted_member_is_replaced_to_its_end(words):
    marked = (
        '{"name": "x", "url": "https://a.example/{{ pathParams[\'top‸icId\'] }}", '
        '"path_parameters": [{"key": "topicId"}]}'
    )
    (item,) = words(marked)
    assert accepted(marked, item) == marked.replace("‸", "")
