"""What is said when an expression is not accepted, in words for the one who wrote it."""

import difflib
from collections.abc import Iterable

from loomwork.errors import N_, ExpressionError, Problem
from loomwork.model.kinds import Kind

SHOWN = 60
CONSTANTS = {"true": "True", "false": "False", "null": "None", "none": "None"}

EMPTY = N_("The expression is empty.")
TOO_LONG = N_("The expression is too long: at most {limit} characters are possible.")
TOO_LARGE = N_("The expression is too large: at most {limit} parts are possible.")
TOO_DEEP = N_("The expression is nested too deeply: at most {limit} levels are possible.")
SYNTAX = N_("The expression cannot be understood at this place.")
UNSUPPORTED = N_("“{part}” is not supported in expressions.")
BAD_CHARACTER = N_("The expression contains a character that cannot be stored.")
BAD_SIGN = N_("“{sign}” has no meaning here.")
WRITE_INSTEAD = N_("Write “{right}” instead of “{wrong}”.")
NAME_NOT_ASCII = N_("“{name}” is not a name: names have small letters a to z, digits and “_”.")
BAD_NUMBER = N_("“{number}” is not a number here: write digits and a point, like 1200.50.")
NUMBER_TOO_LONG = N_("The number is too long: at most {limit} digits are possible.")
OPEN_TEXT = N_("The text that begins here has no closing quotation mark.")
BAD_ESCAPE = N_("“{escape}” is not known in a text; write \\\\ for a backslash.")
TEXT_PREFIX = N_("A text begins with its quotation mark; leave out “{prefix}” before it.")
TWO_TEXTS = N_("Two texts follow each other without anything between them.")
OPEN_BRACKET = N_("The bracket “{sign}” is not closed.")
STRAY_BRACKET = N_("The bracket “{sign}” was not opened.")

NOT_A_CONDITION = N_("This is not a condition: compare it with something.")
NOT_A_VALUE = N_("A field or a fixed value is expected here, not a condition.")
NOT_FIXED = N_("A fixed value is expected here, like 'abc', 1200.50 or True.")
NO_FIELD = N_("Two fixed values are compared here; one side has to be a field.")
ABOUT_FIELDS = N_("“is None” and “in” ask about a field, which has to be on the left side.")
USE_IS_NONE = N_("Nothing equals a missing value: write “is None” or “is not None”.")
ONLY_NONE = N_("“is” asks for None only: write “==” or “!=” to compare.")
USE_CONTAINS = N_(
    "“in” needs a list like ['a', 'b']; to search in a text write contains(field, 'a')."
)
LIST_OF_VALUES = N_("A list contains fixed values only, like ['a', 'b'].")
ONE_AT_A_TIME = N_("Only <, <=, >, >= and == can be chained: join the parts with “and”.")
EMPTY_TEXT = N_("An empty text counts as missing: write “is None” or “is not None”.")
NOT_ORDERED = N_("“{name}” has no order: use ==, != or “in”.")
NOT_A_DATE = N_("“{value}” is not a date; write one like '2026-01-31'.")
NOT_A_DATETIME = N_("“{value}” is not a date with time; write one like '2026-01-31T08:00:00Z'.")
NOT_AN_ID = N_("“{value}” is not the id of a record.")
UNKNOWN_FIELD = N_("There is no field “{name}”.")
UNKNOWN_FIELD_NEAR = N_("There is no field “{name}”. Did you mean “{nearest}”?")
UNKNOWN_OPTION = N_("“{value}” is not an option of “{name}”. There are: {allowed}.")
UNKNOWN_OPTION_NEAR = N_("“{value}” is not an option of “{name}”. Did you mean “{nearest}”?")
UNKNOWN_FUNCTION = N_("There is no function “{name}”. There are: {allowed}.")
UNKNOWN_ATTRIBUTE = N_(
    "“{name}” is not available; of the acting user only “user” and “user.id” are."
)
BAD_ARGUMENTS = N_("{name}() is written with {count} values between its brackets.")
ONE_TEXT = N_("{name}() takes one text, like {name}('{example}').")
TEXT_ARGUMENT = N_("{name}() takes text fields and texts in quotation marks.")

EXPECTED = {
    Kind.TEXT: N_("“{name}” is a text: compare it with a text in quotation marks, like 'abc'."),
    Kind.NUMBER: N_("“{name}” is a number: compare it with a number, like 1200.50."),
    Kind.DATE: N_("“{name}” is a date: compare it with a date, like '2026-01-31'."),
    Kind.DATETIME: N_(
        "“{name}” is a date with time: compare it with one, like '2026-01-31T08:00:00Z'."
    ),
    Kind.BOOLEAN: N_("“{name}” is yes or no: compare it with True or False."),
    Kind.LINK: N_("“{name}” is a link: compare it with user, another link or a record's id."),
}


def refuse(code: str, text: str, column: int, **context: object) -> ExpressionError:
    """Return the error for one problem at ``column``, counted in characters from 1."""
    shown = {key: shorten(value) for key, value in context.items()}
    return ExpressionError(problems=(Problem(code=code, text=text, context=shown, column=column),))


def shorten(value: object) -> object:
    """Return ``value``, cut if it is a text too long to be shown in a sentence."""
    if isinstance(value, str) and len(value) > SHOWN * 5:
        return value[: SHOWN * 5] + "…"
    return value


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name that ``name`` most likely stands for."""
    found = difflib.get_close_matches(name[:SHOWN], list(known), n=1)
    return found[0] if found else None


def unknown_field(name: str, known: Iterable[str], column: int) -> ExpressionError:
    """Return the error for a name that no field has."""
    if name in CONSTANTS:
        return refuse("spelling", WRITE_INSTEAD, column, wrong=name, right=CONSTANTS[name])
    hint = nearest(name, known)
    if hint is None:
        return refuse("unknown_field", UNKNOWN_FIELD, column, name=name)
    return refuse("unknown_field", UNKNOWN_FIELD_NEAR, column, name=name, nearest=hint)


def unknown_option(value: str, name: str, choices: tuple[str, ...], column: int) -> ExpressionError:
    """Return the error for a text that is none of a select field's options."""
    hint = nearest(value, choices)
    if hint is None:
        allowed = ", ".join(choices)
        return refuse(
            "unknown_option", UNKNOWN_OPTION, column, value=value, name=name, allowed=allowed
        )
    return refuse(
        "unknown_option", UNKNOWN_OPTION_NEAR, column, value=value, name=name, nearest=hint
    )
