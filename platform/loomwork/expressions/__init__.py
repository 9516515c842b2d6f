"""The expression language: one source text, executed in SQL, Python and the browser."""

from loomwork.expressions.dependencies import (
    Dependency,
    dependencies,
    needs_relations,
    record_independent,
)
from loomwork.expressions.lift import Values, lift, parameters
from loomwork.expressions.parse import parse, parse_value
from loomwork.expressions.print import to_text
from loomwork.expressions.scope import EntityScope, FieldInfo, Scope
from loomwork.expressions.to_python import to_python
from loomwork.expressions.to_sql import bound_values, to_sql, value_sql
from loomwork.expressions.tree import (
    FALSE,
    TRUE,
    Node,
    asks_user,
    combine_and,
    combine_or,
    negate,
    uses,
)

__all__ = [
    "FALSE",
    "TRUE",
    "Dependency",
    "EntityScope",
    "FieldInfo",
    "Node",
    "Scope",
    "Values",
    "asks_user",
    "bound_values",
    "combine_and",
    "combine_or",
    "dependencies",
    "lift",
    "needs_relations",
    "negate",
    "parameters",
    "parse",
    "parse_value",
    "record_independent",
    "to_python",
    "to_sql",
    "to_text",
    "uses",
    "value_sql",
]
