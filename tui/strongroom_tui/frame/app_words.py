"""Put the app's words in the place of the command line's in messages of the core.

A way out that only the command line has, such as `strongroom vault verify`, is left as it is.
"""

import re
from typing import Final

from strongroom.errors import StrongroomError

_WORDS: Final = tuple(
    (re.compile(pattern), words)
    for pattern, words in (
        (r"; see `strongroom names[^`]*`\.", "; / in the list finds names."),
        (r"See `strongroom names`\.", "/ in the list finds names."),
        (r"See `strongroom (?:secret|variable) history [^`]*`\.", "h in the list shows them."),
        (r"See `strongroom community list`;", "c shows them;"),
        (r"See `strongroom community list`\.", "c shows them."),
        (r" or by `strongroom community add`", ""),
        (r", or `strongroom (?:secret|variable) show [^`]*`", ""),
        (r"[Mm]ake one with `strongroom vault init`", "n makes one"),
        (r", or name another(?: path)? with --vault or STRONGROOM_VAULT", ""),
        (r"Name the vault with --vault or STRONGROOM_VAULT", "Start the app with --vault FILE"),
        (r"name it with --key-file(?: FILE)? or STRONGROOM_KEY_FILE", "type its path here"),
        (r"Name it with --key-file or STRONGROOM_KEY_FILE, or leave both out", "Type its path, or leave it"),
        (r"`strongroom vault recover` (reads|opens) (it|that)", r"choosing it here \1 \2"),
        (r"`strongroom vault recover` opens it with that", "choose it here"),
        (
            r"Give --community NAME, or choose one for good with `strongroom community use NAME`",
            "c chooses one",
        ),
        (r"Name one with --community NAME", "c names one"),
    )
)


def in_app(text: str) -> str:
    """Return a message of the core in the app's words.

    The app's keys are in place of commands and options.
    """
    for pattern, words in _WORDS:
        text = pattern.sub(words, text)
    return text


def error_text(error: StrongroomError) -> str:
    """Return the sentence and the way out of an error, in the app's words."""
    return in_app(str(error))
