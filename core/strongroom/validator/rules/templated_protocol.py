"""The protocol of a URL is templated.

## What it does

Finds a template before `://` in a `url`, and a `default` with a protocol behind a protocol that is written out.

## Why it is bad

The protocol must be written out, as `https`, or be part of a variable that holds the whole origin. The platform
refuses the file.

## Example

```json
{
  "name": "Weather",
  "url": "{{ get_variable('region') }}://api.example.com/now"
}
```

## Use instead

```json
{
  "name": "Weather",
  "url": "https://api.example.com/now"
}
```

## Fix safety

Safe where nothing but a template stands before `://`: only `https` can come out of it.
"""

from collections.abc import Iterator

from strongroom.document import Connector
from strongroom.document.template_parser import Node
from strongroom.validator.findings import Edit, Fix, Severity
from strongroom.validator.outline import outlines
from strongroom.validator.rule import Context, Mark, Rule
from strongroom.validator.rules.url_hosts import host_defaults, is_refused_elsewhere, spot
from strongroom.validator.url_parts import HOLE, UrlParts


def check(connector: Connector, _context: Context) -> Iterator[Mark]:
    """Marks the template's expression."""
    for outline in outlines(connector):
        url = outline.url
        if url is None or url.is_plain or not url.is_readable or url.scheme_end < 0:
            continue
        for node in url.holes_in(0, url.scheme_end):
            if is_refused_elsewhere(node, in_composite=outline.connector.is_step):
                continue
            fixes: tuple[Fix, ...] = ()
            if url.flat[: url.scheme_end] == HOLE:
                edit = Edit(url.source(node.start), url.source(_end(url, node)), "https")
                fixes = (Fix("Write https", (edit,), True),)
            message = "The protocol must not come from a template: write `https://`."
            yield outline.mark(spot(url, node), message, outline.part, "url", fixes)
        for default in host_defaults(url):
            if "://" in default.text:
                end = default.start + default.text.index("://") + 3
                place = url.source(default.start), url.source(end)
                edit = Edit(*place, "")
                message = "The URL already begins with a protocol: the default must not repeat it."
                fix = Fix("Remove the protocol from the default", (edit,), True)
                yield outline.mark(place, message, outline.part, "url", (fix,))


def _end(url: UrlParts, node: Node) -> int:
    """The end of a tag, with the blanks that it takes away (`-}}`)."""
    end, text = node.end, url.text
    if text[end - 3] == "-":
        end += len(text[end:]) - len(text[end:].lstrip())
    return end


RULE = Rule("templated-protocol", Severity.ERROR, __doc__, connector=check, has_fix=True)
