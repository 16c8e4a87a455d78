"""Find the places of values in a connector's source by path."""

from strongroom.document.connector import Fragment
from strongroom.document.json_values import Path, StringValue, Value


class ConnectorSource:
    """Hold the text of one connector and its values with places.

    All offsets are relative to the connector.
    """

    __slots__ = ("root", "text")

    def __init__(self, fragment: Fragment) -> None:
        self.text = fragment.source
        self.root = fragment.element.value

    def value(self, path: Path) -> Value:
        """Return the value at a path that a rule was given."""
        value = self.root
        for step in path:
            found = value.items[step] if isinstance(step, int) else value.get(step)
            assert found is not None, "rules are given the paths of this connector"
            value = found
        return value

    def text_at(self, path: Path) -> StringValue:
        """Return the string at a path."""
        value = self.value(path)
        assert isinstance(value, StringValue), "rules change the texts of strings only"
        return value

    def key(self, path: Path) -> StringValue:
        """Return the key of the member at a path."""
        found = self.value(path[:-1]).key(str(path[-1]))
        assert found is not None, "only members have keys"
        return found
