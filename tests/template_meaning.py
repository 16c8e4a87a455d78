"""Reads templates by Jinja2 in a form in which a fix that does what its rule says, and no more, changes nothing.

Shared by a test, which looks at some hundred files, and by `benchmarks/fuzz_fixes.py`, which goes on for as long as it
is told to.
"""

import itertools
import json
import re
from urllib.parse import unquote

from jinja2 import Environment, TemplateError, nodes

from strongroom.document import Document
from strongroom.text.edits import apply_edits
from strongroom.validator.fixing import apply_together, fix_all

JINJA = Environment(autoescape=True)

SLIPS = {
    "not": "now",
    "usr": "user", "User": "user", "tenantId": "tenant_id", "tenant_ids": "tenant_id", "responze": "response",
    "emial": "email", "firstName": "first_name", "Body": "body", "status_cod": "status_code", "defualt": "default",
    "toJson": "tojson", "from_jsn": "from_json", "json_encod": "json_encode", "Upper": "upper", "Defined": "defined",
    "defind": "defined", "api_kye": "api_key", "Api_Key": "api_key", "baseurl": "base_url", "base-url": "base_url",
    "fetch_user": "fetch-user", "fetch-usr": "fetch-user",
}  # fmt: skip
"""What is misspelt on purpose, and what was meant."""


def strings(value, path=()):
    """(path, text) of every text in JSON data."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, member in value.items():
            yield from strings(member, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from strings(item, (*path, index))


def assert_same_meaning(before, after, what):
    """Every text of the file is there again and says the same, whatever a fix did to it."""
    now = dict(strings(json.loads(after)))
    for path, text in strings(json.loads(before)):
        if path[-1] == "name":
            continue
        is_url = path[-1] == "url"
        said = meaning(text, is_url=is_url)
        assert said is not None
        if now[path] == "" and path[-1] in _FORWARDED and _FORWARDED[path[-1]].fullmatch(text):
            continue
        assert meaning(now[path], is_url=is_url) == said, f"{what}\n{text!r}\n{now[path]!r}"


_PRINTED = r"""\s*\{\{[-+]?\s*(?:%s)(?:\s*\|[^{}]*)?\s*[-+]?\}\}\s*"""
_FORWARDED = {
    "request_body": re.compile(_PRINTED % r"body_text|request\.body_text"),
    "response_body": re.compile(_PRINTED % r"response\.body"),
}
"""A body that is printed and nothing else: a blank field forwards it as it is (PLATFORM §2)."""


def check_every_fix(text, found_in):
    """Hold the fixes of one file to their promise: each alone and not looked at after, two at a time, all.

    `found_in` gives the findings of a document.
    """
    document = Document.parse(text)
    findings = found_in(document)
    fixes = [(finding.rule, fix) for finding in findings for fix in finding.fixes]
    for rule, fix in fixes:
        assert_same_meaning(text, apply_edits(text, sorted(fix.edits)), f"{rule}: {fix}")
    for (one, first), (other, second) in itertools.islice(itertools.combinations(fixes, 2), 40):
        together = apply_together(document, [first, second])
        assert_same_meaning(text, together.document.text, f"{one} and {other}: {first} {second}")
    for unsafe in (False, True):
        fixed = fix_all(document, found_in, unsafe=unsafe)
        assert_same_meaning(text, fixed.document.text, f"all, unsafe={unsafe}")
        assert apply_edits(text, fixed.edits) == fixed.document.text


def read_by_jinja(text: str):
    """The template as Jinja2 parses it; None where it refuses it."""
    try:
        return JINJA.parse(text)
    except TemplateError:
        return None


def meaning(text: str, *, is_url: bool = False):
    """What a template says, in a form that the fixes leave as it is: nested tuples, None where Jinja2 refuses it."""
    tree = read_by_jinja(_ORIGIN.sub("O/", text, count=1) if is_url else text)
    return None if tree is None else _body(tree.body, is_url=is_url)


_ORIGIN = re.compile(
    r"""\s*(?:https?://|\{\{- p -\}\} ://|\{% if a %\}http\{% else %\}https\{% endif %\}://)?"""
    r"""(?:api\.example\.com|\{\{ get_variable\(['"]base_url['"]\)"""
    r"""(?: \| default\(['"](?:https?://)?a\w*\.example\.com['"]\))? \}\})/"""
)
"""The origins that `url` makes, and what the rules about protocols and hosts make of them."""


def _body(parts, *, is_url: bool):
    """The parts of a body in a row, with texts side by side as one."""
    flat = []
    for part in parts:
        for item in part.nodes if isinstance(part, nodes.Output) else [part]:
            if isinstance(item, nodes.TemplateData) and flat and isinstance(flat[-1], str):
                flat[-1] += item.data
            else:
                flat.append(item.data if isinstance(item, nodes.TemplateData) else _node(item))
    return tuple(
        piece for part in flat for piece in (_text(part, is_url) if isinstance(part, str) else [part])
    )


_CALL = re.compile(r"""(\$?\{\s*)?get_(?:secret|variable)\(\s*(['"])([^'"(){}\\\n]*)\2\s*\)(\s*\})?""")
_PLACEHOLDER = re.compile(r"\$?\{\s*([A-Za-z_]\w*)\s*\}", re.ASCII)


def _text(text: str, is_url: bool):
    """A text with its bare calls, and in a URL its placeholders, as what they are turned into."""
    at = 0
    # A `$` before the braces goes with them, unless it is in a raw block: Jinja2's tree does not tell.
    text = (unquote(text) if is_url else text).replace("$", "")
    for found in _CALL.finditer(text):
        start, end = found.span()
        if not (found[1] and found[4]):
            # The braces go with the call only as a pair.
            start, end = start + len(found[1] or ""), end - len(found[4] or "")
        yield from _plain(text[at:start], is_url)
        yield ("call", ("name", "get"), (("const", _meant(found[3])),))
        at = end
    yield from _plain(text[at:], is_url)


def _plain(text: str, is_url: bool):
    if not is_url:
        if text:
            yield text
        return
    at = 0
    for found in _PLACEHOLDER.finditer(text):
        yield from _url_text(text[at : found.start()])
        yield ("item", ("name", "pathParams"), found[1])
        at = found.end()
    yield from _url_text(text[at:])


def _url_text(text: str):
    yield from "".join(text.split())


def _meant(name):
    return SLIPS.get(name, name) if isinstance(name, str) else name


def _node(node):
    """One node of Jinja2's tree as tuples."""
    if isinstance(node, list):
        return tuple(map(_node, node))
    if not isinstance(node, nodes.Node):
        return _meant(node)
    if isinstance(node, nodes.Const):
        # A number in quotes where a number belongs is mended by taking the quotes away.
        is_number = isinstance(node.value, str) and node.value.isascii() and node.value.isdigit()
        return ("const", int(node.value) if is_number else _meant(node.value))
    if isinstance(node, nodes.Name):
        name = _meant(node.name)
        return ("name", "get" if name in ("get_secret", "get_variable") else name)
    if isinstance(node, (nodes.Getattr, nodes.Getitem)):
        return _member(node)
    if isinstance(node, (nodes.Filter, nodes.Call)):
        return _applied(node)
    if isinstance(node, nodes.Output):
        return ("output", _body([node], is_url=False))
    found = [type(node).__name__]
    for name, value in node.iter_fields():
        is_body = isinstance(value, list) and value and isinstance(value[0], nodes.Stmt)
        found.append((name, _body(value, is_url=False) if is_body else _node(value)))
    return tuple(found)


def _member(node):
    owner = _node(node.node)
    if isinstance(node, nodes.Getattr):
        name = node.attr
    elif isinstance(node.arg, nodes.Const):
        name = node.arg.value
    else:
        return ("item", owner, _node(node.arg))
    name = _meant(name)
    if _is_parsed(owner):
        owner = owner[2][0]  # what is read from a text has to be parsed first
    if owner == ("name", "request") and name in ("body_text", "body_raw"):
        return ("name", name)
    return ("item", owner, name)


def _applied(node):
    """A filter, and a filter that is called as a function, in one form."""
    given = tuple(map(_node, node.args))
    named = tuple((pair.key, _node(pair.value)) for pair in node.kwargs)
    rest = (
        _node(node.dyn_args) if node.dyn_args else None,
        _node(node.dyn_kwargs) if node.dyn_kwargs else None,
    )
    if isinstance(node, nodes.Filter):
        name, given = (
            ("name", _meant(node.name)),
            (_node(node.node) if node.node is not None else None, *given),
        )
    else:
        name = _node(node.node)
        if name[0] == "item" and name[2] in ("items",) and not given and not named:
            return name  # `.items()` and `['items']` are the two ways out
    if name[1] in ("default", "d") and given[2:] == (("const", True),):
        given = given[:2]  # with true, a default is used for None as well
    if name[1] in ("safe", "tojson") and given and (_is_parsed(given[0]) or _parses(node)):
        return given[0]
    if name == ("name", "from_json") and len(given) == 1 and _is_body(given[0]):
        return given[0]  # a body that is printed as it is is mended by `| from_json | tojson`
    return ("call", name, given, named, rest) if named or any(rest) else ("call", name, given)


def _parses(node) -> bool:
    inner = node.node if isinstance(node, nodes.Filter) else (node.args or [None])[0]
    while isinstance(inner, nodes.Filter) and inner.name in ("safe", "tojson"):
        inner = inner.node
    return isinstance(inner, nodes.Filter) and _meant(inner.name) == "from_json"


def _is_body(node) -> bool:
    return node == ("name", "body_text") or (node[0] == "item" and node[2] == "body")


def _is_parsed(node) -> bool:
    return node[0] == "call" and node[1] == ("name", "from_json")
