"""Echoes in one encoding over another: whatever an API does to what it repeats, the value is not in it."""

import base64
import html
import json
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import Markup

from end_to_end.canary_support import MARK, PLAIN, Search
from strongroom.resolver.masking.echoes import Echoes
from strongroom.values.secret_value import SecretValue

VALUE = f"start-{MARK}-{PLAIN}-end"
SEARCH = Search([MARK, PLAIN])


def htmlsafe(text: str) -> str:
    """As Jinja2's `tojson` writes it."""
    from jinja2.utils import htmlsafe_json_dumps

    return str(Markup(htmlsafe_json_dumps(text)))


ENCODERS = {
    "json": json.dumps,
    "json-utf8": lambda text: json.dumps(text, ensure_ascii=False),
    "tojson": htmlsafe,
    "percent": lambda text: quote(text, safe=""),
    "form": quote_plus,
    "html": html.escape,
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "base64url": lambda text: base64.urlsafe_b64encode(text.encode()).decode().rstrip("="),
    "hex": lambda text: text.encode().hex(),
    "latin-1": lambda text: text.encode().decode("latin-1"),
}
ENCODINGS = {"base64", "base64url", "hex"}


@settings(max_examples=150)
@given(
    st.lists(st.sampled_from(sorted(ENCODERS)), max_size=4).filter(
        lambda names: sum(name in ENCODINGS for name in names) <= 2 and names.count("latin-1") <= 1
    ),
    st.text(alphabet='ab .:{"é', max_size=5),
    st.text(alphabet='ab .:}"é', max_size=5),
)
def test_nothing_is_left_of_a_value_in_any_nesting(names: list[str], before: str, after: str) -> None:
    text = before + VALUE + after
    if "latin-1" in names:
        names = ["latin-1", *(name for name in names if name != "latin-1")]
    for name in names:
        text = ENCODERS[name](text)
    masked = Echoes([("k", SecretValue(VALUE))]).masked(f"[{text}]")
    assert not SEARCH.in_bytes(masked.encode()), (names, masked)


def test_what_is_no_echo_stays_as_it_is() -> None:
    texts = [
        json.dumps({"a": [1, "start", "end", {"b": "<p>&amp;%20\\u00e9"}]}),
        "x" * 100,
        base64.b64encode(b"nothing" * 9).decode(),
    ]
    for text in texts:
        assert Echoes([("k", SecretValue(VALUE))]).masked(text) == text


@pytest.mark.parametrize("name", ["base64", "hex"])
def test_only_the_encoded_text_is_masked_and_it_is_counted(name: str) -> None:
    echoes = Echoes([("k", SecretValue(VALUE))])
    masked = echoes.masked(
        json.dumps({"kept": "all of this", "echo": ENCODERS[name](json.dumps({"v": VALUE}))})
    )
    assert json.loads(masked)["kept"] == "all of this"
    assert echoes.found == {"k": 1}
