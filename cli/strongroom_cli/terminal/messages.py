"""Write sentences to standard error, beside the output of a command."""

import sys

from strongroom.text.terminal import visible


def say(sentence: str, *details: str) -> None:
    """Write a sentence to standard error, and its details indented below it."""
    lines = [f"strongroom: {visible(sentence)}", *(f"  {visible(detail)}" for detail in details)]
    print("\n".join(lines), file=sys.stderr, flush=True)
