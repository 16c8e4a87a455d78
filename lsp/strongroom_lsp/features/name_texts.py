"""Describe a secret or a variable for completion and hover."""

import re
from typing import Final

from strongroom.names import Kind, Knowledge, Name, Names

KIND_WORD: Final = {Kind.SECRET: "Secret", Kind.VARIABLE: "Variable"}

_MARKDOWN: Final = re.compile(r"([\\`*_{}\[\]<>()#+\-.!|~])")
_TICKS: Final = re.compile(r"`+")


def headline(name: Name, names: Names) -> str:
    """Return the kind, and the community if there is one: "Secret · production"."""
    return " · ".join(part for part in (KIND_WORD[name.kind], names.community) if part)


def facts(name: Name, is_markdown: bool) -> str:
    """Return the note, the expiry and a variable's value, a paragraph each.

    Nothing of a secret's value is in it, because `Names` has the values of variables only.
    """
    parts = [escaped(name.note) if is_markdown else name.note]
    if name.expires:
        parts.append(f"Expires {name.expires}.")
    if name.kind is Kind.VARIABLE and name.value is not None:
        parts.append(f"Value:\n\n{code_block(name.value)}" if is_markdown else f"Value: {name.value}")
    return "\n\n".join(part for part in parts if part)


def unknown_text(name: str, names: Names) -> str:
    """Return what can be said about a name that is not in the list."""
    if names.knowledge is Knowledge.COMPLETE:
        owner = f'The community "{names.community}"' if names.community else "The names list"
        return f'{owner} has no name "{name}" (according to {names.source}).'
    if names.knowledge is Knowledge.PARTIAL:
        return f'The names list ({names.source}) has no name "{name}", but it may be incomplete.'
    looked = "; ".join(names.looked)
    return "No list of names was found." + (f" Looked at: {looked}." if looked else "")


def escaped(text: str) -> str:
    """Return plain text as Markdown that shows exactly the text."""
    return _MARKDOWN.sub(r"\\\1", text).replace("\n", "  \n")


def code_block(text: str) -> str:
    """Return text in a Markdown fence that the text cannot close."""
    longest = max((len(run) for run in _TICKS.findall(text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}text\n{text}\n{fence}"
