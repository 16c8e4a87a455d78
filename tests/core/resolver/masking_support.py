"""Values of many kinds, encodings of many kinds, and the places of an answer in which an echo may be."""

import base64
import gzip
import html
import json
import math
import quopri
import zlib
from email.header import Header
from html.entities import codepoint2name, html5
from urllib.parse import quote, quote_plus

_BODY = base64.b64encode(bytes((index * 73 + 41) % 256 for index in range(900))).decode()
PEM = "\n".join(
    [
        "-----BEGIN PRIVATE KEY-----",
        *(_BODY[at : at + 64] for at in range(0, 1200, 64)),
        "-----END PRIVATE KEY-----",
        "",
    ]
)
SERVICE_ACCOUNT = json.dumps(
    {
        "type": "service_account",
        "project_id": "acme-prod-4711",
        "private_key_id": "9f8c2d1e0b7a6f5e4d3c2b1a",
        "private_key": PEM,
        "client_email": "runner@acme-prod-4711.iam.example.com",
        "client_id": 103948571029384756,
        "token_uri": "https://oauth2.example.com/token",
    }
)

VALUES = {
    "stripe": "sk_live_51Hc9Zp0QwErTyUiOpAs",
    "github": "ghp_16C7e42F292c6912E7710c838347Ae178B4a",
    "hex": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822c",
    "HEX": "9F86D081884C7D659A2FEAA0C55AD015",
    "uuid": "3f2504e0-4f89-41d3-9a0c-0305e82c3301",
    "base64": "d2VsbC10aGlzLWlzLWEtc2VjcmV0LXZhbHVlLTE3",
    "base64 marks": "q/8+aB3/zX+9dW0/mN4+rT6yU8iO2pL5==",
    "base64url": "q_8-aB3_zX-9dW0_mN4-rT6yU8iO2pL5",
    "jwt": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI0NzExIn0.c2lnbmF0dXJlLW9mLXRoaXMtb25l",
    "password": "p@ss/w+rd=\"<7&x'%Zv",
    "marks": "!Q2@w#E4$r%T6^y&U8*i(O0)",
    "backslashes": "C:\\keys\\new\\table\\x41\\u0041.pem",
    "percents": "100%41%zz%2Fabc%25def9",
    "entities": "a&amp;b&#65;c&lowbar;d&nope;e99",
    "quotes": 'it\'s "quoted" `twice` 4711',
    "spaces": "correct horse battery staple 47",
    "sentence": "The quick brown fox jumps over it",
    "digits": "4111111111111111",
    "digits and dashes": "4111-1111-2222-3333",
    "letters": "qwertzuiopasdfgh",
    "capitals": "AKIAIOSFODNNEXAMPLE",
    "aws": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    "cyrillic": "пароль-секрет-2024",
    "german": "Schlüsselwörter-für-Größe-9",
    "chinese": "密码是非常秘密的四七一一",
    "emoji": "key-🔑🗝️-lock-🔒-4711",
    "mixed scripts": "naïve-ключ-鍵-key-77",
    "turkish": "İstanbul-ığdır-4711-İ",
    "eight": "Xy7#kL9$",
    "nine": "a1b2c3d4e",
    "json braces": "{not json: [at all] 4711}",
    "url": "postgres://runner:S3cr3tPassw0rd@db.example.com:5432/app",
    "url with a key": "https://hooks.example.com/services/T00F9A7B/B00Z1X2C?sig=Zx9Yw8Vu7Ts6",
    "pair": "runner:S3cr3t-Passw0rd",
    "dsn": "Server=db;User=runner;Password=S3cr3tPassw0rd;",
    "json": '{"user": "runner-4711", "password": "S3cr3tPassw0rd", "pin": 40123377}',
    "service account": SERVICE_ACCOUNT,
    "pem": PEM,
    "pem with crlf": PEM.replace("\n", "\r\n"),
    "lines": "first line of it, 1\nsecond line of it, 2\n\tthird line, indented, 3\n",
}


def _each(form):
    return lambda text: "".join(form(character) for character in text)


def _bytes(form):
    return lambda text: "".join(form(byte) for byte in text.encode())


def _units(form):
    def encode(text):
        data = text.encode("utf-16-be")
        return "".join(form(int.from_bytes(data[at : at + 2], "big")) for at in range(0, len(data), 2))

    return encode


def _b64(data):
    return base64.b64encode(data).decode()


_NAMES = {
    character: f"&{name}" for name, character in html5.items() if name.endswith(";") and len(character) == 1
}


def _raw_deflate(text):
    packer = zlib.compressobj(wbits=-15)
    return _b64(packer.compress(f"it was {text}".encode()) + packer.flush())


ENCODINGS = {
    "plain": str,
    "upper": str.upper,
    "lower": str.lower,
    "reversed": lambda text: text[::-1],
    "json": lambda text: json.dumps(text)[1:-1],
    "json raw": lambda text: json.dumps(text, ensure_ascii=False)[1:-1],
    "json slashes": lambda text: json.dumps(text)[1:-1].replace("/", "\\/"),
    "json twice": lambda text: json.dumps(json.dumps(text)[1:-1])[1:-1],
    "json three times": lambda text: json.dumps(json.dumps(json.dumps(text)[1:-1])[1:-1])[1:-1],
    "json unicode": _units(lambda unit: f"\\u{unit:04x}"),
    "JSON UNICODE": _units(lambda unit: f"\\u{unit:04X}"),
    "es6": _each(lambda c: f"\\u{{{ord(c):x}}}"),
    "javascript x": _bytes(lambda byte: f"\\x{byte:02x}"),
    "python bytes": lambda text: repr(text.encode()),
    "python": lambda text: repr(text)[1:-1],
    "python ascii": lambda text: ascii(text)[1:-1],
    "octal": _bytes(lambda byte: f"\\{byte:03o}"),
    "css": _each(lambda c: c if c.isalnum() and c.isascii() else f"\\{ord(c):x} "),
    "css six": _each(lambda c: f"\\{ord(c):06x}"),
    "markdown": _each(lambda c: f"\\{c}" if c in "\\`*_{}[]()#+-.!|" else c),
    "percent": lambda text: quote(text, safe=""),
    "percent path": quote,
    "percent small": lambda text: quote(text, safe="").replace("%2F", "%2f").replace("%3D", "%3d"),
    "percent all": _bytes(lambda byte: f"%{byte:02X}"),
    "percent twice": lambda text: quote(quote(text, safe=""), safe=""),
    "percent three times": lambda text: quote(quote(quote(text, safe=""), safe=""), safe=""),
    "percent all twice": _bytes(lambda byte: f"%25{byte:02x}"),
    "form": quote_plus,
    "javascript escape": _units(lambda unit: f"%u{unit:04X}"),
    "html": html.escape,
    "html twice": lambda text: html.escape(html.escape(text)),
    "html decimal": _each(lambda c: f"&#{ord(c)};"),
    "html hex": _each(lambda c: f"&#x{ord(c):X};"),
    "html zeros": _each(lambda c: f"&#{ord(c):04d};"),
    "html named": _each(lambda c: f"&{codepoint2name[ord(c)]};" if ord(c) in codepoint2name else c),
    "html5 named": _each(lambda c: _NAMES.get(c, c)),
    "html in json": lambda text: json.dumps(html.escape(text))[1:-1],
    "json in html": lambda text: html.escape(json.dumps(text)),
    "json in percent": lambda text: quote(json.dumps(text)),
    "percent in json in html": lambda text: html.escape(json.dumps(quote(text))),
    "base64": lambda text: _b64(text.encode()),
    "base64url": lambda text: base64.urlsafe_b64encode(text.encode()).decode().rstrip("="),
    "base64 after one": lambda text: _b64(b"a" + text.encode()),
    "base64 after two": lambda text: _b64(b"ab:" + b"c" + text.encode() + b"!"),
    "base64 in lines": lambda text: base64.encodebytes(
        f"some words before {text} and behind".encode()
    ).decode(),
    "base64 twice": lambda text: _b64(_b64(text.encode()).encode()),
    "base64 of json": lambda text: _b64(json.dumps({"value": text}).encode()),
    "base64 of percent": lambda text: _b64(quote(text, safe="").encode()),
    "base64 of utf-16": lambda text: _b64(text.encode("utf-16-le")),
    "base64 of utf-32": lambda text: _b64(text.encode("utf-32-be")),
    "base64 of gzip": lambda text: _b64(gzip.compress(f"it was {text}".encode(), mtime=0)),
    "base64 of zlib": lambda text: _b64(zlib.compress(f"it was {text}".encode())),
    "base64 of deflate": _raw_deflate,
    "percent of base64": lambda text: quote(_b64(text.encode()), safe=""),
    "basic": lambda text: f"Basic {_b64(f'user:{text}'.encode())}",
    "hex": lambda text: text.encode().hex(),
    "HEX": lambda text: text.encode().hex().upper(),
    "hex colons": lambda text: text.encode().hex(":"),
    "hex spaces": lambda text: text.encode().hex(" "),
    "hex 0x": lambda text: ", ".join(f"0x{byte:02x}" for byte in text.encode()),
    "hex of utf-16": lambda text: text.encode("utf-16-be").hex(),
    "hex of base64": lambda text: _b64(text.encode()).encode().hex(),
    "numbers": lambda text: json.dumps(list(text.encode()))[1:-1],
    "signed numbers": lambda text: ",".join(
        str(byte - 256 if byte > 127 else byte) for byte in text.encode()
    ),
    "code points": lambda text: ", ".join(str(ord(c)) for c in text),
    "base32": lambda text: base64.b32encode(text.encode()).decode(),
    "base32 behind": lambda text: base64.b32encode(b"abc" + text.encode() + b"ab").decode(),
    "base85": lambda text: base64.b85encode(text.encode()).decode(),
    "ascii85": lambda text: base64.a85encode(text.encode()).decode(),
    "quoted-printable": lambda text: quopri.encodestring(text.encode()).decode(),
    "mime word": lambda text: Header(text.replace("\n", " "), "utf-8").encode().replace("=?utf-8?q?", "=?q?"),
    "latin-1": lambda text: text.encode().decode("latin-1"),
    "windows-1252": lambda text: text.encode().decode("cp1252", "replace"),
    "latin-1 in percent": lambda text: quote(text.encode().decode("latin-1")),
    "grouped": lambda text: (
        text if not text.isalnum() else " ".join(text[at : at + 4] for at in range(0, len(text), 4))
    ),
    "in lines": lambda text: "\n".join(text[at : at + 20] for at in range(0, len(text), 20)),
}

PLACES = {
    "alone": lambda echo: echo,
    "in a sentence": lambda echo: f"The key {echo} is wrong.",
    "in quotes": lambda echo: f"Invalid key '{echo}'!",
    "in json": lambda echo: json.dumps({"kept": [1, True], "echo": echo, "more": {"text": "kept"}}),
    "as a key": lambda echo: json.dumps({echo: {"kept": 1}}),
    "in json in json": lambda echo: json.dumps({"error": json.dumps({"echo": echo})}),
    "in raw json": lambda echo: json.dumps([{"echo": f"it was {echo}"}], ensure_ascii=False, indent=2),
}


def is_left(masked: str, encoded: str, value: str) -> str:
    """Return a part of the encoded value, as long as eight characters of it, that is in the text; or ""."""
    wide = max(8, math.ceil(8 * len(encoded) / len(value)))
    return next(
        (part for at in range(len(encoded) - wide + 1) if (part := encoded[at : at + wide]) in masked), ""
    )


INNOCENT = {
    "json": json.dumps(
        {
            "id": "6f9619ff-8b86-d011-b42d-00c04fc964ff",
            "latest": "contest test results",
            "ok": True,
            "count": 1234567890,
            "created": "2024-01-15T08:30:00Z",
            "links": ["https://api.example.com/v1/items?page=2", "https://hooks.example.com/"],
            "text": "The administration is attested; a latest demo of the keyboards <b>&amp;</b> \u00e9\n",
            "image": base64.b64encode(bytes(range(256)) * 4).decode(),
            "schema": {
                "password": {"type": "string"},
                "errors": {"password": "is too short", "token": "required"},
            },
            "next_page_token": "cGFnZTo0Mg",
            "token_type": "Bearer",
            "digest": "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824",
            "numbers": [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12],
        }
    ),
    "html": "<html><head><title>Not found</title></head><body><h1>404</h1><p>Password: <input name=password></p>"
    "<a href='https://example.com/a%20b?q=1&amp;x=%2F'>here</a></body></html>",
    "prose": "Authentication failed: the token is missing. Send it in the Authorization header, please. "
    "-----BEGIN PRIVATE KEY----- is how a key begins, and service_account is a type. " * 3,
    "csv": "id,name,amount\n" + "".join(f"{n},customer {n},{n * 7919}\n" for n in range(50)),
}
