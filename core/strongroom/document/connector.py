"""Show connectors, composites and steps as views on data and placed JSON values."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any, Final

from strongroom.document.json_reader import Reading, read_element
from strongroom.document.json_values import Path, StringValue, Value, label_of, pointer_of
from strongroom.document.template import Field, Template
from strongroom.platform.places import FieldPlace

_BODIES: Final = (
    ("url", FieldPlace.URL),
    ("request_body", FieldPlace.REQUEST_BODY),
    ("response_body", FieldPlace.RESPONSE_BODY),
)
_ROWS: Final = (("headers", FieldPlace.HEADER), ("query_parameters", FieldPlace.QUERY))


def rows_of(data: Mapping[str, Any], list_name: str) -> list[tuple[int, dict[str, Any]]]:
    """Return the rows of a list of headers or parameters, each with its index.

    A row that is not an object is left out.
    """
    rows = data.get(list_name)
    if not isinstance(rows, list):
        return []
    return [(index, row) for index, row in enumerate(rows) if isinstance(row, dict)]


def declared_path_parameters(data: Mapping[str, Any]) -> list[tuple[int, str]]:
    """Return the keys of the declared path parameters, each with its row's index."""
    rows = rows_of(data, "path_parameters")
    return [(index, key) for index, row in rows if isinstance(key := row.get("key"), str) and key]


def template_fields(data: dict[str, Any]) -> Iterator[tuple[FieldPlace, Path, str]]:
    """Yield (place, path, text) for each template field of a connector or step.

    The fields are those of PLATFORM §2.
    """
    for name, place in _BODIES:
        text = data.get(name)
        if isinstance(text, str):
            yield place, (name,), text
    for name, place in _ROWS:
        for index, row in rows_of(data, name):
            text = row.get("value")
            if isinstance(text, str):
                yield place, (name, index, "value"), text
    authentication = data.get("authentication")
    if type(authentication) is dict:
        # Every text of a config, at any depth, because claims and headers nest.
        waiting: list[tuple[Path, Any]] = [(("authentication", "config"), authentication.get("config"))]
        while waiting:
            path, part = waiting.pop()
            if isinstance(part, str):
                yield FieldPlace.AUTH, path, part
            elif type(part) is dict:
                waiting.extend([((*path, name), member) for name, member in part.items()])
            elif type(part) is list:
                waiting.extend([((*path, index), item) for index, item in enumerate(part)])


class Fragment:
    """Hold one connector as it was read, with offsets relative to its own start.

    `source` is its own text, and `key` the name of its array. `data` is the decoded object, which is shared and must
    not be changed. `is_sound` says that it is JSON without any remark. `is_damaged` says that broken JSON may hide a
    part of it.

    A fragment that `is_apart` reads the same in any text. So the documents of later edits keep it, and facts about a
    fragment hold as long as it exists.
    """

    def __init__(self, source: str, key: str, data: Any, reading: Reading | None = None) -> None:
        self.source = source
        self.key = key
        self.data = data
        self.is_sound = reading is None
        self.problems = () if reading is None else reading.problems
        self.is_damaged = not all(problem.is_harmless for problem in self.problems)
        self.is_apart = reading is None or reading.is_apart
        self._reading = reading

    @property
    def root(self) -> Value:
        """Return the connector's JSON object.

        The values of a sound connector are read when they are asked for.
        """
        if self._reading is None:
            self._reading = read_element(self.source)
        assert self._reading.root is not None, "a connector begins with a brace"
        return self._reading.root

    @property
    def is_composite(self) -> bool:
        """Return True if it is among the composites.

        The array says what an element is (PLATFORM §4). Outside of the two arrays, steps and no url make a composite.
        """
        if self.key:
            return self.key == "composite_connectors"
        return "steps" in self.data and "url" not in self.data

    def text_of(self, key: str) -> str:
        """Return the text of the member `key`; empty if it is missing or not a text."""
        return _text_of(self.data, key)


def _text_of(data: Any, key: str) -> str:
    found = data.get(key)
    return found if isinstance(found, str) else ""


class Connector:
    """Hold a connector, a composite connector, or a step of one.

    `path` leads to it from the object of its fragment, `base` is the source offset of the fragment, and `pointer` its
    own JSON Pointer. `data` is the decoded JSON object, which is shared and must not be changed.
    """

    def __init__(
        self, fragment: Fragment, base: int, pointer: str, path: Path = (), data: Any = None
    ) -> None:
        self.fragment = fragment
        self.base = base
        self.pointer = pointer
        self.path = path
        self.data = data if path else fragment.data
        self.is_composite = not path and fragment.is_composite

    @property
    def is_step(self) -> bool:
        """Return True for a step, whose template fields are also among its composite's."""
        return bool(self.path)

    @property
    def value(self) -> Value:
        """Return its JSON object."""
        return self.fragment.root.at(self.path)

    @property
    def start(self) -> int:
        """Return the source offset of its opening brace."""
        is_known = self.fragment.is_sound and not self.path
        return self.base if is_known else self.base + self.value.start

    @property
    def end(self) -> int:
        """Return the source offset after its closing brace."""
        is_known = self.fragment.is_sound and not self.path
        return self.base + (len(self.fragment.source) if is_known else self.value.end)

    @property
    def name(self) -> str:
        """Return its name; empty if it has none."""
        return _text_of(self.data, "name")

    @property
    def permalink(self) -> str | None:
        """Return its permalink as written, or None."""
        return _text_of(self.data, "permalink") or None

    @property
    def steps(self) -> tuple["Connector", ...]:
        """Return a composite's steps in their order; empty for a standard connector."""
        steps = self.data.get("steps") if self.is_composite else None
        return tuple(
            Connector(self.fragment, self.base, f"{self.pointer}/steps/{index}", ("steps", index), step)
            for index, step in enumerate(steps if isinstance(steps, list) else ())
            if isinstance(step, dict)
        )

    @property
    def own_templates(self) -> Iterator[Template]:
        """Yield this object's own template fields, in the order of the platform's fields."""
        value = self.value
        for place, path, _text in template_fields(self.data):
            string = value.at(path)
            assert isinstance(string, StringValue), "texts are read from strings"
            field = Field(place, label_of((*self.path, *path)), self.pointer + pointer_of(path))
            yield Template(field, string, self.base, self.is_step)

    @cached_property
    def templates(self) -> tuple[Template, ...]:
        """Return the template fields of this connector or its steps, in file order."""
        requests = self.steps if self.is_composite else (self,)
        found = [template for request in requests for template in request.own_templates]
        return tuple(sorted(found, key=lambda template: template.start))
