"""Find credentials written out in a file, and edits to reference secrets instead.

The value itself is not read here: `strongroom.workspace.literal_values` does that.
"""

from collections.abc import Collection, Iterator
from itertools import count
from typing import Final, Literal, NamedTuple

from strongroom.document import Document, Template
from strongroom.document.template_nodes import Node
from strongroom.names import NO_NAMES, Kind
from strongroom.platform.naming import is_valid_name
from strongroom.text.edits import Edit
from strongroom.text.slugs import slug
from strongroom.validator.engine import validate
from strongroom.validator.findings import Finding, Fix
from strongroom.validator.fixing import apply_together
from strongroom.validator.rules.shared import jwt_argument, resolves, signings

RULES: Final = frozenset({"literal-credential", "visible-credential"})
"""The rules that find credentials which are written out."""

_TAGS: Final = ("{{", "{%", "{#")
_FORMS: Final = {"text": "{{{{ {} }}}}", "number": '"{{{{ {} }}}}"', "expression": "{}"}
_WORDS: Final = {"value": "api_key"}


class LiteralCredential(NamedTuple):
    """Hold the place of a credential that is written out.

    It is a text between JSON's quotes, or the end of one; a number; or a text of a template, with its own quotes.
    `word` says what kind of credential it is, for the name of its secret: "api_key".
    """

    start: int
    end: int
    form: Literal["text", "number", "expression"]
    word: str
    connector: str

    def fix(self, name: str) -> Fix:
        """Return the fix that replaces the credential by a reference to the secret `name`."""
        call = _FORMS[self.form].format(f"{Kind.SECRET.function}('{name}')")
        title = f"Store it as the secret {name}, and reference it"
        return Fix(title, (Edit(self.start, self.end, call),), False)

    def name(self, taken: Collection[str]) -> str:
        """Return a name for the secret that is not taken: "weather_api_key"."""
        words = slug(self.connector).replace("-", "_")
        name = f"{words}_{self.word}"
        name = name if is_valid_name(name) and words else f"{self.word}_{words}".rstrip("_")
        return next(each for number in count(1) if (each := name + f"_{number}" * (number > 1)) not in taken)


def literals_in(document: Document) -> Iterator[LiteralCredential]:
    """Yield the credentials that are written out and can be replaced by a reference."""
    for finding in validate(document, NO_NAMES):
        if (literal := literal_of(document, finding)) is not None:
            yield literal


def literal_of(document: Document, finding: Finding) -> LiteralCredential | None:
    """Return the credential that a finding is about.

    Return None for other findings, where secrets do not resolve, and for a text with tags of a template.
    """
    if finding.rule not in RULES:
        return None
    template = document.template_at(finding.start)
    literal = _number(document, finding) if template is None else _text(template, finding)
    if literal is None or not apply_together(document, [literal.fix("name")]).edits:
        return None
    return literal


def signing_key_at(template: Template, offset: int) -> Node | None:
    """Return the key of `jwt_encode` that begins at a source offset."""
    keys = (jwt_argument(call, "key") for call in signings(template.content))
    return next((key for key in keys if key is not None and template.to_source(key.start) == offset), None)


def _number(document: Document, finding: Finding) -> LiteralCredential | None:
    if not document.text[finding.start : finding.end].strip("-+.eE0123456789"):
        return _literal(finding, "number")
    return None


def _text(template: Template, finding: Finding) -> LiteralCredential | None:
    content = template.content
    if template.is_damaged or not resolves(content, Kind.SECRET.function):
        return None
    if any(tag in template.text for tag in _TAGS):
        return _literal(finding, "expression") if signing_key_at(template, finding.start) else None
    return _literal(finding, "text")


def _literal(finding: Finding, form: Literal["text", "number", "expression"]) -> LiteralCredential:
    field = finding.data.get("field", "signing_key")
    return LiteralCredential(
        finding.start, finding.end, form, _WORDS.get(field, field), finding.connector or ""
    )
