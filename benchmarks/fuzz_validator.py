"""Throws made-up and damaged connector files at the documents and the validator, and stops at the first promise
broken: no exception, places inside the text, edits equal to a fresh reading, fixes that come to an end.

    python benchmarks/fuzz_validator.py --seconds 600 --seed 1 [folder with *.json to start from]
"""

import argparse
import json
import random
import sys
import time
from pathlib import Path

from strongroom.document import Document
from strongroom.names import Kind, Knowledge, Name, Names
from strongroom.validator import Finding, Validator, validate
from strongroom.validator.fixing import apply_together, fix_all

NAMES = Names(
    Knowledge.COMPLETE, {"key": Name("key", Kind.SECRET), "base": Name("base", Kind.VARIABLE)}, "fuzz"
)
VALIDATOR = Validator(NAMES)
"""Keeps what it finds over all rounds, as a language server does."""
ATOMS = (
    *(
        "{{",
        "}}",
        "{%",
        "%}",
        "{#",
        "#}",
        "{%-",
        "-%}",
        "{",
        "}",
        "(",
        ")",
        "[",
        "]",
        "'",
        '"',
        "\\",
        "|",
        "~",
        ".",
    ),
    *(",", ":", "=", "-", " ", "\n", "\r\n", "\u2028", "\U0001f600", "\x00", "e\u0301", "0", "1.5", "\ud800"),
    *("get_secret", "get_variable", "get_secret('key')", "get_secret( 'base' )", "jwt_encode(", "now()"),
    *("user.email", "body_text", "request.body_text", "response.body", "pathParams.id", "steps['a'].body"),
    *(
        "steps.a-b",
        "data.items",
        "from_json",
        "tojson",
        "json_encode(x)",
        "default('')",
        "payload",
        "loop.index",
    ),
    *(
        "set x = x + 1",
        "for k, v in d.items",
        "endfor",
        "if a is defined",
        "else",
        "endif",
        "macro m(a, b=1)",
    ),
    *(
        "endmacro",
        "raw",
        "endraw",
        "with a = b",
        "endwith",
        "call m()",
        "endcall",
        "strongroom: ignore[none-text]",
    ),
    *("https://", "a.example", "127.0.0.1", "[::1]", "{id}", "?a[]=b", "/"),
)
KEYS = (
    *("name", "url", "method", "headers", "query_parameters", "path_parameters", "authentication", "steps"),
    *("request_body", "response_body", "permalink", "key", "value", "overridable", "type", "config", "in"),
    *(
        "client_id",
        "client_secret",
        "token_url",
        "private_key",
        "algorithm",
        "claims",
        "pathParams",
        "header",
    ),
)


def template(rand: random.Random) -> str:
    return "".join(rand.choice(ATOMS) for _ in range(rand.randrange(9)))


def value(rand: random.Random, depth: int) -> object:
    pick = rand.random()
    if depth <= 0 or pick < 0.55:
        return rand.choice(
            (template(rand), template(rand), template(rand), None, True, 1, -2.5e9, "api_key", "jwt")
        )
    if pick < 0.75:
        return [value(rand, depth - 1) for _ in range(rand.randrange(4))]
    return {rand.choice(KEYS): value(rand, depth - 1) for _ in range(rand.randrange(6))}


def connector(rand: random.Random) -> dict[str, object]:
    found: dict[str, object] = {"name": rand.choice(("a", "a-b", "", "A b")), "url": template(rand)}
    for key in rand.sample(KEYS, rand.randrange(len(KEYS) // 2)):
        found[key] = value(rand, 2)
    if rand.random() < 0.7:
        found["headers"] = [{"key": "k", "value": template(rand)}]
        found["response_body"] = template(rand)
    return found


WORDS = (
    "a",
    "A b",
    "key",
    "base",
    "id",
    "k1",
    "k2",
    "rows1",
    "X-1",
    "X-2",
    "HS256",
    "fe80",
    "a1",
    "orders-1",
    "12",
    "7",
    "POST",
    "https",
)


def reworded(rand: random.Random, pattern: str) -> object:
    """The JSON with a word or number changed, where it stands first or wherever it stands."""
    text = pattern.replace(rand.choice(WORDS), rand.choice(WORDS), rand.choice((1, -1)))
    try:
        return json.loads(text)
    except ValueError:  # a word has taken the place of a number
        return json.loads(pattern)


def family(rand: random.Random) -> list[object]:
    """Connectors that were made from one by changing words: they have equal templates."""
    pattern = json.dumps(connector(rand))
    return [json.loads(pattern), *(reworded(rand, pattern) for _ in range(rand.randrange(30)))]


def mixture(rand: random.Random) -> list[object]:
    """Connectors that are put together from few fields, some with a word or a number changed."""
    fields = [(key, field) for _ in range(3) for key, field in connector(rand).items() if rand.random() < 0.8]
    fields += [
        ("url", "https://a.example/x"),
        ("url", "https://a.example/{{ pathParams.id }}"),
        ("path_parameters", [{"key": "id"}]),
        ("method", "POST"),
        ("request_body", "{{ body_text }}"),
        ("headers", [{"key": "k1", "value": "{{ get_secret('key') }}"}, {"key": "k2", "value": 12}]),
        ("response_body", "{{ response.body | tojson }}"),
    ]
    made: list[object] = []
    for _ in range(rand.randrange(30)):
        chosen = {"name": "a", "url": "https://a.example/x", **dict(rand.sample(fields, rand.randrange(6)))}
        made.append(reworded(rand, json.dumps(chosen)) if rand.random() < 0.3 else chosen)
    return made


def check_alone(document: Document) -> None:
    """Each connector that can be read for certain has the findings that it has in a file of its own."""
    if document.problems:
        return
    found = validate(document, NAMES)
    for fragment, base, pointer in document.placed:
        if not fragment.is_sound or pointer.count("/") != 2:
            continue
        head = f'{{"{pointer.split("/")[1]}": ['
        alone = validate(Document.parse(f"{head}{fragment.source}]}}"), NAMES)
        here = [f for f in found if base <= f.start < base + len(fragment.source)]
        assert [said(f, len(head)) for f in alone] == [
            said(f, base) for f in here if f.rule != "duplicate-permalink"
        ], "a connector has other findings beside others than by itself"


def said(finding: Finding, base: int) -> tuple[object, ...]:
    """What a finding says, with its places relative to a connector that begins at `base`."""
    places = [(each.start - base, each.end - base) for each in (finding, *finding.related)]
    edits = [(edit.start - base, edit.end - base, edit.new) for fix in finding.fixes for edit in fix.edits]
    return finding.rule, finding.message, finding.field, finding.connector, places, edits


def made_up(rand: random.Random) -> str:
    steps = {"name": "c", "steps": [connector(rand) for _ in range(rand.randrange(4))]}
    data = rand.choice(
        (
            {
                "connectors": [connector(rand) for _ in range(rand.randrange(4))],
                "composite_connectors": [steps],
            },
            [connector(rand)],
            {"connectors": family(rand)},
            {"connectors": mixture(rand)},
            connector(rand),
            value(rand, 4),
        )
    )
    text = json.dumps(data, indent=rand.choice((None, 2, "\t")), ensure_ascii=rand.random() < 0.5)
    return text.replace("\n", rand.choice(("\n", "\n", "\r\n", "\r")))


def damage(rand: random.Random, text: str) -> tuple[int, int, str]:
    """A random edit: a start, an end, and the new text."""
    start = rand.randrange(len(text) + 1)
    end = min(len(text), start + rand.choice((0, 0, 1, 1, 2, 10, 200)))
    return start, end, "".join(rand.choice(ATOMS) for _ in range(rand.randrange(4)))


def check_places(text: str, findings: list[Finding]) -> None:
    for finding in findings:
        places = [finding, *finding.related, *(edit for fix in finding.fixes for edit in fix.edits)]
        assert all(0 <= place.start <= place.end <= len(text) for place in places), finding


def one_round(rand: random.Random, seeds: list[str]) -> str:
    """One text with three edits; gives the text that was looked at last."""
    text = rand.choice(seeds) if seeds and rand.random() < 0.3 else made_up(rand)
    document = Document.parse(text)
    check_places(text, VALIDATOR.findings(document))
    check_alone(document)
    for _ in range(3):
        document = document.edit(*damage(rand, document.text))
        found = VALIDATOR.findings(document)
        fresh = Validator(NAMES, is_caching=False).findings(Document.parse(document.text))
        assert found == fresh, "the edited document has other findings than the same text read again"
        check_places(document.text, found)
    fixed = fix_all(document, VALIDATOR.findings)
    left = [fix for finding in fixed.findings if (fix := finding.fix) is not None]
    assert not apply_together(fixed.document, left).fixes, "the fixes never settle"
    return fixed.document.text


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("folder", nargs="?")
    options = parser.parse_args()
    paths = sorted(Path(options.folder).rglob("*.json")) if options.folder else []
    seeds = [path.read_bytes().decode("utf-8", "replace") for path in paths]
    ends = time.monotonic() + options.seconds
    rounds = 0
    while time.monotonic() < ends:
        seed = options.seed * 1_000_000 + rounds
        try:
            one_round(random.Random(seed), seeds)
        except Exception:
            print(
                f"round {seed} failed; repeat it with one_round(random.Random({seed}), seeds)",
                file=sys.stderr,
            )
            raise
        rounds += 1
    print(f"{rounds} rounds in {options.seconds:.0f} s, nothing found")
    return 0


if __name__ == "__main__":
    sys.exit(main())
