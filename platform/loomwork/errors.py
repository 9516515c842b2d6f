"""The whole error tree: a stable code, an HTTP status, and context, put into words at the edge."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Protocol, Self, TypeAlias, runtime_checkable

Translate: TypeAlias = Callable[[str], str]


@runtime_checkable
class Localised(Protocol):
    """What has a text of its own in each language, such as a label."""

    def to(self, locale: str) -> str:
        """Return the text in ``locale``."""


@runtime_checkable
class Worded(Protocol):
    """What is put into words as a part of a sentence, such as a problem inside another."""

    def message(self, translate: Translate = str, locale: str = "") -> str:
        """Return the words in the language of ``translate``, with labels in ``locale``."""


@dataclass(frozen=True, slots=True)
class Phrases:
    """Words of the platform inside a sentence of its own; several stand for alternatives."""

    texts: tuple[str, ...]

    def message(self, translate: Translate = str, locale: str = "") -> str:
        """Return the words in the language of ``translate``."""
        del locale
        return " / ".join(map(translate, self.texts))


def worded(
    text: str, context: Mapping[str, Any], translate: Translate = str, locale: str = ""
) -> str:
    """Return the sentence ``text`` in a language, with all that its ``context`` has words for."""

    def shown(value: object) -> object:
        if isinstance(value, Localised):
            return value.to(locale)
        return value.message(translate, locale) if isinstance(value, Worded) else value

    return translate(text).format_map({name: shown(value) for name, value in context.items()})


def N_(text: str) -> str:  # noqa: N802 -- the name that gettext tools look for
    """Mark ``text`` for translation; it is translated where it is shown."""
    return text


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that is wrong, where it is, and how to say it.

    ``text`` is the English sentence with ``{named}`` places for ``context``; it is also the key of
    its translation. ``pointer`` is an RFC 6901 JSON pointer, ``column`` counts from 1.
    """

    code: str
    text: str
    context: Mapping[str, Any] = field(default_factory=dict)
    pointer: str = ""
    file: str = ""
    column: int | None = None

    def message(self, translate: Translate = str, locale: str = "") -> str:
        """Return the sentence in the language of ``translate``, with labels in ``locale``."""
        return worded(self.text, self.context, translate, locale)

    def at(self, prefix: str) -> Self:
        """Return the same problem with ``prefix`` before its pointer."""
        return replace(self, pointer=prefix + self.pointer)

    def within(self, file: str) -> Self:
        """Return the same problem located in ``file``."""
        return replace(self, file=file)


class LoomworkError(Exception):
    """Whatever goes wrong in a way that the caller is told about."""

    code: ClassVar[str] = "error"
    status: ClassVar[int] = 500
    text: ClassVar[str] = N_("The platform could not complete this call.")

    def __init__(
        self,
        text: str | None = None,
        /,
        *,
        problems: Sequence[Problem] = (),
        **context: object,
    ) -> None:
        self.problems = tuple(problems)
        self.context = context
        self.template = text or type(self).text
        super().__init__(self.template)

    def message(self, translate: Translate = str, locale: str = "") -> str:
        """Return the error in the language of ``translate``, with labels in ``locale``."""
        return worded(self.template, self.context, translate, locale)

    def __str__(self) -> str:
        lines = [self.message()]
        for problem in self.problems:
            place = ":".join(part for part in (problem.file, problem.pointer) if part)
            lines.append(f"{place}: {problem.message()}" if place else problem.message())
        return "\n".join(lines)


class BadRequestError(LoomworkError):
    """The request cannot be read at all: not JSON, a broken header."""

    code = "bad_request"
    status = 400
    text = N_("This request cannot be read.")


class SignInRequiredError(LoomworkError):
    """No valid token or session came with the request."""

    code = "sign_in_required"
    status = 401
    text = N_("Sign in first.")


class ForbiddenError(LoomworkError):
    """The record or operation is known to the caller, but no grant allows it."""

    code = "forbidden"
    status = 403
    text = N_("No role of yours allows this.")


class NotFoundError(LoomworkError):
    """There is no such thing, or the caller may not know of it."""

    code = "not_found"
    status = 404
    text = N_("There is no such record.")


class ConflictError(LoomworkError):
    """The state of the data does not allow this now."""

    code = "conflict"
    status = 409
    text = N_("This cannot be done in the present state.")


class GoneError(LoomworkError):
    """What was asked for has been there, but is not kept any longer."""

    code = "gone"
    status = 410
    text = N_("This is not kept any longer.")


class StaleVersionError(LoomworkError):
    """Somebody saved the record after the caller read it."""

    code = "stale_version"
    status = 412
    text = N_("Somebody else saved this record meanwhile. Reload it and try again.")


class TooLargeError(LoomworkError):
    """The body or the file exceeds a limit."""

    code = "too_large"
    status = 413
    text = N_("This is too large: at most {limit} bytes are accepted.")


class InvalidError(LoomworkError):
    """The input is understood but not acceptable; ``problems`` say what and where."""

    code = "invalid"
    status = 422
    text = N_("Some of the values are not acceptable.")


class ExpressionError(InvalidError):
    """An expression does not parse or does not fit the types; each problem has its column."""

    code = "bad_expression"
    text = N_("The expression is not valid.")


class DocumentError(InvalidError):
    """Documents break the rules of the metadata language; every problem is listed."""

    code = "bad_documents"
    text = N_("The documents have problems.")


class ActorMovedError(LoomworkError):
    """Users, roles or grants changed after the caller's rights were read: read them, try again."""

    code = "rights_changed"
    status = 503
    text = N_("Your rights have just changed. Try again.")


class UnavailableError(LoomworkError):
    """Something that the platform needs is not there: a database, a folder, a program."""

    code = "unavailable"
    status = 503
    text = N_("Something that is needed is not available.")
