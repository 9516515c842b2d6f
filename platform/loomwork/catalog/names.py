"""Names that documents cannot take."""

import keyword

from loomwork.errors import N_
from loomwork.model.system_fields import NAMES

RESERVED_ENTITIES = frozenset({"lookup", "new", "import"})
RESERVED_PREFIXES = ("lw_", "ab_", "sqlite_")
INNER = "__"
"""In the middle of the names of tables that belong to an entity's own: its history, its sets."""
KEYWORDS = frozenset(word.lower() for word in keyword.kwlist)
EXPRESSION_NAMES = frozenset(
    (
        *("user", "old", "this", "record", "steps", "settings", "ask", "candidate"),
        *("changed", "date", "datetime"),
    )
)
FUNCTIONS = frozenset(
    (
        *("abs", "add_months", "all", "any", "avg", "ceil", "coalesce", "concat", "contains"),
        *("count", "day", "days", "days_between", "ends_with", "floor", "hours", "length"),
        *("lower", "max", "min", "month", "now", "quarter", "round", "start_of", "starts_with"),
        *("sum", "today", "trim", "under", "upper", "weekday", "year"),
    )
)
BESIDE_FIELDS = frozenset({"completeness", "flags", "stale"})
"""What stands beside the fields in a record that callers read."""
RESERVED_FIELDS = (
    (NAMES - {"owner", "team"}) | KEYWORDS | EXPRESSION_NAMES | FUNCTIONS | BESIDE_FIELDS
)
REASONS = (
    (NAMES, N_("a field that every record has")),
    (BESIDE_FIELDS, N_("something that stands beside the fields in a record")),
    (EXPRESSION_NAMES | FUNCTIONS, N_("a word of the expression language")),
    (KEYWORDS, N_("a word of Python")),
    (RESERVED_ENTITIES, N_("a part of the addresses of the screens")),
)
"""Names that are taken, with what they are."""


def reason(name: str) -> str:
    """Return what a reserved name is taken for."""
    if INNER in name:
        return N_("of the form of the names of tables beside an entity's own, with two underscores")
    found = (why for names, why in REASONS if name in names)
    return next(found, N_("the beginning of the names of the platform's own tables"))
