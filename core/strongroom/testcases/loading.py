"""Read files of test cases: the cases in them, and every mistake with its place."""

import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from strongroom.resolver.terms.inputs import Inputs
from strongroom.settings.loading import FILE_NAME
from strongroom.testcases.cases import Case, CaseProblem
from strongroom.testcases.expressions import BadExpression, check_comparison, check_path
from strongroom.testcases.keys import SUFFIX
from strongroom.testcases.structure import Content, Problem, RawTest, read
from strongroom.testcases.toml_outline import Path
from strongroom.testcases.typed_inputs import named_file, plain_text
from strongroom.text.lines import LineIndex
from strongroom.workspace import UnreadableFile, read_text
from strongroom.workspace.files import read_bytes, walk_connector_files

_NAME: Final = re.compile(r"(?:.*[._-])?connectors(?:_registry)?\.tests\.toml", re.DOTALL)
_SLUG: Final = re.compile(r"[^a-z0-9]+")


class Loaded(NamedTuple):
    """Hold the cases of one or several files, and every mistake in them."""

    cases: tuple[Case, ...]
    problems: tuple[CaseProblem, ...]
    files: tuple[str, ...]


def is_test_path(path: str) -> bool:
    """Return True for the name of a connector file with `.tests.toml` at its end."""
    return _NAME.fullmatch(os.path.basename(path)) is not None


def case_file_of(connector_file: str) -> str:
    """Return the file of a connector file's cases, which may have to be made.

    `connectors.tests.toml` serves a whole folder; a file of the connector file's own stem comes before it.
    """
    folder, name = os.path.split(connector_file)
    own = os.path.join(folder, name.removesuffix(".json") + SUFFIX)
    shared = os.path.join(folder, "connectors" + SUFFIX)
    return shared if os.path.isfile(shared) and not os.path.isfile(own) else own


def find_test_files(folder: str) -> list[str]:
    """Return the files of test cases below a folder in a stable order.

    Files belong as connector files do: see `strongroom.workspace.belonging`.
    """
    found = walk_connector_files(folder, is_wanted=is_test_path)
    # A pattern of `include` puts in JSON files as well.
    return [path for path in found if path is not None and is_test_path(os.path.basename(path))]


def load(paths: Sequence[str]) -> Loaded:
    """Read the cases of these files.

    Raises `UnreadableFile` for one that cannot be read.
    """
    cases: list[Case] = []
    problems: list[CaseProblem] = []
    for path in paths:
        found = load_text(path, read_text(path))
        cases += found.cases
        problems += found.problems
    return Loaded(tuple(cases), tuple(problems), tuple(paths))


def load_text(path: str, text: str) -> Loaded:
    """Read the cases of one file's text.

    The files that it names are looked for in the folder of `path`.
    """
    content = read(text)
    reading = _Reading(os.path.abspath(path), content, LineIndex(text))
    cases = tuple(case for test in content.tests if (case := reading.case(test)) is not None)
    problems = sorted({*content.problems, *reading.problems})
    return Loaded(cases, tuple(_placed(path, problem, reading.lines) for problem in problems), (path,))


def _top(folder: str) -> str:
    """Return the repository's top, else the folder of the settings, else `folder`."""
    current, settings = folder, ""
    while not os.path.exists(os.path.join(current, ".git")):
        if not settings and os.path.isfile(os.path.join(current, FILE_NAME)):
            settings = current
        parent = os.path.dirname(current)
        if parent == current:
            return settings or folder
        current = parent
    return current


def _placed(path: str, problem: Problem, lines: LineIndex) -> CaseProblem:
    line, column = lines.position(problem.start)
    return CaseProblem(path, line + 1, column + 1, problem.message, problem.way_out)


class _Reading:
    def __init__(self, path: str, content: Content, lines: LineIndex) -> None:
        self.lines = lines
        self.problems: list[Problem] = []
        self._path = path
        self._folder = os.path.dirname(path)
        self._outline = content.outline

    def case(self, test: RawTest) -> Case | None:
        """Return the test as a case.

        If a part that it names cannot be used, note a problem and return None.
        """
        before = len(self.problems)
        data = test.data
        inputs = Inputs(
            query=_texts(data.get("query")),
            path_parameters=_texts(data.get("path_parameters")),
            headers=_texts(data.get("headers")),
            payload=self._payload(test),
        )
        if "user" in data:
            inputs = inputs._replace(user=self._user(test))
        if "tenant_id" in data:
            inputs = inputs._replace(tenant_id=data["tenant_id"])
        self._check_expressions(test)
        recorded = self._recorded(test)
        if len(self.problems) > before:
            return None
        skip = data.get("skip", False)
        return Case(
            test.name,
            test.connector,
            self._path,
            self.lines.position(test.start)[0] + 1,
            inputs,
            data.get("expect") or {},
            recorded,
            data.get("community"),
            tuple(data["tags"]),
            None if skip is False else "" if skip is True else str(skip),
        )

    def _recorded(self, test: RawTest) -> str:
        named = test.data.get("recorded")
        if named:
            return self._path_of(test, "recorded", named) or ""
        stem = os.path.basename(self._path).removesuffix(SUFFIX)
        slug = _SLUG.sub("-", test.name.lower()).strip("-")[:80] or f"test-{test.number + 1}"
        return os.path.join(self._folder, f"{stem}.recorded", f"{slug}.json")

    def _payload(self, test: RawTest) -> str | bytes:
        given = test.data.get("payload", "")
        if isinstance(given, str):
            path = named_file(given)
            return plain_text(given) if path is None else self._file(test, "payload", path) or b""
        return json.dumps(given, ensure_ascii=False, default=str)

    def _user(self, test: RawTest) -> Mapping[str, Any]:
        given = test.data["user"]
        if isinstance(given, dict):
            return given
        data = self._file(test, "user", given.removeprefix("@"))
        if data is None:
            return {}
        try:
            user = json.loads(data)
        except ValueError:
            user = None
        if not isinstance(user, dict):
            self._say(test, ("user",), f"{given} does not hold a JSON object.", "")
            return {}
        return user

    def _file(self, test: RawTest, key: str, name: str) -> bytes | None:
        path = self._path_of(test, key, name)
        if path is None:
            return None
        try:
            return read_bytes(path, name)
        except UnreadableFile as problem:
            self._say(test, (key,), problem.message, "Paths start at this file's folder.")
            return None

    def _path_of(self, test: RawTest, key: str, name: str) -> str | None:
        """Return the path of a named file, or None if it is outside the repository.

        Tests come with the repository, and such a file does not.
        """
        path = os.path.normpath(os.path.join(self._folder, name))
        if "\0" not in name:
            top = os.path.realpath(_top(self._folder))
            real = os.path.realpath(path)
            if real == top or real.startswith(os.path.join(top, "")):
                return path
        self._say(
            test, (key,), f"{name} is outside of this repository.", "Paths start at this file's folder."
        )
        return None

    def _check_expressions(self, test: RawTest) -> None:
        for path, text, is_comparison in _expressions(test.data.get("expect") or {}):
            try:
                (check_comparison if is_comparison else check_path)(text)
            except BadExpression as error:
                what = "a comparison" if is_comparison else "a JSONPath"
                self._say(test, path, f"This is not {what} (RFC 9535): {error}.", "")

    def _say(self, test: RawTest, path: Path, message: str, way_out: str) -> None:
        """Note a problem at the value in the test itself, or else in the defaults."""
        find = self._outline.find
        entry = find(("test", test.number, *path)) or find(("defaults", *path))
        entry = entry or self._outline.nearest(("test", test.number, *path))
        span = entry.value if entry is not None else (test.start, test.start)
        self.problems.append(Problem(*span, message, way_out))


def _expressions(expect: Mapping[str, Any]) -> Iterator[tuple[Path, str, bool]]:
    """Yield every path (False) and comparison (True) of the expectations.

    Each comes with its place in the test.
    """
    for index, check in enumerate(expect.get("body") or []):
        yield ("expect", "body", index, "path"), check["path"], False
    that = expect.get("that", [])
    if isinstance(that, str):
        yield ("expect", "that"), that, True
        return
    for index, text in enumerate(that):
        yield ("expect", "that", index), text, True


def _texts(given: Mapping[str, Any] | None) -> dict[str, str]:
    """Return values as a URL has them: true and false in small letters."""
    return {
        name: str(value).lower() if isinstance(value, bool) else str(value)
        for name, value in (given or {}).items()
    }


__all__ = ["Loaded", "UnreadableFile", "case_file_of", "find_test_files", "is_test_path", "load", "load_text"]
