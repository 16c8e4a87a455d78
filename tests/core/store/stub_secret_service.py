"""A Secret Service (freedesktop.org) that is locked until a person answers its dialog: `stub_secret_service.py HOW`.

HOW is a number of seconds after which somebody types the password, `dismissed`, or `silent` for a service that owns
its name and never answers.
"""

import sys
import time

from jeepney import (
    DBusAddress,
    DBusErrorResponse,
    HeaderFields,
    MessageType,
    new_error,
    new_method_return,
    new_signal,
)
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import open_dbus_connection

NAME = "org.freedesktop.secrets"
COLLECTION = "/org/freedesktop/secrets/collection/login"
ITEM = COLLECTION + "/1"
SESSION = "/org/freedesktop/secrets/session/1"
PROMPT = "/org/freedesktop/secrets/prompt/1"


class Service:
    """What it holds and how it answers: a signature and a body for each method."""

    def __init__(self, how: str) -> None:
        self.how = how
        self.locked = True
        self.secret = b""
        self.label = "Login"
        self.due: float | None = None

    def answer(self, method: str, body: tuple) -> tuple[str, tuple] | None:
        """Answer one call; None for what is not supported."""
        if method == "OpenSession":
            return ("vo", (("s", ""), SESSION)) if body[0] == "plain" else None
        if method == "ReadAlias":
            return "o", (COLLECTION,)
        if method == "Unlock":
            return ("aoo", ([], PROMPT)) if self.locked else ("aoo", (body[0], "/"))
        if method == "Prompt":
            self.due = time.monotonic() + (0 if self.how == "dismissed" else float(self.how))
            return "", ()
        if method == "SearchItems":
            return "ao", ([ITEM] if self.secret else [],)
        if method == "CreateItem":
            self.secret = bytes(body[1][2])
            return "oo", (ITEM, "/")
        if method == "GetSecret":
            return "(oayays)", ((SESSION, b"", self.secret, "text/plain"),)
        if method == "Get":
            return "v", (("b", self.locked) if body[1] == "Locked" else ("s", self.label),)
        if method == "Set":
            self.label = body[2][1]
            sys.stdout.write(f"LABEL {self.label}\n")
            sys.stdout.flush()
            return "", ()
        return None

    def finish_dialog(self) -> tuple[bool, list[str]]:
        """Whether it was dismissed, and what is unlocked now."""
        self.due = None
        self.locked = self.how == "dismissed"
        return self.locked, [] if self.locked else [COLLECTION]


def serve(how: str) -> None:
    """Answer until the bus ends."""
    service = Service(how)
    with open_dbus_connection("SESSION") as bus:
        bus.send_and_get_reply(message_bus.RequestName(NAME))
        sys.stdout.write("READY\n")
        sys.stdout.flush()
        while True:
            wait = None if service.due is None else max(0.0, service.due - time.monotonic())
            try:
                call = bus.receive(timeout=wait)
            except TimeoutError:
                prompt = DBusAddress(PROMPT, interface="org.freedesktop.Secret.Prompt")
                dismissed, paths = service.finish_dialog()
                bus.send(new_signal(prompt, "Completed", "bv", (dismissed, ("ao", paths))))
                continue
            if call.header.message_type is not MessageType.method_call or how == "silent":
                continue
            answer = service.answer(call.header.fields[HeaderFields.member], call.body)
            if answer is None:
                bus.send(new_error(call, "org.freedesktop.DBus.Error.NotSupported"))
            else:
                bus.send(new_method_return(call, *answer))


if __name__ == "__main__":
    try:
        serve(sys.argv[1])
    except (ConnectionError, DBusErrorResponse):
        sys.exit(0)
