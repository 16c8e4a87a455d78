"""Whether a connector is in order, without the places of anything in it.

The rules are the same, and look at plain values (see `strongroom.document.plain_values`): where none of them has
anything to say, there is nothing to find. Where one has, or asks where something stands, the connector is read with
places, and looked at again. Of a standard connector only fields that are new are looked at (see `field_look`).
"""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from strongroom.document import Connector, Template
from strongroom.document.connector import Fragment, template_strings
from strongroom.document.json_values import Path, StringValue
from strongroom.document.plain_values import PlaceAsked, PlainValues
from strongroom.document.template_parser import has_tags
from strongroom.platform.places import FieldPlace
from strongroom.validator.field_look import FieldLook
from strongroom.validator.likeness import Likenesses
from strongroom.validator.name_classes import NameClasses
from strongroom.validator.rule import ConnectorCheck, Context, TemplateCheck
from strongroom.validator.silencing import MARK

_MOST: Final = 20_000
"""How many templates are remembered. Past it all are forgotten: long sessions must not grow without end."""

_Key = tuple[object, ...]


class QuickLook:
    """The rules' checks for one list of names, and the templates that they looked at."""

    __slots__ = (
        "_checks", "_context", "_fields", "_is_silent", "_likenesses", "_template_checks", "_values",
    )  # fmt: skip

    def __init__(
        self,
        context: Context,
        names: NameClasses,
        values: PlainValues,
        checks: Iterable[ConnectorCheck],
        template_checks: Iterable[TemplateCheck],
    ) -> None:
        self._context = context
        self._likenesses = Likenesses(names)
        self._fields = FieldLook(self._likenesses)
        self._checks = tuple(checks)
        self._template_checks = tuple(template_checks)
        self._values = values
        self._is_silent: dict[_Key, bool] = {}

    def finds_nothing(self, fragment: Fragment) -> bool:
        """True where no rule has anything to say of a sound connector by itself. False: look again, with places."""
        if fragment.is_composite:
            # Its steps are read by one another.
            return self._look_at(fragment, fragment.data, is_composite=True)
        return self._fields.finds_nothing(
            fragment.data, lambda data: self._look_at(fragment, data, is_composite=False)
        )

    def has_nothing_in(self, template: Template) -> bool:
        """Whether an equal template was looked at, and nothing was found in it. False where that is not known."""
        return self._is_silent.get((template.text, template.field.place, template.in_composite), False)

    def _look_at(self, fragment: Fragment, data: dict[str, Any], *, is_composite: bool) -> bool:
        """Whether no rule has anything to say of a connector with these data."""
        connector = Connector(fragment, self._values.of(data), 0, "", is_composite=is_composite)
        try:
            return self._connector_is_silent(connector) and self._templates_are_silent(connector)
        except PlaceAsked:
            return False

    def _connector_is_silent(self, connector: Connector) -> bool:
        context = self._context
        for check in self._checks:
            for _ in check(connector, context):
                return False
        return True

    def _templates_are_silent(self, connector: Connector) -> bool:
        for request in connector.requests:
            for place, path, string in template_strings(request.value):
                text = string.data
                if not (has_tags(text) or "get_" in text):
                    continue
                key = text, place, request.is_step
                found = self._is_silent.get(key)
                if found is None:
                    found = self._look(request, place, path, string)
                    self._remember(key, found)
                if not found:
                    return False
        return True

    def _look(self, request: Connector, place: FieldPlace, path: Path, string: StringValue) -> bool:
        """Whether nothing is found in a template, or was found in one that is like it."""
        like = self._likenesses.of_template(string.data)
        key = (*like, place, request.is_step) if like is not None else None
        found = self._is_silent.get(key) if key is not None else None
        if found is None:
            found = not any(True for _ in self._marks(request, place, path, string))
            if key is not None:
                self._remember(key, found)
        return found

    def _marks(
        self, request: Connector, place: FieldPlace, path: Path, string: StringValue
    ) -> Iterator[object]:
        if MARK in string.data:
            yield MARK
        template = request.template(place, path, string)
        for check in self._template_checks:
            yield from check(template, self._context)

    def _remember(self, key: _Key, found: bool) -> None:
        if len(self._is_silent) >= _MOST:
            self._is_silent.clear()
        self._is_silent[key] = found
