"""What a user name and a password may be, and the hash that is kept of a password."""

import re

from werkzeug.security import generate_password_hash

from loomwork.errors import N_, InvalidError, Problem

USERNAME = re.compile(r"[\w.@-]{1,64}")
"""Letters of any language, digits, and the signs of addresses."""
SHORTEST_PASSWORD = 8
LONGEST_PASSWORD = 1024


def check_username(username: str) -> None:
    """Raise InvalidError for what cannot be a user's name."""
    if not USERNAME.fullmatch(username):
        text = N_("A user name has 1 to 64 letters, digits or signs of these: . _ - @")
        raise InvalidError(problems=(Problem(code="bad_username", text=text, pointer="/username"),))


def hashed(password: str | None) -> str | None:
    """Return the hash of a password, None for none; InvalidError for one too short or too long."""
    if password is None:
        return None
    if len(password) < SHORTEST_PASSWORD:
        raise _bad_password(N_("A password has at least {least} characters."))
    if len(password) > LONGEST_PASSWORD:
        raise _bad_password(N_("A password has at most {most} characters."))
    return generate_password_hash(password)


def _bad_password(text: str) -> InvalidError:
    context = {"least": SHORTEST_PASSWORD, "most": LONGEST_PASSWORD}
    problem = Problem(code="bad_password", text=text, context=context, pointer="/password")
    return InvalidError(problems=(problem,))
