"""List Jinja2's own filters for completion, hover and signature help.

The source is the manual of Jinja2 3.1.
"""

from collections.abc import Mapping
from typing import Final

_FILTERS: Final = (
    ("abs", "value | abs", "The absolute value of a number."),
    ("attr", "object | attr(name)", "An attribute of an object, not an item."),
    ("batch", "list | batch(linecount, fill_with=None)", "The list cut into lists of `linecount` items."),
    ("capitalize", "text | capitalize", "The text with a capital first letter, the rest in lower case."),
    ("center", "text | center(width=80)", "The text in the middle of `width` characters."),
    ("count", "list | count", "The number of items."),
    (
        "d",
        "value | d(default_value='', boolean=False)",
        "The value, or `default_value` if it is undefined. With `boolean` also if it is false.",
    ),
    (
        "default",
        "value | default(default_value='', boolean=False)",
        "The value, or `default_value` if it is undefined. With `boolean` also if it is false.",
    ),
    (
        "dictsort",
        "mapping | dictsort(case_sensitive=False, by='key', reverse=False)",
        "Pairs of a mapping, sorted.",
    ),
    ("e", "text | e", "The text with &, <, >, ' and \" escaped for HTML."),
    ("escape", "text | escape", "The text with &, <, >, ' and \" escaped for HTML."),
    ("filesizeformat", "number | filesizeformat(binary=False)", "A size in words, such as 13 kB."),
    ("first", "list | first", "The first item."),
    ("float", "value | float(default=0.0)", "The value as a number with a fraction."),
    ("forceescape", "text | forceescape", "The text escaped for HTML, even if it is marked as safe."),
    ("format", "text | format(*args, **kwargs)", "The text with %-placeholders filled in."),
    (
        "groupby",
        "list | groupby(attribute, default=None, case_sensitive=False)",
        "The items grouped by an attribute.",
    ),
    (
        "indent",
        "text | indent(width=4, first=False, blank=False)",
        "The text with each line but the first indented.",
    ),
    ("int", "value | int(default=0, base=10)", "The value as a whole number."),
    ("items", "mapping | items", "The pairs of a mapping. An undefined one has none."),
    ("join", "list | join(d='', attribute=None)", "The items as one text, with `d` between them."),
    ("last", "list | last", "The last item."),
    ("length", "list | length", "The number of items."),
    ("list", "value | list", "The value as a list; a text becomes a list of characters."),
    ("lower", "text | lower", "The text in lower case."),
    ("map", "list | map(filter_or_attribute)", "The items after a filter, or one attribute of each."),
    ("max", "list | max(case_sensitive=False, attribute=None)", "The largest item."),
    ("min", "list | min(case_sensitive=False, attribute=None)", "The smallest item."),
    ("pprint", "value | pprint", "The value as Python writes it."),
    ("random", "list | random", "Any one item."),
    ("reject", "list | reject(test)", "The items that do not pass a test."),
    ("rejectattr", "list | rejectattr(attribute, test)", "The items whose attribute does not pass a test."),
    ("replace", "text | replace(old, new, count=None)", "The text with `old` replaced by `new`."),
    ("reverse", "value | reverse", "The text or list from its end."),
    ("round", "number | round(precision=0, method='common')", "The number, rounded."),
    ("safe", "text | safe", "The text marked as safe: it is not escaped for HTML."),
    ("select", "list | select(test)", "The items that pass a test."),
    ("selectattr", "list | selectattr(attribute, test)", "The items whose attribute passes a test."),
    ("slice", "list | slice(slices, fill_with=None)", "The list cut into `slices` columns."),
    ("sort", "list | sort(reverse=False, case_sensitive=False, attribute=None)", "The items, sorted."),
    ("string", "value | string", "The value as text."),
    ("striptags", "text | striptags", "The text without its HTML tags."),
    ("sum", "list | sum(attribute=None, start=0)", "The sum of the items."),
    ("title", "text | title", "The text with a capital first letter in each word."),
    ("tojson", "value | tojson(indent=None)", "The value as JSON that is safe in HTML."),
    ("trim", "text | trim(chars=None)", "The text without blanks at its ends."),
    (
        "truncate",
        "text | truncate(length=255, killwords=False, end='...', leeway=None)",
        "The text, no longer than `length`.",
    ),
    ("unique", "list | unique(case_sensitive=False, attribute=None)", "Each item once."),
    ("upper", "text | upper", "The text in upper case."),
    ("urlencode", "value | urlencode", "The text, or the pairs of a mapping, encoded for a URL."),
    (
        "urlize",
        "text | urlize(trim_url_limit=None, nofollow=False)",
        "The text with its URLs made into links.",
    ),
    ("wordcount", "text | wordcount", "The number of words."),
    (
        "wordwrap",
        "text | wordwrap(width=79, break_long_words=True)",
        "The text with lines no longer than `width`.",
    ),
    ("xmlattr", "mapping | xmlattr(autospace=True)", "The mapping as attributes of an XML tag."),
)

JINJA_FILTER_SIGNATURES: Final[Mapping[str, str]] = {name: signature for name, signature, _ in _FILTERS}
JINJA_FILTER_TEXTS: Final[Mapping[str, str]] = {name: text for name, _, text in _FILTERS}
"""Filter -> its signature, and what it returns."""
