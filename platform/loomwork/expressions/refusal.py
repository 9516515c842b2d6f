"""What is said when an expression is not accepted, in words for the one who wrote it."""

import difflib
from collections.abc import Iterable, Sequence

from loomwork.errors import N_, ExpressionError, Problem
from loomwork.model.kinds import Kind
from loomwork.model.text import Text

SHOWN = 60
CONSTANTS = {"true": "True", "false": "False", "null": "None", "none": "None"}

EMPTY = N_("The expression is empty.")
TOO_LONG = N_("The expression is too long: at most {limit} characters are possible.")
TOO_LARGE = N_("The expression is too large: at most {limit} parts are possible.")
TOO_DEEP = N_("The expression is nested too deeply: at most {limit} levels are possible.")
TOO_MANY_LINKS = N_("The expression follows too many links: at most {limit} are possible.")
TOO_MANY_INSIDE = N_(
    "Questions about other records are nested too deeply: at most {limit} inside each other are "
    "possible."
)
SYNTAX = N_("The expression cannot be understood at this place.")
UNSUPPORTED = N_("“{part}” is not supported in expressions.")
BAD_CHARACTER = N_("The expression contains a character that cannot be stored.")
BAD_SIGN = N_("“{sign}” has no meaning here.")
WRITE_INSTEAD = N_("Write “{right}” instead of “{wrong}”.")
STRAIGHT_QUOTE = N_("Write a straight quotation mark (') instead of {wrong}.")
USE_NONE = N_(
    "“{wrong}” is written “None” here; to ask whether a value is missing, write “is None” or "
    "“is not None”."
)
ASK_IS_NONE = N_("To ask whether a value is missing, write “is None”, like: name is None.")
USE_CHOICE = N_("A choice is written like this: 'high' if amount > 1000 else 'low'.")
USE_CHAIN = N_("A range is written like this: 1 <= amount <= 5.")
USE_CONTAINS_FOR = N_(
    "“{wrong}” is not known between two values; to search in a text write contains(field, 'a')."
)
QUOTE_LABEL = N_("A label of several words stands in back quotes: `{label}`.")
NAME_NOT_ASCII = N_("“{name}” is not a name: names have small letters a to z, digits and “_”.")
BAD_NUMBER = N_("“{number}” is not a number here: write digits and a point, like 1200.50.")
NUMBER_TOO_LONG = N_(
    "The number is too long: at most {whole} digits before the point and {places} after it are "
    "possible."
)
OPEN_TEXT = N_("The text that begins here has no closing quotation mark.")
BAD_ESCAPE = N_("“{escape}” is not known in a text; write \\\\ for a backslash.")
TEXT_PREFIX = N_("A text begins with its quotation mark; leave out “{prefix}” before it.")
TWO_TEXTS = N_("Two texts follow each other without anything between them.")
OPEN_BRACKET = N_("The bracket “{sign}” is not closed.")
STRAY_BRACKET = N_("The bracket “{sign}” was not opened.")

NOT_A_CONDITION = N_("This is not a condition: compare it with something.")
NO_LIST_HERE = N_("A list can only follow “in”, like: name in ['a', 'b'].")
USE_IS_NONE = N_("Nothing equals a missing value: write “is None” or “is not None”.")
ONLY_MISSING = N_("At least one of these has to be a value; all of them are None.")
ONLY_NONE = N_("“is” asks for None only: write “==” or “!=” to compare.")
USE_CONTAINS = N_(
    "“in” needs a list like ['a', 'b']; to search in a text write contains(field, 'a')."
)
LIST_OF_VALUES = N_("“in” needs a list like ['a', 'b'], or a field or attribute with many values.")
A_SET = N_("“{name}” has many values: ask for one of them with “in”, like: 'a' in {name}.")
ONE_AT_A_TIME = N_("Only <, <=, >, >= and == can be chained: join the parts with “and”.")
EMPTY_TEXT = N_("An empty text counts as missing: write “is None” or “is not None”.")
NOT_ORDERED = N_("“{name}” has no order: use ==, != or “in”.")
NOT_A_DATE = N_("“{value}” is not a date; write one like '2026-01-31'.")
NOT_A_DATETIME = N_(
    "“{value}” is not a date with time; write one like '2026-01-31T08:00:00Z', "
    "or a whole day as date('2026-01-31')."
)
NOT_AN_ID = N_("“{value}” is not the id of a record.")
DAY_OF_RECORD = N_(
    "“{time}” is a point in time and “{name}” is a day that differs from record to record: "
    "times can only be compared with days that are the same for all, such as today()."
)
OTHER_ENTITY = N_("“{name}” links to “{wanted}”, this links to “{entity}”: they are never equal.")
UNKNOWN_FIELD = (
    N_("There is no field “{name}”."),
    N_("There is no field “{name}”. Did you mean “{nearest}”?"),
)
UNKNOWN_OPTION = N_("“{value}” is not an option of “{name}”. There are: {allowed}.")
UNKNOWN_OPTION_NEAR = N_("“{value}” is not an option of “{name}”. Did you mean “{nearest}”?")
UNKNOWN_FUNCTION = (
    N_("There is no function “{name}”. There are: {allowed}."),
    N_("There is no function “{name}”. Did you mean “{nearest}”?"),
)
UNKNOWN_ATTRIBUTE = (
    N_("“{name}” is not known of the acting user. There are: {allowed}."),
    N_("“{name}” is not known of the acting user. Did you mean “{nearest}”?"),
)
UNKNOWN_SETTING = (
    N_("There is no setting “{name}”."),
    N_("There is no setting “{name}”. Did you mean “{nearest}”?"),
)
UNKNOWN_STEP = (
    N_("There is no earlier step “{name}”. There are: {allowed}."),
    N_("There is no earlier step “{name}”. Did you mean “{nearest}”?"),
)
UNKNOWN_RECORDS = (
    N_("No records link here under the name “{name}”. There are: {allowed}."),
    N_("No records link here under the name “{name}”. Did you mean “{nearest}”?"),
)
NO_RECORDS = N_("{name}() asks about the records that link to a record: write their name first.")
A_LIST_OF_RECORDS = N_("“{name}” are many records: ask with any(), all(), count() or sum().")
NOT_OFFERED = N_("“{name}” is not available here.")
RECORD_WITHOUT_FIELD = N_("A field has to follow “{name}”, after a point.")
NOT_A_LINK = N_("“{name}” is not a link: nothing can follow it after a point.")
NOT_FOLLOWED = N_("The link “{name}” cannot be followed here.")
NO_HIERARCHY = N_("“{name}” is not a link to records that form a tree.")
ANCESTOR_OF_RECORD = N_(
    "The second value of under() has to be known beforehand: user.region, this.region or the id "
    "of a record, for example."
)
OF_RECORD_OUTSIDE = N_(
    "There is no field “{name}” here; that of the record outside is written this.{name}."
)
BAD_ARGUMENTS = N_("{name}() is written in this way: {usage}.")
NO_ARGUMENTS = N_("Nothing is written between the brackets of {name}().")
ONE_TEXT = N_("{name}() takes one text, like {name}('{example}').")
ONE_OF = N_("One of these has to be written here: {allowed}.")
OTHER_ARGUMENT = N_("{name}() cannot take this value. It is written in this way: {usage}.")
DATES_ONLY = N_(
    "“{value}” is a date with time, {name}() takes dates: compare it with dates instead, "
    "like: {value} >= date('2026-01-31')."
)
DAY_INSTEAD = N_(
    "“{value}” is a date with time, {name}() takes dates: compare it with a day instead, "
    "like: {value} < today() - days(30)."
)
MEASURE = N_("{name}() takes a number, a date, a date with time or a duration here.")
NOT_NEGATED = N_("A minus stands before numbers and durations; “{name}” is {kind}.")
NOT_JOINED = N_("“{sign}” cannot stand between {left} and {right}.")
USE_CONCAT = N_("“+” adds numbers; to join texts write concat(a, b).")
USE_DAYS = N_("To move a date write a duration, like days(1) or hours(8).")
USE_DAYS_FOR = N_("To move a date write a duration: days({number}), or hours({number}).")
DAY_AND_TIME = N_(
    "One of them is a date, the other a date with time: their difference is not known. Compare "
    "them, or write now() beside a date with time and today() beside a date."
)
AMBIGUOUS = N_("Several are called “{label}”: write one of the names {names}.")
UNKNOWN_LABEL = (
    N_("Nothing is called “{name}” here."),
    N_("Nothing is called “{name}” here. Did you mean “{nearest}”?"),
)
OPEN_LABEL = N_("The label that begins here has no closing back quote.")

EXPECTED = {
    Kind.TEXT: N_("“{name}” is a text: compare it with a text in quotation marks, like 'abc'."),
    Kind.NUMBER: N_("“{name}” is a number: compare it with a number, like 1200.50."),
    Kind.DATE: N_("“{name}” is a date: compare it with a date, like '2026-01-31'."),
    Kind.DATETIME: N_(
        "“{name}” is a date with time: compare it with one, like '2026-01-31T08:00:00Z'."
    ),
    Kind.DURATION: N_("“{name}” is a duration: compare it with one, like days(3) or hours(4)."),
    Kind.BOOLEAN: N_("“{name}” is yes or no: compare it with True or False."),
    Kind.LINK: N_("“{name}” is a link: compare it with user, another link or a record's id."),
}
WANTED = {
    Kind.TEXT: N_("A text is wanted here."),
    Kind.NUMBER: N_("A number is wanted here."),
    Kind.DATE: N_("A date is wanted here."),
    Kind.DATETIME: N_("A date with time is wanted here."),
    Kind.DURATION: N_("A duration is wanted here, like days(3)."),
    Kind.BOOLEAN: N_("Yes or no is wanted here: a condition."),
    Kind.LINK: N_("A link is wanted here."),
    Kind.TEXTS: N_("Several texts are wanted here."),
    Kind.LINKS: N_("Several links are wanted here."),
}
ELEMENT = {
    Kind.TEXT: N_("“{name}” holds texts: look for a text in it, like 'abc'."),
    Kind.LINK: N_("“{name}” holds links: look for user, a link or a record's id in it."),
}
ARGUMENTS = {
    Kind.TEXT: N_("{name}() takes a text here."),
    Kind.NUMBER: N_("{name}() takes a number here."),
    Kind.DATE: N_("{name}() takes a date here."),
    Kind.DATETIME: N_("{name}() takes a date with time here."),
    Kind.DURATION: N_("{name}() takes a duration here, like days(3)."),
    Kind.BOOLEAN: N_("{name}() takes yes or no here."),
    Kind.LINK: N_("{name}() takes a link here."),
}
KINDS = {
    Kind.TEXT: Text("a text", {"zh_CN": "文本"}),
    Kind.NUMBER: Text("a number", {"zh_CN": "数字"}),
    Kind.DATE: Text("a date", {"zh_CN": "日期"}),
    Kind.DATETIME: Text("a date with time", {"zh_CN": "日期时间"}),
    Kind.DURATION: Text("a duration", {"zh_CN": "时长"}),
    Kind.BOOLEAN: Text("yes or no", {"zh_CN": "是否值"}),
    Kind.LINK: Text("a link", {"zh_CN": "关联"}),
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
    right = CONSTANTS.get(name)
    if right is not None:
        text = USE_NONE if right == "None" else WRITE_INSTEAD
        return refuse("spelling", text, column, wrong=name, right=right)
    return unknown_name(UNKNOWN_FIELD, name, known, column, "unknown_field")


def unknown_name(
    texts: tuple[str, str], name: str, known: Iterable[str], column: int, code: str
) -> ExpressionError:
    """Return the error for a name that nothing has, with the nearest one or all of them."""
    names = list(known)
    hint = nearest(name, names)
    if hint is None:
        return refuse(code, texts[0], column, name=name, allowed=", ".join(names))
    return refuse(code, texts[1], column, name=name, nearest=hint)


def unknown_option(value: str, name: str, choices: Sequence[str], column: int) -> ExpressionError:
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
