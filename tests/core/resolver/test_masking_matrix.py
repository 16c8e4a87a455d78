"""Every value in every encoding and place: nothing is left of it, JSON stays JSON, and all else stays as it was."""

import base64
import json
import re

import pytest

from core.resolver.masking_support import ENCODINGS, INNOCENT, PEM, PLACES, SERVICE_ACCOUNT, VALUES, is_left
from strongroom.resolver.masking import echoes as echoes_module
from strongroom.resolver.masking import issued, needles, unescaping
from strongroom.resolver.masking.decoders import DECODERS
from strongroom.resolver.masking.echoes import Echoes
from strongroom.values.secret_value import MASK, SecretValue

WITH_ESCAPES = ("backslashes", "percents", "entities")
"""Values that look like escapes themselves: a part of one that is escaped again reads as something else."""

AMBIGUOUS = {
    ("turkish", "css"),
    *((name, "mime word") for name in ("json", "service account", "pem", "pem with crlf")),
}
"""A CSS escape of three digits of an octal number, before a space, reads as one of C; of a long value in words of a
mail, the words' own marks, and what is public in the value, are left.
"""

STRIPE = VALUES["stripe"]


def echoes_of(value):
    return Echoes([("k", SecretValue(value))])


@pytest.mark.parametrize("name", VALUES)
def test_nothing_is_left_of_a_value_in_any_encoding_and_place(name):
    value, left, echoes = VALUES[name], [], echoes_of(VALUES[name])
    for encoding, encode in ENCODINGS.items():
        if (name, encoding) in AMBIGUOUS:
            continue
        echo = encode(value)
        for place, put in PLACES.items():
            masked = echoes.masked(put(echo))
            for form in {echo, json.dumps(echo)[1:-1]}:
                if MASK not in masked or is_left(masked, form, value):
                    left.append((encoding, place, masked[:300]))
            if "json" in place or place == "as a key":
                json.loads(masked)
    assert not left


CUTS = {
    "the first eight": lambda text: f"{text[:8]}...",
    "the last eight": lambda text: f"...{text[-8:]}",
    "the first half": lambda text: text[: max(8, len(text) // 2)],
    "the last half": lambda text: text[-max(8, len(text) // 2) :],
    "three quarters": lambda text: f"{text[: max(8, len(text) * 3 // 4)]}…",
    "all but the last": lambda text: text[: max(8, len(text) - 1)],
    "all but the first": lambda text: text[-max(8, len(text) - 1) :],
    "both ends": lambda text: f"{text[:8]}...{text[-8:]}",
    "a hole": lambda text: f"{text[: len(text) // 2]}*{text[len(text) // 2 + 1 :]}",
    "the middle": lambda text: f"*{text[4:-4]}*" if len(text) > 16 else text,
}
ENCODINGS_OF_CUTS = [
    "plain",
    "json",
    "percent",
    "percent all",
    "html decimal",
    "base64",
    "hex",
    "octal",
    "numbers",
]
WITHOUT_STRUCTURE = [
    name
    for name, value in VALUES.items()
    if "\n" not in value
    and "://" not in value
    and not value.startswith('{"')
    and name not in ("dsn", *WITH_ESCAPES)
]


@pytest.mark.parametrize("name", WITHOUT_STRUCTURE)
def test_parts_of_eight_characters_and_more_are_masked(name):
    value, left, echoes = VALUES[name], [], echoes_of(VALUES[name])
    for cut, cutting in CUTS.items():
        part = cutting(value)
        for encoding in ENCODINGS_OF_CUTS:
            echo = ENCODINGS[encoding](part)
            masked = echoes.masked(json.dumps({"error": f"Invalid key '{echo}'"}, ensure_ascii=False))
            assert json.loads(masked)
            pieces = [piece for piece in re.split(r"[*.…]+", part) if len(piece) >= 8]
            if any(is_left(masked, ENCODINGS[encoding](piece), piece) for piece in pieces):
                left.append((cut, encoding, masked))
    assert not left


@pytest.mark.parametrize(
    ("value", "text", "secret"),
    [
        (VALUES["url"], "password authentication failed: S3cr3tPassw0rd", "S3cr3tPassw0rd"),
        ("https://me:p%40ss%2Fw0rd@example.com/", "wrong: p@ss/w0rd", "p@ss/w0rd"),
        ("https://me:hunter2@example.com/", "wrong: hunter2", "hunter2"),
        (VALUES["url with a key"], "signature Zx9Yw8Vu7Ts6 expired", "Zx9Yw8Vu7Ts6"),
        (VALUES["url with a key"], "no hook B00Z1X2C there", "B00Z1X2C"),
        ("runner:hunter2", '{"user": "runner", "password": "hunter2"}', "hunter2"),
        (base64.b64encode(b"runner:S3cr3t-Passw0rd").decode(), "user runner:S3cr3t-Passw0rd", "S3cr3t"),
        (VALUES["dsn"], "login with S3cr3tPassw0rd failed", "S3cr3tPassw0rd"),
        (VALUES["json"], json.dumps(json.loads(VALUES["json"]), indent=4), "S3cr3tPassw0rd"),
        (VALUES["json"], json.dumps(json.loads(VALUES["json"])["pin"]), "40123377"),
        (SERVICE_ACCOUNT, json.dumps(json.loads(SERVICE_ACCOUNT), indent=4), "9f8c2d1e0b7a6f5e4d3c2b1a"),
        (SERVICE_ACCOUNT, json.dumps(json.loads(SERVICE_ACCOUNT), sort_keys=True), PEM.splitlines()[7]),
        (PEM, f"bad line: {PEM.splitlines()[5]}", PEM.splitlines()[5][20:40]),
        (PEM, "".join(PEM.splitlines()[1:-1]), PEM.splitlines()[9]),
        (VALUES["uuid"], "no user 3f2504e04f8941d39a0c0305e82c3301", "0305e82c3301"),
        (VALUES["digits"], "card 4111 1111 1111 1111", "1111 1111"),
        (VALUES["digits and dashes"], "card 4111111122223333", "22223333"),
    ],
)
def test_parts_of_structured_values_are_masked(value, text, secret):
    masked = echoes_of(value).masked(text)
    assert secret not in masked
    assert MASK in masked


def test_what_is_public_in_a_structured_value_is_not_masked_by_itself():
    text = '{"token_uri": "https://oauth2.example.com/token", "see": "https://hooks.example.com/"}'
    assert echoes_of(SERVICE_ACCOUNT).masked(text) == text
    assert echoes_of(VALUES["url with a key"]).masked(text) == text
    assert echoes_of(PEM).masked(INNOCENT["prose"]) == INNOCENT["prose"]
    assert echoes_of("https://api.example.com/v1").masked(text) == text
    assert MASK in echoes_of("https://api.example.com/v1").masked("at https://api.example.com/v1 now")


@pytest.mark.parametrize("text", INNOCENT.values(), ids=INNOCENT)
def test_an_answer_without_an_echo_stays_as_it_is(text):
    known = [
        (name, SecretValue(value)) for name, value in VALUES.items() if name not in ("spaces", "sentence")
    ]
    assert Echoes(known).masked_bytes(text.encode(), "utf-8") == text.encode()


@pytest.mark.parametrize(
    ("value", "text", "expected"),
    [
        ("test", '{"latest":"contest test results"}', f'{{"latest":"contest {MASK} results"}}'),
        ("true", '{"ok":true,"s":"it was construed"}', f'{{"ok":"{MASK}","s":"it was construed"}}'),
        ("demo", "a demonstration of DEMO, demo_key", f"a demonstration of {MASK}, demo_key"),
        ("password", "password: passwords", f"{MASK}: passwords"),
        ("ab", '{"key": "ab", "table": "cab"}', f'{{"key": "{MASK}", "table": "cab"}}'),
        ("4711", '{"n": 4711, "m": 14711, "f": 4711.5}', f'{{"n": "{MASK}", "m": 14711, "f": 4711.5}}'),
        ("administrator", "administration by administrators", f"administration by {MASK}s"),
        ("hunter2", "Xhunter2X", f"X{MASK}X"),
        ("test", f"key {base64.b64encode(b'user:test').decode()}", f"key {MASK}"),
        ("test", "dGVzdA== %74%65%73%74", f"{MASK} {MASK}"),
    ],
)
def test_common_words_and_numbers_are_masked_as_a_whole_only(value, text, expected):
    assert echoes_of(value).masked(text) == expected


@pytest.mark.parametrize(
    ("value", "text", "expected"),
    [
        ("12345678", '{"n": 12345678, "l": [12345678, 1]}', f'{{"n": "{MASK}", "l": ["{MASK}", 1]}}'),
        ("12345678", "-12345678.5", f'"{MASK}"'),
        ("null", "[null]", f'["{MASK}"]'),
        ("nabcdefgh1", '"\\nabcdefgh1"', f'"{MASK}"'),
        ("u0041bcdefgh", '"\\u0041bcdefgh"', f'"{MASK}"'),
        ('{"a": "s3cr3t-value"}', '{"v": {"a": "s3cr3t-value"}, "w": 1}', f'{{"v": "{MASK}", "w": 1}}'),
        ("s3cr3t-value", '["s3cr3t-","value"]', f'["{MASK}","{MASK}"]'),
        ("s3cr3t-value\\", '{"a": "s3cr3t-value\\\\"}', f'{{"a": "{MASK}"}}'),
        ("s3cr3t-value", '{"a": "s3cr3t-value"}\n{"a": 1}\n', f'{{"a": "{MASK}"}}\n{{"a": 1}}\n'),
        ("12345678", '{"a": 12345678}\n{"a": 1}\n', f'{{"a": "{MASK}"}}\n{{"a": 1}}\n'),
        ("s3cr3t-value", "n: s3cr3t-value\\n", f"n: {MASK}\\n"),
    ],
)
def test_json_stays_json_and_no_escape_is_cut(value, text, expected):
    assert echoes_of(value).masked(text) == expected


# --- each layer is held: with it the value is masked, without it the same text goes through ---

ALONE = {
    "unicode": ("pass!word!9", "pass\\u0021word\\u00219"),
    "byte": ("pass!word!9", "pass\\x21word\\x219"),
    "css in six": ("pass!word!9", "pass\\000021word\\0000219"),
    "octal": ("pass!word!9", "pass\\041word\\0419"),
    "css": ("pass!word!9", "pass!\\77 ord!9"),
    "ldap": ("pass!word!9", "pass\\21word\\219"),
    "letter": ("ab\tc!\td!\te", "ab\\tc!\\td!\\te"),
    "mark": ("ab!c!d!e!f!", "ab\\!c\\!d\\!e\\!f\\!"),
    "backslashes": ("ab\\k\\k\\k\\k", "ab\\\\k\\\\k\\\\k\\\\k"),
    "percent": ("pass!word!9", "pass%21word%219"),
    "numbered": ("pass!word!9", "pass&#33;word&#x21;9"),
    "named": ("pass!word!9", "pass&excl;word&excl;9"),
    "nul": ("ab!c!d!e!f!", "a\0b\0!\0c\0!\0d\0!\0e\0!\0f\0!\0"),
    "soft break": ("ab!c!d!e!f!", "ab!=\nc!d=\n!e!=\nf!"),
    "quoted": ("pass!word!9", "pass=21word=219"),
    "next word": ("ab!c!d!e!f!", "=?q?ab!c?=\n =?q?!d!e?=\n =?q?!f!?="),
    "base64": (STRIPE, base64.b64encode(f"user:{STRIPE}".encode()).decode()),
    "hexadecimal": (STRIPE, STRIPE.encode().hex()),
    "numbers": (STRIPE, json.dumps(list(STRIPE.encode()))),
    "base32": (STRIPE, base64.b32encode(f"a{STRIPE}".encode()).decode()),
    "base85": (STRIPE, base64.b85encode(f"ab{STRIPE}".encode()).decode()),
    "ascii85": (STRIPE, base64.a85encode(f"abc{STRIPE}".encode()).decode()),
    "encodable": ("half-\ud83d-of-a-pair-4", "half-\ufffd-of"),
    "surrogate pairs": ("🔑🗝🔒🔓🔐🔏", json.dumps("🔑🗝🔒🔓🔐🔏")),
    "misread": ("ключ", "ключ".encode().decode("latin-1")),
    "misread by Windows": ("密码是秘", "密码是秘".encode().decode("cp1252", "replace")),
    "misread twice": ("ключ", "ключ".encode().decode("latin-1").encode().decode("latin-1")),
    "utf-16-le": ("п密к码л是ю秘-9", base64.b64encode("п密к码л是ю秘-9".encode("utf-16-le")).decode()),
    "utf-16-be": ("п密к码л是ю秘-9", base64.b64encode("п密к码л是ю秘-9".encode("utf-16-be")).decode()),
}


@pytest.fixture
def taken_out(request, monkeypatch):
    """Take one layer out of all tables that have it."""
    name = request.param
    kept = {key: escape for key, escape in unescaping.ESCAPES.items() if key != name}
    mails = {key: escape for key, escape in unescaping.QUOTED_PRINTABLE.items() if key != name}
    for module in (echoes_module, needles, issued):
        monkeypatch.setattr(module, "unescaped", unescaping.Unescaper(kept))
    monkeypatch.setattr(echoes_module, "unquoted", unescaping.Unescaper(mails, 1))
    if name == "nul":
        monkeypatch.setattr(echoes_module, "without_nuls", lambda layer: layer)
    for table in (DECODERS, needles.ENCODINGS, needles.SPELLINGS):
        if name in table:
            monkeypatch.delitem(table, name)
    return name


@pytest.mark.parametrize("name", ALONE)
def test_a_layer_finds_what_it_is_for(name):
    value, text = ALONE[name]
    assert MASK in echoes_of(value).masked(text)


@pytest.mark.parametrize("taken_out", ALONE, indirect=True)
def test_without_a_layer_that_goes_through(taken_out):
    value, text = ALONE[taken_out]
    assert echoes_of(value).masked(text) == text


def test_every_layer_is_held():
    tables = (unescaping.ESCAPES, unescaping.QUOTED_PRINTABLE, DECODERS, needles.ENCODINGS, needles.SPELLINGS)
    assert {name for table in tables for name in table} - {"plain"} == set(ALONE)


@pytest.mark.parametrize(
    ("layer", "value", "text"),
    [
        ("squeezed", "4111111122223333", "4111-1111-2222-3333"),
        ("inflated", STRIPE, ENCODINGS["base64 of gzip"](STRIPE)),
        ("readable", STRIPE, ENCODINGS["base64 twice"](STRIPE)),
    ],
)
def test_the_other_layers_are_held_too(layer, value, text, monkeypatch):
    assert MASK in echoes_of(value).masked(text)
    nothing = (lambda given, _without: given) if layer == "squeezed" else (lambda _given: None)
    monkeypatch.setattr(echoes_module, layer, nothing)
    assert echoes_of(value).masked(text) == text


def test_exact_forms_are_found_where_neighbours_make_an_escape_of_them():
    assert echoes_of("41bcdefg").masked("at 100%41bcdefg") == f"at 100%{MASK}"
    assert echoes_of("3dABCDEF").masked("k=3dABCDEF") == f"k={MASK}"


def test_a_mixture_of_escapes_is_undone_at_once():
    assert echoes_of("abcd!=&").masked("x abcd%21=&amp; y") == f"x {MASK} y"
    assert echoes_of("abcdefg!=&").masked("x abcdefg%21=&amp; y") == f"x {MASK} y"


@pytest.mark.parametrize(
    "unit", ["A", "V", "0", "\\", "%25", "&amp;", "ab:", "1, ", "=41", "eJw", '\\"', "sk_live_ "]
)
def test_the_work_grows_with_the_length_of_a_text_alone(unit, monkeypatch):
    """Four times the text asks for about four times the comparisons, whatever the text."""
    counted = []
    original = echoes_module.Search.finds
    monkeypatch.setattr(
        echoes_module.Search,
        "finds",
        lambda self, text, **given: counted.append(len(text)) or original(self, text, **given),
    )
    echoes = echoes_of(STRIPE)
    echoes.masked(unit * (40_000 // len(unit)))
    once = sum(counted)
    counted.clear()
    echoes.masked(unit * (160_000 // len(unit)))
    assert sum(counted) <= 5 * once
    assert once <= 40_000 * 8
