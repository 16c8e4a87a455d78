"""Write a request as a curl command for a POSIX shell.

Each secret is an environment variable. The command sends what the run sends. curl cannot sign: where a token
has to be signed, a variable is in its place and a comment says what it holds.
"""

import base64
import re
from collections.abc import Iterable, Sequence
from typing import Final

from strongroom.resolver.network.sending import with_query
from strongroom.resolver.request import shell
from strongroom.resolver.request.blueprint import Blueprint, Grant, Piece, Pieces, Secret, blueprint_of
from strongroom.resolver.request.rendered_request import RenderedRequest
from strongroom.resolver.terms.inputs import Policy
from strongroom.text.surrogates import encodable

_LARGEST_ARGUMENT: Final = 100_000
"""The largest argument, in bytes; Linux takes 128 KiB for one argument."""

_TAKEN: Final = frozenset(
    {
        *(
            "ACCESS_TOKEN",
            "ASSERTION",
            "SIGNED_TOKEN",
            "EDITOR",
            "ENV",
            "EUID",
            "HOME",
            "HOSTNAME",
            "IFS",
            "LANG",
        ),
        *(
            "LINENO",
            "LOGNAME",
            "MAIL",
            "OLDPWD",
            "OPTARG",
            "OPTIND",
            "PATH",
            "PPID",
            "PS1",
            "PS2",
            "PS4",
            "PWD",
        ),
        *("RANDOM", "SECONDS", "SHELL", "TERM", "TMPDIR", "TZ", "UID", "USER"),
    }
)
"""The variables that mean something to a shell, or to these commands."""

_TAKEN_PREFIXES: Final = ("BASH", "LD_", "DYLD_", "LC_", "CURL_", "SSL_", "HIST", "XDG_", "PYTHON")

_ISSUED: Final = r"""sed -n 's/.*"access_token"[[:space:]]*:[[:space:]]*"\([^"]*\)".*/\1/p'"""


def of_request(request: RenderedRequest, policy: Policy | None = None) -> str:
    """Return the command for a request that was rendered and not sent."""
    policy = policy or Policy()
    return of_blueprints([blueprint_of(request, timeout=policy.timeout, ca_file=policy.ca_file)])


def of_blueprints(blueprints: Sequence[Blueprint]) -> str:
    """Return the commands for the blueprints of a run, in order.

    The text ends with a line break.
    """
    writer = _Writer()
    blocks = ["\n".join(writer.block(blueprint)) for blueprint in blueprints]
    return "\n\n".join([*writer.preface(), *blocks]) + "\n"


class _Writer:
    """Give each secret its variable, and remember which were needed."""

    def __init__(self) -> None:
        self._variables: dict[tuple[str, str], str] = {}
        self._given: list[tuple[str, str]] = []
        self._prepared: list[str] = []

    def preface(self) -> list[str]:
        """Return the lines that set variables, and those that make others of them."""
        lines = [shell.comment(f"{name}: {what}") for name, what in self._given]
        if lines:
            lines.insert(0, "# Set and export these first:")
        return ["\n".join([*lines, *self._prepared])] if lines or self._prepared else []

    def block(self, blueprint: Blueprint) -> list[str]:
        lines = [shell.comment(f"Step {blueprint.step}")] if blueprint.step else []
        if blueprint.failure:
            lines.append(shell.comment(f"This request was not sent: {blueprint.failure}"))
        if blueprint.follows_others:
            lines.append(shell.comment("Made of what earlier steps answered in this run."))
        lines += [
            shell.comment(f"Does not resolve, and is sent as it is written: {text}")
            for text in blueprint.unresolved
        ]
        headers = list(blueprint.headers)
        if blueprint.grant is not None and blueprint.grant.type != "api_key":
            lines += self._token(blueprint, blueprint.grant)
            name = "SIGNED_TOKEN" if blueprint.grant.type == "jwt" else "ACCESS_TOKEN"
            headers = [row for row in headers if _lower(row[0]) != "authorization"]
            headers.append((("Authorization",), ("Bearer ", Secret(name, "set"))))
        return lines + _lines(
            [*self._start(blueprint, blueprint.url, blueprint.query), *self._options(blueprint, headers)],
            blueprint,
        )

    def _start(self, blueprint: Blueprint, url: str, query: Iterable[tuple[Pieces, Pieces]]) -> list[str]:
        rows = list(query)
        plain = 0
        while plain < len(rows) and not any(
            isinstance(piece, Secret) for part in rows[plain] for piece in part
        ):
            plain += 1
        address = _address(url, [(_joined(key), _joined(value)) for key, value in rows[:plain]])
        options = [f"curl {self.word((address,))}"]
        options += [f"--url-query {self._parameter(key, value)}" for key, value in rows[plain:]]
        if any(mark in address for mark in "[]{}"):
            options.append("--globoff")
        if "/." in address:
            options.append("--path-as-is")
        if blueprint.method == "HEAD":
            options.append("--head")
        elif blueprint.method != "GET":
            options.append(f"--request {self.word((blueprint.method,))}")
        options.append(f"--max-time {blueprint.timeout:g}")
        if blueprint.ca_file:
            options.append(f"--cacert {self.word((blueprint.ca_file,))}")
        return options

    def _parameter(self, key: Pieces, value: Pieces) -> str:
        from urllib.parse import quote_plus

        encoded = tuple(
            quote_plus(encodable(piece))
            if isinstance(piece, str)
            else piece._replace(form="percent", inner=(piece,))
            for piece in key
        )
        return self.word((*encoded, "=", *value))

    def _options(self, blueprint: Blueprint, headers: list[tuple[Pieces, Pieces]]) -> list[str]:
        options = [f"--header {self._header(key, value)}" for key, value in headers]
        names = {_lower(key) for key, _value in headers}
        if "accept-encoding" not in names:
            options.append("--compressed")
        if blueprint.body is None:
            return options
        if "content-type" not in names:
            options.append("--header 'Content-Type:'")
        if _size(blueprint.body) >= 1_000_000 and "expect" not in names:
            options.append("--header 'Expect:'")
        options.append(
            f"--data-raw {self.word(_as_text(blueprint.body))}"
            if _fits(blueprint.body)
            else "--data-binary @-"
        )
        return options

    def _header(self, key: Pieces, value: Pieces) -> str:
        if not any(isinstance(piece, Secret) for piece in value):
            text = _joined(value).strip(" \t")
            return self.word((*key, f": {text}")) if text else self.word((*key, ";"))
        return self.word((*key, ": ", *value))

    def _token(self, blueprint: Blueprint, grant: Grant) -> list[str]:
        """Return the lines before the command: a comment on the token, and its request."""
        algorithm = _joined(grant.fields.get("algorithm", ())) or "RS256"
        key = _joined(tuple(_literal(piece) for piece in grant.fields.get("private_key", ())))
        signed = f"signed by {algorithm} with {key or 'the private key'}"
        more = f", with the headers {grant.jwt_headers}" if grant.jwt_headers else ""
        if grant.type == "jwt":
            return [
                shell.comment(
                    f"Authentication: SIGNED_TOKEN is a JWT {signed}{more}, with the claims {grant.claims or '{}'}."
                )
            ]
        form: list[tuple[str, Pieces]] = []
        lines = [shell.comment("Authentication: an access token from the token endpoint.")]
        if grant.type == "oauth_client_credentials":
            form.append(("grant_type", ("client_credentials",)))
            form += [(field, grant.fields.get(field, ())) for field in ("client_id", "client_secret")]
            if _joined(tuple(_literal(piece) for piece in grant.fields.get("scope", ()))).strip():
                form.append(("scope", grant.fields["scope"]))
        elif grant.type == "oauth_jwt_bearer":
            own = ", ".join(
                f"{claim} {_joined(tuple(_literal(piece) for piece in grant.fields.get(field, ())))}"
                for claim, field in (("iss", "client_id"), ("sub", "subject"), ("aud", "audience"))
            )
            extra = f", and {grant.claims}" if grant.claims else ""
            lines.append(
                shell.comment(
                    f"ASSERTION is a JWT {signed}{more}, with {own}, iat now, exp in 180 seconds{extra}."
                )
            )
            form.append(("grant_type", ("urn:ietf:params:oauth:grant-type:jwt-bearer",)))
            form.append(("assertion", (Secret("ASSERTION", "set"),)))
        else:
            return [shell.comment(f"Authentication: the type {grant.type} is not known, so the run fails.")]
        url = grant.fields.get("token_url", ())
        options = [f"curl {self.word(url)}", "--silent --show-error", f"--max-time {blueprint.timeout:g}"]
        if blueprint.ca_file:
            options.append(f"--cacert {self.word((blueprint.ca_file,))}")
        options.append("--header 'Accept: application/json'")
        options += [f"--data-urlencode {self.word((f'{name}=', *value))}" for name, value in form]
        command = " \\\n  ".join(options)
        return [*lines, f"ACCESS_TOKEN=$({command} |\n  {_ISSUED})"]

    def word(self, pieces: Pieces) -> str:
        """Return one word of the shell that means the joined pieces, of any characters."""
        return shell.word([piece if isinstance(piece, str) else self._expansion(piece) for piece in pieces])

    def _expansion(self, secret: Secret) -> shell.Expansion:
        if secret.form == "set":
            return shell.variable(secret.name)
        if secret.form == "base64":
            return shell.Expansion(f"$(printf '%s' {self.word(secret.inner)} | base64 | tr -d '\\n')")
        if secret.form == "decoded":
            return shell.Expansion(f"$(printf '%s' {self.word(secret.inner)} | base64 --decode)")
        if secret.form.startswith("member "):
            path = shell.word([f".{secret.form.removeprefix('member ')}"])
            return shell.Expansion(f"$(printf '%s' {self.word(secret.inner)} | jq --raw-output {path})")
        return shell.variable(self._variable(secret))

    def _variable(self, secret: Secret) -> str:
        identity = (secret.form, secret.literal if secret.form == "token" else secret.name)
        if secret.form in ("json", "percent"):
            identity = (secret.form, self.word(secret.inner))
        if identity in self._variables:
            return self._variables[identity]
        if secret.form == "token":
            name = self._free("SIGNED_TOKEN_1")
            self._given.append((name, f"a signed token, what {secret.literal} gives"))
        elif secret.form in ("json", "percent"):
            name = self._prepare(secret)
        else:
            name = self._free(_variable_name(secret.name))
            self._given.append((name, f"the secret '{secret.name}'"))
        self._variables[identity] = name
        return name

    def _prepare(self, secret: Secret) -> str:
        """Return a variable that is made of another one, with jq."""
        inner = self.word(secret.inner)
        base = _variable_name(secret.name)
        if secret.form == "percent":
            name = self._free(f"{base}_URLENCODED")
            how = "jq --slurp --raw-input --raw-output @uri"
        else:
            name = self._free(f"{base}_JSON")
            how = "jq --slurp --raw-input . | sed 's/^\"//; s/\"$//'"
        self._prepared.append(f"{name}=$(printf '%s' {inner} | {how})")
        return name

    def _free(self, wanted: str) -> str:
        name, number = wanted, 1
        while name in self._variables.values():
            number += 1
            name = f"{wanted.removesuffix('_1')}_{number}"
        return name


def _lines(options: list[str], blueprint: Blueprint) -> list[str]:
    command = " \\\n  ".join(options)
    if blueprint.body is None or _fits(blueprint.body):
        return [command]
    encoded = base64.b64encode(_as_bytes(blueprint.body)).decode()
    return [f"printf '%s' '{encoded}' | base64 -d |\n{command}"]


def _fits(body: Pieces | bytes) -> bool:
    """Return True if a body can be in the command itself.

    Only a body without secrets can be too large or binary.
    """
    if isinstance(body, tuple) and any(isinstance(piece, Secret) for piece in body):
        return True
    data = _as_bytes(body)
    if len(data) > _LARGEST_ARGUMENT or b"\0" in data:
        return False
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _as_bytes(body: Pieces | bytes) -> bytes:
    return body if isinstance(body, bytes) else encodable(_joined(body)).encode()


def _as_text(body: Pieces | bytes) -> Pieces:
    return (body.decode("utf-8", "replace"),) if isinstance(body, bytes) else body


def _size(body: Pieces | bytes) -> int:
    return len(_as_bytes(body))


def _joined(pieces: Pieces) -> str:
    return "".join(piece for piece in pieces if isinstance(piece, str))


def _literal(piece: Piece) -> str:
    return piece if isinstance(piece, str) else piece.literal


def _lower(key: Pieces) -> str:
    return _joined(key).lower()


def _address(url: str, query: list[tuple[str, str]]) -> str:
    """Return the URL on the wire: percent-encoded, host in ASCII, no fragment."""
    import httpx2

    text = with_query(url, query)
    try:
        parsed = httpx2.URL(text)
        host = parsed.raw_host.decode("ascii")
    except (httpx2.InvalidURL, ValueError):
        return text
    if not host:
        return text
    host = f"[{host}]" if ":" in host else host
    port = f":{parsed.port}" if parsed.port else ""
    return f"{parsed.scheme}://{host}{port}{parsed.raw_path.decode('ascii')}"


def _variable_name(secret: str) -> str:
    name = re.sub(r"\W", "_", secret.upper(), flags=re.ASCII) or "SECRET"
    if name[0].isdigit() or name in _TAKEN or name.startswith(_TAKEN_PREFIXES) or name.endswith("_PROXY"):
        return f"SECRET_{name}"
    return name
