"""Text in a JUnit report."""

from xml.sax.saxutils import quoteattr

from strongroom_cli.terminal.style import visible


def attribute(text: str) -> str:
    """Return text as an attribute's value, with its quotes."""
    return quoteattr(plain(text))


def plain(text: str) -> str:
    """Return text that XML can hold. Because XML cannot write most control characters, their pictures replace them."""
    return "".join("\N{REPLACEMENT CHARACTER}" if c in "\ufffe\uffff" else c for c in visible(text))
