"""Names that documents cannot take."""

import keyword

from loomwork.model.system_fields import NAMES

RESERVED_ENTITIES = frozenset({"lookup", "new", "import"})
RESERVED_PREFIXES = ("lw_", "ab_", "sqlite_")
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
BESIDE_FIELDS = frozenset({"completeness", "flags"})
"""What stands beside the fields in a record that callers read."""
RESERVED_FIELDS = (
    (NAMES - {"owner", "team"}) | KEYWORDS | EXPRESSION_NAMES | FUNCTIONS | BESIDE_FIELDS
)
