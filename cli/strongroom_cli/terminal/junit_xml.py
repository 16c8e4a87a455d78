"""Write text into a JUnit report."""

from xml.sax.saxutils import quoteattr

from strongroom.text.terminal import visible


def attribute(text: str) -> str:
    """Return text as an attribute's value, with its quotes.

    XML cannot have most control characters, so the characters that `visible` shows are written.
    """
    return quoteattr(visible(text))
