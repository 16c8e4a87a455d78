"""Make texts of connectors for the tests of rules. Marks, as `«rule:text»`, stay as they are."""

import json
import re

from strongroom.document import Document
from strongroom.validator import Levels, validate
from strongroom.validator.fixing import apply_together, chosen_fix

URL = '"url": "https://a.example"'
SECRET = "{{ get_secret('api_key') }}"
# Notes about every use of a user's field or a response, which tests of other rules leave out.
QUIET = Levels().ignore(["none-text", "unguarded-response"])
_FIELDS = {
    "url": {"url": "https://a.example/%s"},
    "headers": {"headers": [{"key": "k", "value": "%s"}]},
    "query_parameters": {"query_parameters": [{"key": "k", "value": "%s"}]},
    "authentication": {"authentication": {"type": "jwt", "config": {"private_key": SECRET, "claims": {"x": "%s"}}}},
    "request_body": {"method": "POST", "request_body": "%s"},
    "response_body": {"response_body": "%s"},
}  # fmt: skip


def connector(more):
    """Return a connector with the members `more`, as JSON source."""
    return f'{{"name": "Sample", {URL}, {more}}}'


def connector_at(url, more=""):
    """Return a connector with this URL, and `more` behind it, as JSON source."""
    return f'{{"name": "Sample", "url": "{url}"{more}}}'


def path_rows(*keys):
    """Return the path parameters `keys`, for `more` of `connector_at`."""
    return ', "path_parameters": [' + ", ".join(f'{{"key": "{key}"}}' for key in keys) + "]"


def headers(*values):
    """Return a connector with these values of headers, as they are once JSON was decoded."""
    rows = [{"key": f"k{index}", "value": value} for index, value in enumerate(values)]
    return json.dumps({"name": "n", "url": "https://a.example", "headers": rows}, ensure_ascii=False)


def header_row(key, value):
    """Return a connector with one header, as JSON source."""
    return connector(f'"headers": [{{"key": "{key}", "value": "{value}"}}]')


def composite(*steps, more=""):
    """Return a composite connector of `steps`."""
    return f'{{"name": "All", {more}"steps": [{", ".join(steps)}]}}'


def step(name, more=""):
    """Return a step, for `composite`; `more` begins with a comma."""
    return f'{{"name": "{name}", {URL}{more}}}'


def authenticated(kind, config=None, more=""):
    """Return a connector whose authentication has this type, the members `config`, and `more` beside its config."""
    inner = f', "config": {{{config}}}' if config is not None else ""
    return connector(f'"authentication": {{"type": "{kind}"{inner}{more}}}')


def api_key(value=SECRET, place="header", kind="api_key"):
    """Return a connector with an API key."""
    return authenticated(kind, f'"key": "X-Key", "value": "{value}", "in": "{place}"')


def oauth_client(client_id=SECRET, secret=SECRET):
    """Return a connector with OAuth client credentials."""
    client = f'"client_id": "{client_id}", "client_secret": "{secret}", "token_url": "https://a.example/t"'
    return authenticated("oauth_client_credentials", client)


def jwt(key=SECRET, algorithm="RS256"):
    """Return a connector that signs a JWT."""
    signing = f'"private_key": "{key}", "algorithm": "{algorithm}", "claims": {{"iss": "x"}}'
    return authenticated("jwt", signing)


def field(place, template):
    """Return a connector with `template`, as it is once JSON was decoded, in one field."""
    body = {"name": "Sample", "url": "https://a.example", **_FIELDS[place]}
    if "pathParams.x" in template and place == "url":
        body["path_parameters"] = [{"key": "x"}]
    return json.dumps(body, ensure_ascii=False).replace("%s", json.dumps(template, ensure_ascii=False)[1:-1])


def step_field(place, template):
    """Return a composite of `first` and `fetch-user`, with `template` in a field of the second."""
    own = json.loads(field(place, "%s"))
    first = {"name": "first", "url": "https://a.example"}
    text = json.dumps({"name": "Both", "steps": [first, {**own, "name": "fetch-user"}]}, ensure_ascii=False)
    return text.replace("%s", json.dumps(template, ensure_ascii=False)[1:-1])


def field_source(place, template):
    """Return a registry of one connector with `template`, as JSON source, in one field."""
    values = {
        "url": f'"url": "{template}"',
        "request_body": f'{URL}, "method": "POST", "request_body": "{template}"',
        "response_body": f'{URL}, "response_body": "{template}"',
        "header": f'{URL}, "headers": [{{"key": "k", "value": "{template}"}}]',
        "query": f'{URL}, "query_parameters": [{{"key": "k", "value": "{template}"}}]',
        "auth": f'{URL}, "authentication": {{"type": "api_key", "config": {{"key": "k", '
        f'"value": "{template}", "in": "header"}}}}',
    }
    return f'{{"connectors": [{{"name": "Sample", {values[place]}}}]}}'


def header_source(template):
    """Return a registry of one connector with `template`, as JSON source, in a header."""
    return field_source("header", template)


def step_source(place, template):
    """Return a registry of one composite whose only step has `template`, as JSON source, in one field."""
    own = field_source(place, template).removeprefix('{"connectors": [').removesuffix("]}")
    own = own.replace('"Sample"', '"sample"')
    return f'{{"composite_connectors": [{{"name": "Both", "steps": [{own}]}}]}}'


def mended(text):
    """Return the text after all safe fixes, applied until nothing changes; it must be JSON again."""
    for _ in range(5):
        once = apply_fixes(text, validate(Document.parse(text)))
        if once == text:
            break
        text = once
    json.loads(text)
    return text


def fixed(marked, check, *, unsafe=False, **options):
    """Return the text after the fixes of exactly the marked findings."""
    findings = check(marked, levels=QUIET, **options)
    return apply_fixes(re.sub(r"«[a-z-]+:|»", "", marked), findings, unsafe=unsafe)


def apply_fixes(text, findings, *, unsafe=False):
    """Return `text` after one round of the fixes of these findings."""
    fixes = [fix for finding in findings if (fix := chosen_fix(finding, unsafe=unsafe)) is not None]
    return apply_together(Document.parse(text), fixes).document.text
