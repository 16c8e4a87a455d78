"""Show connectors, composites and steps as views on JSON values with places."""

from typing import Any, Final

from strongroom.document.json_problems import JsonProblem
from strongroom.document.json_reader import read_element
from strongroom.document.json_state import Element
from strongroom.document.json_values import Path, StringValue, Value, label_of, pointer_of
from strongroom.document.template import Field, Template
from strongroom.platform.places import FieldPlace

BODY_PLACES: Final = (
    ("url", FieldPlace.URL),
    ("request_body", FieldPlace.REQUEST_BODY),
    ("response_body", FieldPlace.RESPONSE_BODY),
)
"""The texts of a connector that are templates, and the place that each is."""
ROW_PLACES: Final = (("headers", FieldPlace.HEADER), ("query_parameters", FieldPlace.QUERY))
"""The lists of rows whose values are templates."""


class Fragment:
    """Hold one connector as it was read, with offsets relative to its own start.

    A document keeps the fragments of connectors whose text an edit did not touch. Because of that, facts about a
    fragment hold as long as the fragment exists. `source` is the fragment's own text: offsets relative to the fragment
    are its indexes. `key` is the name of the array that it is in.

    Of a sound connector only the extent and the data are known at first. It is read with places when a caller asks for
    them.
    """

    __slots__ = ("__weakref__", "_connector", "_data", "_element", "is_sound", "key", "source")

    def __init__(
        self, source: str, key: str, *, element: Element | None = None, data: dict[str, Any] | None = None
    ) -> None:
        self.source = source
        self.key = key
        self.is_sound = element is None
        self._element = element
        self._data = data
        self._connector: Connector | None = None

    @property
    def element(self) -> Element:
        """Return the element that reading the fragment gave."""
        if self._element is None:
            self._element = read_element(self.source, 0)
        return self._element

    @property
    def data(self) -> Any:
        """Return the decoded JSON object, which is shared and must not be changed."""
        if self._data is None:
            self._data = self.element.value.data
        return self._data

    @property
    def connector(self) -> "Connector":
        """Return the connector with offsets relative to its own start.

        Its pointer has no part before its own.
        """
        if self._connector is None:
            self._connector = Connector(self, None, 0, "", is_composite=self.is_composite)
        return self._connector

    @property
    def is_composite(self) -> bool:
        """Return True if it is among the composites, or has steps and no url."""
        return self.key == "composite_connectors" or ("steps" in self.data and "url" not in self.data)

    @property
    def is_kept(self) -> bool:
        """Return True if the fragment is a function of its own text.

        Such a fragment may be used again in an edited document.
        """
        return self.is_sound or self.element.is_kept

    @property
    def is_damaged(self) -> bool:
        """Return True if broken JSON may hide a part of the fragment."""
        if self.is_sound:
            return False
        element = self.element
        return not element.is_closed or any(not problem.is_harmless for problem in element.problems)

    @property
    def problems(self) -> tuple[JsonProblem, ...]:
        """Return the fragment's mistakes of JSON syntax, with relative offsets.

        The offsets are relative to the fragment's start.
        """
        return () if self.is_sound else self.element.problems

    def text_of(self, key: str) -> str:
        """Return the text of the member `key`; empty if it is missing or not a text."""
        if self.is_sound:
            found = self.data.get(key)
            return found if isinstance(found, str) else ""
        value = self.element.value.get(key)
        return value.data if isinstance(value, StringValue) else ""


class Connector:
    """Hold a connector, a composite connector, or a step of one.

    `start` and `end` are source offsets, `pointer` its JSON Pointer, `data` the decoded JSON object, which is shared
    and must not be changed. `is_step` marks a step; its template fields are also among its composite's.
    """

    __slots__ = (
        "_steps",
        "_templates",
        "_value",
        "base",
        "fragment",
        "is_composite",
        "is_step",
        "pointer",
        "prefix",
    )

    def __init__(
        self,
        fragment: Fragment,
        value: Value | None,
        base: int,
        pointer: str,
        *,
        is_composite: bool,
        is_step: bool = False,
        prefix: str = "",
    ) -> None:
        self.fragment = fragment
        # None means the problems of the whole fragment, which is read when they are asked for.
        self._value = value
        self.base = base
        self.pointer = pointer
        self.is_composite = is_composite
        self.is_step = is_step
        self.prefix = prefix
        self._templates: tuple[Template, ...] | None = None
        self._steps: tuple[Connector, ...] | None = None

    @property
    def value(self) -> Value:
        """Return its JSON object."""
        if self._value is None:
            self._value = self.fragment.element.value
        return self._value

    @property
    def start(self) -> int:
        """Return the source offset of its opening brace."""
        if self._value is None and self.fragment.is_sound:
            return self.base
        return self.base + self.value.start

    @property
    def end(self) -> int:
        """Return the source offset after its closing brace."""
        if self._value is None and self.fragment.is_sound:
            return self.base + len(self.fragment.source)
        return self.base + self.value.end

    @property
    def data(self) -> Any:
        """Return the decoded JSON object."""
        return self.fragment.data if self._value is None else self._value.data

    @property
    def name(self) -> str:
        """Return its name; empty if it has none."""
        return self._text("name")

    @property
    def permalink(self) -> str | None:
        """Return its permalink as written, or None."""
        return self._text("permalink") or None

    def _text(self, key: str) -> str:
        if self._value is None:
            return self.fragment.text_of(key)
        found = self._value.get(key)
        return found.data if isinstance(found, StringValue) else ""

    @property
    def steps(self) -> tuple["Connector", ...]:
        """Return a composite's steps in their order; empty for a standard connector."""
        if self._steps is None:
            steps = self.value.get("steps") if self.is_composite else None
            self._steps = tuple(
                Connector(
                    self.fragment,
                    step,
                    self.base,
                    f"{self.pointer}/steps/{index}",
                    is_composite=False,
                    is_step=True,
                    prefix=f"steps[{index}].",
                )
                for index, step in enumerate(steps.items if steps is not None else ())
                if step.kind == "object"
            )
        return self._steps

    @property
    def requests(self) -> tuple["Connector", ...]:
        """Return the objects that send a request: itself, or a composite's steps.

        These have the template fields.
        """
        return self.steps if self.is_composite else (self,)

    @property
    def own_templates(self) -> tuple[Template, ...]:
        """Return the template fields of this object itself.

        They are in the order of the platform's fields.
        """
        return tuple(
            [self.template(place, path, string) for place, path, string in template_strings(self.value)]
        )

    def template(self, place: FieldPlace, path: Path, string: StringValue) -> Template:
        """Return the template field at a path of this object."""
        field = Field(place, self.prefix + label_of(path), self.pointer + pointer_of(path))
        return Template(field, string, self.base, self.is_step)

    @property
    def templates(self) -> tuple[Template, ...]:
        """Return the template fields of this connector and of its steps.

        They are in the order of the file.
        """
        if self._templates is None:
            found = [template for request in self.requests for template in request.own_templates]
            self._templates = tuple(sorted(found, key=lambda template: template.start))
        return self._templates


def template_strings(value: Value) -> list[tuple[FieldPlace, Path, StringValue]]:
    """Return the place, path and text of each template field of an object.

    The object is a connector's (PLATFORM §2).
    """
    found: list[tuple[FieldPlace, Path, StringValue]] = []
    for key, place in BODY_PLACES:
        text = value.get(key)
        if isinstance(text, StringValue):
            found.append((place, (key,), text))
    for key, place in ROW_PLACES:
        rows = value.get(key)
        for index, row in enumerate(rows.items if rows is not None else ()):
            text = row.get("value")
            if isinstance(text, StringValue):
                found.append((place, (key, index, "value"), text))
    authentication = value.get("authentication")
    config = authentication.get("config") if authentication is not None else None
    if config is not None:
        found.extend(_config_strings(config))
    return found


def _config_strings(config: Value) -> list[tuple[FieldPlace, Path, StringValue]]:
    """Return every string below authentication.config, at any depth.

    Claims and headers nest.
    """
    found: list[tuple[FieldPlace, Path, StringValue]] = []
    waiting: list[tuple[Value, Path]] = [(config, ("authentication", "config"))]
    while waiting:
        value, path = waiting.pop()
        if isinstance(value, StringValue):
            found.append((FieldPlace.AUTH, path, value))
            continue
        waiting.extend([(member, (*path, key.data)) for key, member in value.members])
        waiting.extend([(item, (*path, index)) for index, item in enumerate(value.items)])
    return found
