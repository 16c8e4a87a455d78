"""Describe a test case: one call of a connector, and expectations of its answer."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from strongroom.resolver.terms.inputs import Inputs


class Case(NamedTuple):
    """Hold one test of a file, ready to run.

    Paths are absolute; `line` counts from 1.
    """

    name: str
    connector: str
    """The permalink or the name that the test gives."""
    file: str
    line: int
    inputs: Inputs
    expect: Mapping[str, Any]
    """The expectations as the file has them.

    `strongroom.testcases.keys` lists all that are possible.
    """
    recorded: str
    """The file of recorded answers, which may be missing."""
    community: str | None = None
    tags: tuple[str, ...] = ()
    skip: str | None = None
    """The reason why it is left out, "" for no reason; None if it is not left out."""


class CaseProblem(NamedTuple):
    """Report a mistake in a file of test cases.

    `line` and `column` count from 1, in code points.
    """

    file: str
    line: int
    column: int
    message: str
    way_out: str = ""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.message} {self.way_out}".rstrip()
