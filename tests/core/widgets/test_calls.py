"""Test what is read of calls, in the styles of authors."""

import pytest

from strongroom.widgets.calls import CallKind
from strongroom.widgets.code import WidgetCode

OPTIONS = "{ permalink: 'news', method: 'GET' }"


def read(text, path="app.tsx"):
    """Return (kind, what the permalink may be, what the method may be, other options) of each call."""
    return [
        (
            call.kind,
            [value.text for value in call.permalinks],
            [v.text for v in (call.options.get("method").value.texts if call.options.get("method") else ())],
            sorted(
                member.key for member in call.options.members if member.key not in ("permalink", "method")
            ),
        )
        for call in WidgetCode(path, text).calls
    ]


@pytest.mark.parametrize(
    "before",
    [
        "sdk.connectors.execute(",
        "this.sdk.connectors.execute(",
        "await widgetSdk.connectors.execute(",
        "sdk?.connectors?.execute?.(",
        "sdk!.connectors!.execute(",
        "new window.WidgetServiceSDK().connectors.execute(",
        "new window.WidgetServiceSDK().connectors\n    // the list\n    .execute(",
        "(await getSdk()).connectors.execute(",
        "(window as any).sdk.connectors.execute(",
        "sdk['connectors']['execute'](",
        "sdk.connectors.execute<News[]>(",
        "sdk.connectors.execute<Map<string, Array<{ id: number }>>>(",
        "connectors.connectors.execute(",
        "const { connectors } = sdk;\nconnectors.execute(",
        "const { connectors: api } = props.sdk;\napi.execute(",
        "const { connectors: { execute } } = sdk;\nexecute(",
        "const { execute: run = noop } = sdk.connectors;\nrun(",
        "const api = sdk.connectors\nconst rows = await api.execute(",
        "let api: Connectors | null = sdk.connectors;\napi.execute(",
        "const call = sdk.connectors.execute;\ncall(",
        "const call = sdk.connectors.execute.bind(sdk.connectors);\ncall(",
        "const sdk = new WidgetServiceSDK(), n = 1;\nsdk.connectors.execute(",
        "if (ok) return /['\"`]/.test(x) ? sdk.connectors.execute(",
        "const half = total / 2; // it's\nconst q = a / b / c; sdk.connectors.execute(",
        "const html = `<p>${a ? `it's ${b}` : '}'}</p>`; sdk.connectors.execute(",
        "const a = <p>Don't</p>;\nconst b = sdk.connectors.execute(",
    ],
)
def test_a_call_is_found_however_the_function_is_reached(before):
    assert read(f"{before}{OPTIONS})") == [(CallKind.CONNECTOR, ["news"], ["GET"], [])]


@pytest.mark.parametrize(
    "before",
    [
        "sdk.connectors.composite.execute(",
        "new window.WidgetServiceSDK().connectors?.composite\n  ?.execute(",
        "const { composite } = sdk.connectors;\ncomposite.execute(",
        "const { execute } = sdk.connectors.composite;\nexecute(",
    ],
)
def test_a_call_of_a_composite_is_told_apart(before):
    assert read(f"{before}{OPTIONS})") == [(CallKind.COMPOSITE, ["news"], ["GET"], [])]


@pytest.mark.parametrize(
    "options",
    [
        "{ permalink: 'news', method: 'GET' }",
        '{ "permalink": "news", "method": "GET", }',
        "{\n  // the list\n  permalink: `news`, /* always */ method: 'GET' as const,\n}",
        "{ permalink: 'ne\\u0077s', method: 'GET' } as ExecuteOptions",
        "({ permalink: ('news'), method: <Method>'GET' })",
        "{ permalink: 'news', method: 'GET' } satisfies Options",
        "{ ...{ permalink: 'news' }, method: 'GET' }",
        "{ permalink: 'old', ...{ permalink: 'news' }, method: 'GET' }",
        "{ permalink: 'news', method: 'GET', ...null }",
    ],
)
def test_options_are_read_however_they_are_written(options):
    assert read(f"sdk.connectors.execute({options})") == [(CallKind.CONNECTOR, ["news"], ["GET"], [])]


@pytest.mark.parametrize(
    ("before", "options"),
    [
        ("const PERMALINK = 'news';", "{ permalink: PERMALINK, method: 'GET' }"),
        ("export const PERMALINK: string = 'news';", "{ permalink: PERMALINK, method: 'GET' }"),
        ("const permalink = 'news'", "{ permalink, method: 'GET' }"),
        ("const NAMES = { list: 'news' } as const;", "{ permalink: NAMES.list, method: 'GET' }"),
        ("const NAMES = Object.freeze({ list: 'news' });", "{ permalink: NAMES['list'], method: 'GET' }"),
        ("const options = { permalink: 'news', method: 'GET' };", "options"),
        ("const options: Options = { permalink: 'news', method: 'GET' };", "options"),
        ("const base = { permalink: 'news' };", "{ ...base, method: 'GET' }"),
        ("let how = 'GET'", "{ permalink: 'news', method: how }"),
    ],
)
def test_constants_are_followed(before, options):
    assert read(f"{before}\nsdk.connectors.execute({options})") == [
        (CallKind.CONNECTOR, ["news"], ["GET"], [])
    ]


@pytest.mark.parametrize(
    ("before", "options"),
    [
        ("let p = 'news'; if (x) p = 'other';", "{ permalink: p, method: 'GET' }"),
        ("const p = 'news'; function f(p) {}", "{ permalink: p, method: 'GET' }"),
        ("const p = 'news'; items.map((p) => p.id);", "{ permalink: p, method: 'GET' }"),
        ("const p = 'news'; items.map(p => p.id);", "{ permalink: p, method: 'GET' }"),
        ("const p = 'news'; for (const p of all) {}", "{ permalink: p, method: 'GET' }"),
        ("const p = 'news'; const { p } = props;", "{ permalink: p, method: 'GET' }"),
        ("import { p } from './names';", "{ permalink: p, method: 'GET' }"),
        ("const p = 'news' + x;", "{ permalink: p, method: 'GET' }"),
        ("const N = { list: 'news' }; N.list = 'x';", "{ permalink: N.list, method: 'GET' }"),
        ("const N = { list: 'news' }; N[key] = 'x';", "{ permalink: N.list, method: 'GET' }"),
        ("const N = { list: 'news' }; fill(N);", "{ permalink: N.list, method: 'GET' }"),
        ("const N = { list: 'news', ...more };", "{ permalink: N.list, method: 'GET' }"),
        ("", "{ permalink: 'news', ...more, method: 'GET' }"),
        ("", "{ permalink: 'news', [key]: 1, method: 'GET' }"),
        ("", "{ permalink: `news-${lang}`, method: 'GET' }"),
        ("", "{ permalink: a && 'news', method: 'GET' }"),
        ("const p = p;", "{ permalink: p, method: 'GET' }"),
        ("const a = b; const b = a;", "{ permalink: a, method: 'GET' }"),
    ],
)
def test_what_may_change_is_not_known(before, options):
    assert read(f"{before}\nsdk.connectors.execute({options})") == [(CallKind.CONNECTOR, [], ["GET"], [])]


def test_a_member_that_is_assigned_later_leaves_the_others_known():
    text = "const o = { permalink: 'news', method: 'GET' };\nif (id) o.pathParams = { id };\nsdk.connectors.execute(o)"
    (call,) = WidgetCode("a.js", text).calls
    assert [value.text for value in call.permalinks] == ["news"]
    assert call.options.is_open


def test_conditions_give_each_value_that_may_be():
    permalink, method = "a ? b ? 'x' : 'y' : ('z')", "n > 1 ? 'PUT' : 'POST'"
    text = f"sdk.connectors.execute({{ permalink: {permalink}, method: {method}, payload: {{}} }})"
    assert read(text) == [(CallKind.CONNECTOR, ["x", "y", "z"], ["PUT", "POST"], ["payload"])]


@pytest.mark.parametrize(
    "text",
    [
        "// sdk.connectors.execute({ permalink: 'news' })",
        "/* sdk.connectors.execute({ permalink: 'news' }) */",
        "const help = \"sdk.connectors.execute({ permalink: 'news' })\";",
        "const help = `sdk.connectors.execute({ permalink: 'news' })`;",
        "if (typeof sdk.connectors.execute === 'function') {}",
        "sdk.connectors.execute(options)",
        "sdk.connectors.execute(...args)",
        "sdk.connectors.execute()",
        "function execute({ permalink: 'news' }) {}",
        "connectors: { execute({ permalink }) { return 1 } }",
        "jobs.execute({ permalink: 'news' })",
        "execute({ permalink: 'news' })",
        "interface Api { connectors: { execute<T>(o: { permalink: string; method: string }): Promise<T> } }",
        "new connectors.execute({ permalink: 'news' })",
    ],
)
def test_what_is_not_a_call_is_not_read_as_one(text):
    assert read(text) == []


def test_calls_inside_expressions_of_templates_and_of_jsx_are_read():
    assert len(read(f"const t = `${{sdk.connectors.execute({OPTIONS})}}`")) == 1
    assert len(read(f"<button onClick={{() => sdk.connectors.execute({OPTIONS})}}>It's ok</button>")) == 1
    assert len(read(f"Promise.all([s.connectors.execute({OPTIONS}), s.connectors.execute({OPTIONS})])")) == 2


HTML = """<div>sdk.connectors.execute({ permalink: 'a' })</div>
<!-- <script>sdk.connectors.execute({ permalink: 'b' })</script> -->
<script type="application/json">{"x": "sdk.connectors.execute({ permalink: 'c' })"}</script>
<SCRIPT type="module">const P = 'd'; sdk.connectors.execute({ permalink: P })</SCRIPT>
<style>.a::after { content: "it's" }</style>
<button onclick="sdk.connectors.execute({ permalink: 'e' })">It's ok</button>
<script>sdk.connectors.execute({ permalink: 'f' })"""


def test_scripts_and_handlers_of_html_are_read():
    found = [value.text for call in WidgetCode("index.html", HTML).calls for value in call.permalinks]
    assert found == ["d", "e", "f"]


VUE = """<script setup lang="ts">
const load = () => sdk.connectors.execute<Row[]>({ permalink: 'a', method: 'GET' });
</script>
<template><p @click="sdk.connectors.execute({ permalink: 'b', method: 'GET' })">Don't {{ 'x' }}</p></template>
"""
SVELTE = """<script>const P = 'a';</script>
{#await sdk.connectors.execute({ permalink: P, method: 'GET' })}<p>Wait</p>{/await}
<style>p { content: "sdk.connectors.execute({ permalink: 'b' })" }</style>
<button on:click={() => sdk.connectors.execute({ permalink: 'c', method: 'GET' })}>Go</button>
"""


@pytest.mark.parametrize(
    ("name", "text", "expected"), [("a.vue", VUE, ["a", "b"]), ("a.svelte", SVELTE, ["a", "c"])]
)
def test_single_file_components_are_read(name, text, expected):
    assert [value.text for call in WidgetCode(name, text).calls for value in call.permalinks] == expected


def test_places_are_those_of_the_source():
    text = "const P = 'n\\x65ws';\nsdk.connectors.execute({ permalink: P, \"method\": 'GET', payload })"
    (call,) = WidgetCode("a.js", text).calls
    permalink = call.options.get("permalink").value
    assert text[permalink.start : permalink.end] == "P"
    assert text[slice(*permalink.inner)] == "n\\x65ws"
    method = call.options.get("method")
    assert text[slice(*method.key_span)] == "method"
    assert text[slice(*call.name)] == "execute"
    assert text[call.start : call.end].startswith("sdk.connectors")
    assert text[call.end - 3 :] == " })"


MODULES = {
    "./names": "export const LIST = 'news';\nexport const NAMES = { add: 'add-topic' } as const;",
    "../all.js": "export const LIST = `news-${x}`;",
}


def imported(text):
    (call,) = WidgetCode("a.ts", text, MODULES.get).calls
    return [value.text for value in call.permalinks]


@pytest.mark.parametrize(
    ("before", "permalink", "expected"),
    [
        ("import { LIST } from './names';", "LIST", ["news"]),
        ("import { how, LIST as NEWS } from './names';", "NEWS", ["news"]),
        ("import { NAMES } from './names';", "NAMES.add", ["add-topic"]),
        ("import { LIST } from './names'; items.map((LIST) => 1);", "LIST", []),
        ("import { LIST } from '../all.js';", "LIST", []),
        ("import { LIST } from './missing';", "LIST", []),
        ("import { MORE } from './names';", "MORE", []),
        ("import * as N from './names';", "N.LIST", []),
        ("import { NAMES } from './names';", "NAMES", []),
    ],
)
def test_constants_of_other_files_are_followed(before, permalink, expected):
    assert (
        imported(f"{before}\nsdk.connectors.execute({{ permalink: {permalink}, method: 'GET' }})") == expected
    )


def test_objects_of_other_files_have_no_places_here_and_are_not_known():
    text = "import { NAMES } from './names';\nsdk.connectors.execute({ permalink: 'news', ...NAMES })"
    (call,) = WidgetCode("a.ts", text, MODULES.get).calls
    assert call.options.is_open
    assert call.permalinks == ()
    assert WidgetCode("a.ts", text, MODULES.get).asks_for_modules
    assert not WidgetCode(
        "a.ts", "sdk.connectors.execute({ permalink: 'news' })", MODULES.get
    ).asks_for_modules
