"""Makes up connector files whose templates are valid and full of what the rules have fixes for."""

import json
import re
from random import Random

from strongroom.names import Kind, Knowledge, Name, Names
from template_meaning import read_by_jinja

NAMES = Names(
    Knowledge.COMPLETE,
    {"api_key": Name("api_key", Kind.SECRET), "base_url": Name("base_url", Kind.VARIABLE)},
    "made-up",
)

_NAMES = ["a", "b", "user", "tenant_id", "body_text", "body_raw", "response", "request", "steps", "x"]
_FILTERS = [
    "default",
    "tojson",
    "from_json",
    "json_encode",
    "upper",
    "safe",
    "join",
    "trim",
    "replace",
    "list",
    "map",
]
_METHODS = [
    "items",
    "keys",
    "values",
    "get",
    "pop",
    "email",
    "body",
    "body_text",
    "status_code",
    "a",
    "fetch-user",
]
_TEXTS = [
    "'x'",
    '"x"',
    "'it\\'s'",
    '"say \\"a\\""',
    "'\\u00e9'",
    '"\\x41"',
    "'{{'",
    "'%}'",
    "'a' 'b'",
    "'é😀'",
    "''",
]
_OPERATORS = ["+", "-", "*", "/", "//", "%", "**", "~", "==", "!=", "<", ">=", "in", "not in", "and", "or"]


class Maker:
    """Makes texts out of a grammar by the numbers of one generator."""

    def __init__(self, random: Random) -> None:
        self.random = random

    def one(self, *choices):
        """One of these; one that can be called is called."""
        chosen = self.random.choice(choices)
        return chosen() if callable(chosen) else chosen

    def chance(self, of: float) -> bool:
        return self.random.random() < of

    def joined(self, tokens) -> str:
        """The tokens with blanks where there must be some, and here and there where there may be."""
        text = ""
        for token in tokens:
            if not token:
                continue
            must = text and (
                (_is_word(text[-1]) and _is_word(token[0])) or (text[-1] in "{%-" or token[0] in "}%-{#")
            )
            blank = self.random.choice([" ", " ", "  ", "\n"] if must else ["", "", "", " ", " ", "\n"])
            text += (blank if text else "") + token
        return text

    # -- expressions: lists of tokens --------------------------------------------------------------------------

    def expression(self, depth: int) -> list[str]:
        if depth <= 0:
            return self.atom()
        kinds = (
            self.atom, self.call, self.call, self.as_function, self.as_function, self.member, self.member, self.member,
            self.filtered, self.filtered, self.filtered, self.tested, self.binary, self.ternary, self.negated,
            self.minus, self.parenthesised, self.parenthesised, self.listed, self.mapped, self.sliced,
        )  # fmt: skip
        return self.random.choice(kinds)(depth - 1) if depth else self.atom()

    def atom(self, _depth: int = 0) -> list[str]:
        names = self.random.choice([_NAMES, [*_NAMES, "usr", "User", "tenantId", "responze"]])
        return [self.random.choice(self.random.choice([names, names, _TEXTS, ["1", "1.5", "none"]]))]

    def call(self, depth: int = 0) -> list[str]:
        """A call of the platform, with its name written in many ways."""
        name = self.random.choice(["api_key", "base_url", "api_kye", "Api_Key", "base-url", "baseurl"])
        quote = self.random.choice("'\"")
        literal = [f"{quote}{name}{quote}"]
        if self.chance(0.2):
            literal = ["(", *literal, ")"]
        if self.chance(0.1):
            literal.append(",")
        function = [self.random.choice(["get_secret", "get_variable"])]
        if self.chance(0.1):
            function = ["(", *function, ")"]
        return [*function, "(", *literal, ")"]

    def as_function(self, depth: int) -> list[str]:
        """A filter that is called as if it were a function."""
        given = [self.expression(depth)]
        for _ in range(self.random.choice([0, 0, 1, 2])):
            given.append(self.expression(depth - 1))
        if self.chance(0.2):
            given.append([self.one("boolean", "d"), "=", *self.expression(0)])
        tokens = [token for part in given for token in (*part, ",")]
        return [self.random.choice(_FILTERS), "(", *(tokens if self.chance(0.1) else tokens[:-1]), ")"]

    def member(self, depth: int) -> list[str]:
        owner = self.owner(depth)
        for _ in range(self.random.choice([1, 1, 2, 3])):
            name = self.random.choice([*_METHODS, "emial", "firstName", "Body", "status_cod"])
            if "-" in name or self.chance(0.3):
                quote = self.random.choice("'\"")
                name = self.random.choice([name, "fetch_user", "fetch-usr"])
                owner += ["[", f"{quote}{name}{quote}", "]"]
            else:
                owner += [".", name]
            if self.chance(0.15):
                owner += ["(", ")"]
            if self.chance(0.2):
                owner = ["(", *owner, ")"]
        return owner

    def owner(self, depth: int) -> list[str]:
        return self.one(
            lambda: self.one(
                lambda: [self.random.choice(_NAMES)], lambda: ["(", self.random.choice(_NAMES), ")"]
            ),
            lambda: ["(", *self.expression(depth), ")"],
            lambda: self.call(depth),
            lambda: ["(", "(", *self.expression(depth), ")", ")"],
        )

    def filtered(self, depth: int) -> list[str]:
        tokens = self.expression(depth)
        for _ in range(self.random.choice([1, 1, 2, 3])):
            name = self.random.choice(
                [*_FILTERS, "from_json", "safe", "toJson", "defualt", "Upper", "from_jsn"]
            )
            tokens += ["|", name]
            if self.chance(0.25):
                tokens += ["(", *self.expression(depth - 1), ")"]
            if self.chance(0.25):
                tokens = ["(", *tokens, ")"]
        return tokens

    def tested(self, depth: int) -> list[str]:
        test = self.random.choice(["defined", "none", "mapping", "Defined", "defind", "string"])
        return [*self.parenthesised(depth), "is", *(["not"] if self.chance(0.3) else []), test]

    def binary(self, depth: int) -> list[str]:
        operator = self.random.choice(_OPERATORS)
        return [*self.expression(depth), *operator.split(), *self.expression(depth)]

    def ternary(self, depth: int) -> list[str]:
        return [*self.expression(depth), "if", *self.expression(depth), "else", *self.expression(depth)]

    def negated(self, depth: int) -> list[str]:
        return ["not", *self.expression(depth)]

    def minus(self, depth: int) -> list[str]:
        return [self.random.choice("-+"), *self.expression(depth)]

    def parenthesised(self, depth: int) -> list[str]:
        inner = self.expression(depth)
        if self.chance(0.15):
            inner += [",", *self.expression(depth - 1)]
        return ["(", *inner, ")"]

    def listed(self, depth: int) -> list[str]:
        return ["[", *self.expression(depth), ",", *self.expression(depth - 1), "]"]

    def mapped(self, depth: int) -> list[str]:
        return ["{", "'k'", ":", *self.expression(depth), "}"]

    def sliced(self, depth: int) -> list[str]:
        return [*self.owner(depth), "[", *self.expression(0), ":", *self.expression(0), "]"]

    # -- texts and tags ----------------------------------------------------------------------------------------

    def printed(self) -> str:
        if self.chance(0.15):
            # What `raw-from-json` is about, in parentheses of any depth.
            tokens = [*self.expression(1), "|", "from_json"]
            for _ in range(self.random.choice([0, 1, 2])):
                tokens = ["(", *tokens, ")"] if self.chance(0.5) else tokens
                tokens = [*tokens, "|", "safe"]
            tokens = ["(", *tokens, ")"] if self.chance(0.4) else tokens
        else:
            tokens = self.expression(self.random.choice([0, 1, 2, 2, 3]))
        return self.joined(["{{" + self.trim(), *tokens, self.trim() + "}}"])

    def trim(self) -> str:
        return "-" if self.chance(0.15) else ""

    def tag(self, *tokens: str) -> str:
        return self.joined(["{%" + self.trim(), *tokens, self.trim() + "%}"])

    def plain(self) -> str:
        quote = self.random.choice("'\"")
        return self.one(
            "a", " ", "\n", "{", "}", "$", "é", "{ ", " }", "a b", '"k": ', "{id}", "${ id }", "#", "%",
            f"get_secret({quote}api_key{quote})", f"get_variable( {quote}base_url{quote} )",
            f"{{get_variable({quote}base_url{quote})}}", "{ get_secret('api_key') }", "{get_secret('api_key'),",
        )  # fmt: skip

    def comment(self) -> str:
        inner = self.random.choice([
            "note", "strongroom: ignore[secret-quotes]", "strongroom: ignore[nonsense]", "(", "{{", "'",
            "strongroom: ignore[secret-quotes, no-rule, dict-method]",
        ])  # fmt: skip
        return self.joined(["{#" + self.trim(), inner, self.trim() + "#}"])

    def block(self, depth: int) -> str:
        inside = lambda: self.content(depth - 1)  # noqa: E731
        expression = lambda: self.expression(2)  # noqa: E731
        return self.one(
            lambda: self.tag("if", *expression()) + inside() + self.tag("endif"),
            lambda: (
                self.tag("if", *expression()) + inside() + self.tag("else") + inside() + self.tag("endif")
            ),
            lambda: self.tag("for", "k", ",", "v", "in", *self.member(1)) + inside() + self.tag("endfor"),
            lambda: self.tag("for", "k", "in", *expression()) + inside() + self.tag("endfor"),
            lambda: self.tag("set", self.one("x", "a", "get_secret"), "=", *expression()),
            lambda: self.tag("set", "x") + inside() + self.tag("endset"),
            lambda: self.tag("with", "a", "=", *expression()) + inside() + self.tag("endwith"),
            lambda: (
                self.tag("macro", "m", "(", "a", "=", *self.expression(1), ")")
                + inside()
                + self.tag("endmacro")
            ),
            lambda: self.tag("filter", "upper") + inside() + self.tag("endfilter"),
            lambda: self.tag("raw") + self.plain() + self.tag("endraw"),
        )

    def content(self, depth: int) -> str:
        parts = []
        for _ in range(self.random.choice([1, 2, 3, 4])):
            kinds = [self.printed, self.printed, self.plain, self.plain, self.comment]
            if depth > 0:
                kinds.append(lambda: self.block(depth))
            parts.append(self.one(*kinds))
        return "".join(parts)

    def template(self) -> str:
        """A template that Jinja2 takes."""
        while True:
            text = self.content(2)
            if read_by_jinja(text) is not None:
                return text

    def url(self) -> str:
        while True:
            start = self.random.choice([
                "https://api.example.com/", "http://api.example.com/", "api.example.com/",
                "{{ get_variable('base_url') }}/",
                "{{- p -}} ://api.example.com/", "{% if a %}http{% else %}https{% endif %}://api.example.com/",
                "{{ get_variable('base_url') | default('api.example.com') }}/", " https://api.example.com/ ",
                "https://{{ get_variable('base_url') | default(\"http://a.example.com\") }}/",
            ])  # fmt: skip
            text = start + self.content(1)
            if read_by_jinja(text) is not None:
                return text

    # -- files -------------------------------------------------------------------------------------------------

    def connector(self) -> dict:
        made = {"name": "A", "permalink": "a", "url": self.url()}
        if self.chance(0.7):
            made["headers"] = [
                {"key": f"X-{n}", "value": self.template()} for n in range(self.random.choice([1, 2]))
            ]
        if self.chance(0.3):
            made["query_parameters"] = [{"key": "q", "value": self.template()}]
        if self.chance(0.5):
            made |= {"method": "POST", "request_body": self.template()}
        if self.chance(0.5):
            made["response_body"] = self.template()
        return made

    def file(self) -> str:
        """The JSON text of a registry with one connector, plain or of steps."""
        if self.chance(0.3):
            steps = [self.connector() | {"name": name} for name in ("fetch-user", "it's-2")]
            registry = {"composite_connectors": [{"name": "C", "permalink": "c", "steps": steps}]}
        else:
            registry = {"connectors": [self.connector()]}
        text = json.dumps(registry, ensure_ascii=self.chance(0.5), indent=self.random.choice([None, 2]))
        if self.chance(0.2):
            text = re.sub(r"\\\"|[()']", lambda found: f"\\u{ord(found.group()[-1]):04x}", text)
        return text


def _is_word(character: str) -> bool:
    return character.isalnum() or character == "_"
