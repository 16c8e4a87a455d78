"""Explain why an API gave no answer, by the kind of the error.

The text of an error is not used, because it may hold what was sent.
"""

import os
import ssl
from typing import Final

from strongroom.errors import related
from strongroom.resolver.network.decoding import Undecodable
from strongroom.resolver.network.guard import ALLOW
from strongroom.resolver.network.phases import Phases
from strongroom.resolver.terms.inputs import Policy

_WHEN_SLOW: Final = {
    "connect": "no connection to {host} within {seconds:g} seconds",
    "tls": "{host} did not finish the TLS handshake within {seconds:g} seconds",
    "send": "{host} did not take the request within {seconds:g} seconds",
    "wait": "{host} did not answer within {seconds:g} seconds",
    "receive": "{host} did not finish its answer within {seconds:g} seconds",
}

_BY_KIND: Final = {
    "LocalProtocolError": "the request breaks HTTP: look for odd characters in its headers.",
    "InvalidURL": "the URL is not valid.",
    "UnsupportedProtocol": "only https URLs can be called.",
    "Unresolvable": "the host {host} is not known to the name service (DNS).",
    "ReadError": "{host} broke the connection off before its answer was complete.",
    "WriteError": "{host} broke the connection off while the request was sent.",
    "ConnectError": "no connection to {host}.",
    "TimeoutException": "{host} did not answer in time.",
    "NetworkError": "the connection to {host} failed.",
}


_PROXIES: Final = ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy")

_BROKEN_HTTP: Final = (
    ("without sending a response", "{host} closed the connection without an answer."),
    ("without sending complete message body", "{host} closed the connection before its answer was complete."),
    ("status line", "{host} answered with something that is not HTTP."),
    ("too long", "the headers of {host}'s answer are too large."),
    ("chunk", "{host} answered with a body that breaks off in an odd place (its chunks are not HTTP's)."),
    ("header", "{host} answered with headers that HTTP does not allow."),
)
"""The sentences for words of the protocol library.

The library's own sentences are looked at and never shown.
"""


def is_timeout(error: BaseException) -> bool:
    """Return True if time ran out."""
    return any(isinstance(inner, TimeoutError) for inner in related(error))


def explain(error: Exception, host: str, policy: Policy, phases: Phases, is_hidden: bool) -> str:
    """Return a sentence on the error.

    If `is_hidden`, the name of the host holds a value, and `host` is a title in its place.
    """
    chain = list(related(error))
    for inner in chain:
        if isinstance(inner, TimeoutError):
            return _WHEN_SLOW[phases.reached].format(host=host, seconds=policy.timeout) + "."
        if isinstance(inner, ssl.SSLCertVerificationError):
            return _explain_certificate(inner, host, is_named=not is_hidden)
        if isinstance(inner, Undecodable):
            return f"the answer of {host} cannot be decompressed: {inner}."
        if type(inner).__name__ == "ForbiddenAddress":
            return f"{host} resolves to {inner}, which is not a public address. {ALLOW.format(host=host)}"
    for inner in chain:
        if isinstance(inner, ssl.SSLError):
            return _explain_tls(inner, host, phases)
        if isinstance(inner, ConnectionRefusedError):
            return f"{host} refuses connections: nothing listens at that port."
    for inner in chain:
        for kind in type(inner).__mro__:
            if kind.__name__ == "RemoteProtocolError":
                return _explain_protocol(str(inner), host)
            if kind.__name__ == "LocalProtocolError" and "Content-Length" in str(inner):
                return "the connector's header Content-Length is not the length of the body: leave it out."
            if kind.__name__ == "Unresolvable" and any(os.environ.get(name) for name in _PROXIES):
                return f"{_BY_KIND['Unresolvable'].format(host=host)} A proxy is set, and test runs use none."
            if kind.__name__ in _BY_KIND:
                return _BY_KIND[kind.__name__].format(host=host)
    return f"the request to {host} failed ({type(error).__name__})."


def _explain_tls(error: ssl.SSLError, host: str, phases: Phases) -> str:
    reason = error.reason or "no reason given"
    if "CERTIFICATE_REQUIRED" in reason:
        return f"{host} asks for a client certificate, which the platform cannot send."
    if phases.reached in ("connect", "tls"):
        return f"the TLS handshake with {host} failed ({reason})."
    return f"{host} broke the connection off before its answer was complete ({reason})."


def _explain_protocol(said: str, host: str) -> str:
    sentence = next((sentence for words, sentence in _BROKEN_HTTP if words in said), None)
    return (sentence or "{host} answered with something that is not HTTP.").format(host=host)


def _explain_certificate(error: ssl.SSLCertVerificationError, host: str, *, is_named: bool) -> str:
    # OpenSSL's own words name the host.
    reason = error.verify_message.rstrip(".") if is_named else f"OpenSSL's code {error.verify_code}"
    hint = ""
    if error.verify_code in (18, 19, 20, 21):  # X509_V_ERR: self-signed, or the issuer is not known
        hint = " For a private authority, name its file as ca-file in the [test] table of strongroom.toml."
    return f"the certificate of {host} is not trusted: {reason}.{hint}"
