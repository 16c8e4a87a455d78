"""Complete and explain calls: `|` is the cursor."""

import pytest

from core.validator.widget_code import REGISTRY
from strongroom.document import Document
from strongroom.validator.calls.connectors import known_connectors
from strongroom.widgets.code import WidgetCode
from strongroom.widgets.slots import slot_at
from strongroom.widgets.suggestions import explanation, suggestions

KNOWN = known_connectors([Document.parse(REGISTRY)])
CALL = "sdk.connectors.execute({"


def completed(marked, path="app.ts"):
    """Return label -> the code after the suggestion was taken, with the cursor's line only."""
    offset = marked.index("|")
    text = marked.replace("|", "", 1)
    slot = slot_at(WidgetCode(path, text), offset)
    if slot is None:
        return {}
    return {one.label: text[: slot.start] + one.text + text[slot.end :] for one in suggestions(slot, KNOWN)}


@pytest.mark.parametrize("after", ["' })", "'", "", ", method: 'GET' })"])
def test_permalinks_are_completed_in_quotes_and_without(after):
    found = completed(f"{CALL} permalink: 'n|{after}")
    assert list(found) == ["news", "add-topic", "topic", "both"]
    assert found["news"] == f"{CALL} permalink: 'news{after}"


def test_what_is_there_already_is_replaced():
    assert completed(f'{CALL} permalink: "ne|ws-old" }})')["topic"] == f'{CALL} permalink: "topic" }})'
    assert completed(f"{CALL} permalink: | }})")["news"] == f'{CALL} permalink: "news" }})'
    assert completed(f"{CALL} permalink: `n|` }})")["news"] == f"{CALL} permalink: `news` }})"


def test_a_call_of_a_composite_is_given_composites():
    assert list(completed("sdk.connectors.composite.execute({ permalink: '|' })")) == ["profile", "both"]


def test_the_method_is_the_connector_s():
    assert list(completed(f"{CALL} permalink: 'add-topic', method: '|' }})")) == ["POST"]
    assert list(completed(f"{CALL} method: '|', permalink: 'both' }})")) == ["PUT"]
    assert "DELETE" in completed(f"{CALL} permalink: x, method: '|' }})")


def test_options_are_those_that_are_missing():
    found = completed(f"{CALL}\n  permalink: 'news',\n  |\n}})")
    assert list(found) == ["method", "payload", "queryParams", "pathParams", "headers"]
    assert found["method"] == f"{CALL}\n  permalink: 'news',\n  method: \n}})"
    assert completed(f"{CALL} me|: 'GET' }})")["method"] == f"{CALL} method: 'GET' }})"
    assert list(completed("s.connectors.composite.execute({ p| })")) == [
        "permalink",
        "payload",
        "queryParams",
    ]


def test_parameters_are_those_of_the_connector():
    found = completed(f"{CALL} permalink: 'topic', method: 'GET', pathParams: {{ | }} }})")
    assert found["topicId"].endswith("pathParams: { topicId:  } })")
    assert list(completed(f"{CALL} permalink: 'topic', pathParams: {{ topicId: 1, l| }} }})")) == ["lang"]
    assert list(completed(f"{CALL} pathParams: {{ '|': 1 }}, permalink: 'topic' }})")) == ["topicId", "lang"]
    assert completed(f"{CALL} permalink: 'news', queryParams: {{ | }} }})") == {}


@pytest.mark.parametrize(
    "text",
    [
        "const x = '|'",
        "fetch({ permalink: '|' })",
        f"// {CALL} permalink: '|' }})",
        f"{CALL} // |",
        f"{CALL} payload: '|' }})",
        f"{CALL} payload: {{ | }} }})",
        f"{CALL} permalink: 'news' }}, |)",
        f"{CALL} permalink: 'news', method: 'GET' }}); connectors|",
        "|",
    ],
)
def test_elsewhere_nothing_is_completed(text):
    assert completed(text) == {}


def test_code_in_html_is_completed_and_the_text_around_it_is_not():
    assert "news" in completed(f"<p>it's</p><script>{CALL} permalink: '|' }})</script>", "a.html")
    assert completed(f"<p>{CALL} permalink: '|' }})</p>", "a.html") == {}


def explained(marked):
    offset = marked.index("|")
    text = marked.replace("|", "", 1)
    found = explanation(WidgetCode("app.ts", text), offset, KNOWN)
    return (found.text, text[found.start : found.end]) if found is not None else None


def test_a_permalink_is_explained_by_its_connector():
    text, place = explained(f"{CALL} permalink: 'to|pic', method: 'GET' }})")
    assert place == "'topic'"
    assert "connector `Topic`" in text
    assert "Path parameters: `topicId`, `lang`" in text
    assert explained(f"const P = 'topic'; {CALL} permalink: P|, method: 'GET' }})")[1] == "P"
    assert "No connector" in explained(f"{CALL} permalink: 'c|rm', method: 'GET' }})")[0]


def test_options_and_path_parameters_are_explained():
    assert "as an object" in explained(f"{CALL} permalink: 'x', pay|load: {{}} }})")[0]
    text, _ = explained(f"{CALL} permalink: 'topic', method: 'GET', pathParams: {{ topic|Id: 1 }} }})")
    assert "Every call needs it." in text
    assert explained(f"x(); {CALL} permalink: 'x' }}); y|()") is None
