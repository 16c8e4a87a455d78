"""Render a template to a text, or to a sentence on why it gave none.

Imported only together with the template engine.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from jinja2 import TemplateError, TemplateSyntaxError

from strongroom.resolver.templates.bounded import TooSlow


class BadCall(Exception):  # noqa: N818 - what happened
    """Report a call of a template function that has no meaning."""


class BadSigning(Exception):  # noqa: N818 - what happened
    """Report that a token could not be signed."""


class Reason(NamedTuple):
    """Hold the reason why a template gave no text."""

    sentence: str
    is_signing: bool = False


_QUOTED: Final = re.compile(r"""'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)\"""", re.DOTALL)
_NAME: Final = re.compile(r"[\w .()-]{0,60}")
_LONGEST_REASON: Final = 300
_OWN_TYPE: Final = re.compile(r"'?strongroom(?:\.\w+)*\._([A-Z]\w+) object'?")
_TYPES: Final = {"User": "`user`", "ProfileFields": "`user.profile_fields`"}
"""The names in templates of objects whose types are ours."""
_OWN_FUNCTION: Final = re.compile(r"\b(?:_?[A-Z]\w*\.|_)(\w+\(\))")


def _without_data(message: str) -> str:
    """Return the text of an error without the data and program names that it quotes.

    An API may have sent those data. Only names of the template stay.
    """
    message = _OWN_TYPE.sub(lambda found: _TYPES.get(found[1], "the object"), message)
    message = _OWN_FUNCTION.sub(r"\1", message)

    def kept(match: re.Match[str]) -> str:
        return match[0] if _NAME.fullmatch(match[1] or match[2] or "") else "'...'"

    text = _QUOTED.sub(kept, message)
    return text if len(text) <= _LONGEST_REASON else "the error's own text is too long to be shown"


def attempt(
    render: Callable[[str, Mapping[str, Any]], str], text: str, context: Mapping[str, Any]
) -> str | Reason:
    """Return the rendered text, or the reason why there is none.

    Everything that a template can raise ends here.

    Nothing is raised from inside, so no error that a template caused, and no frame of it, reaches a caller.
    """
    try:
        return render(text, context)
    except BadSigning as error:
        return Reason(str(error), is_signing=True)
    except TemplateSyntaxError as error:
        return Reason(f"{error.message} (line {error.lineno} of the template).")
    except (TemplateError, BadCall) as error:
        return Reason(f"{_without_data(str(error)).rstrip('.')}.")
    except UnicodeEncodeError:
        return Reason("it encodes half of a surrogate pair, which is not a character.")
    except RecursionError:
        return Reason("it calls itself without end.")
    except TooSlow:
        raise
    except Exception as error:  # a filter or an operator can raise anything
        return Reason(f"{type(error).__name__}: {_without_data(str(error)).rstrip('.')}.")
