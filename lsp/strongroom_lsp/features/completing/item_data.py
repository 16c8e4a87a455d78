"""Keep in a completion item what its documentation is made from.

The client sends it back when it asks for the documentation (`CompletionItem.data`).
"""

from typing import Final, NamedTuple, Self

from lsprotocol import types


class ItemData(NamedTuple):
    """Hold a document, the kind of item, and the item's name or its text."""

    uri: str
    kind: str
    text: str

    @classmethod
    def of(cls, item: types.CompletionItem) -> Self:
        """Return the data of an item.

        Data that the server did not write count as missing.
        """
        match item.data:
            case {"uri": str(uri), "kind": str(kind), "text": str(text)}:
                return cls(uri, kind, text)
        return cls("", "", "")

    def as_json(self) -> dict[str, str]:
        """Return the data as the client gets it."""
        return {"uri": self.uri, "kind": self.kind, "text": self.text}


NAME: Final = "name"
WORD: Final = "word"
TEXT: Final = "text"
"""The kinds: a secret or variable, a word of templates, and an item whose text is its documentation."""
