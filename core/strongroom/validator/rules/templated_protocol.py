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

from strongroom.document.template_nodes import Node
from strongroom.text.edits import Edit
from strongroom.validator.findings import Severity
from strongroom.validator.marks import Mark, Proposal
from strongroom.validator.parts import Request
from strongroom.validator.rule import Context, Rule
from strongroom.validator.rules.url_hosts import host_defaults, is_refused_elsewhere, spot
from strongroom.validator.url_parts import HOLE, UrlParts


def check(request: Request, url: UrlParts, _context: Context) -> Iterator[Mark]:
    """Mark the template's expression."""
    if url.scheme_end < 0:
        return
    for node in url.holes_in(0, url.scheme_end):
        if is_refused_elsewhere(node, in_composite=request.is_step):
            continue
        proposals: tuple[Proposal, ...] = ()
        if url.flat[: url.scheme_end] == HOLE:
            change = Edit(node.start, _end(url, node), "https")
            proposals = (Proposal("Write https", (change,), True),)
        message = "The protocol must not come from a template: write `https://`."
        yield request.mark(message, "url", span=spot(node), proposals=proposals)
    for default in host_defaults(url):
        if "://" in default.text:
            span = default.start, default.start + default.text.index("://") + 3
            message = "The URL already begins with a protocol: the default must not repeat it."
            proposal = Proposal("Remove the protocol from the default", (Edit(*span, ""),), True)
            yield request.mark(message, "url", span=span, proposals=(proposal,))


def _end(url: UrlParts, node: Node) -> int:
    """Return the end of a tag, with the blanks that it takes away (`-}}`)."""
    end, text = node.end, url.text
    if text[end - 3] == "-":
        end += len(text[end:]) - len(text[end:].lstrip())
    return end


RULE = Rule("templated-protocol", Severity.ERROR, __doc__, url=check, has_fix=True)
