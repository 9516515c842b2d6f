"""The expression language: one source text, executed in SQL, Python and the browser."""

from loomwork.expressions.lift import Values, lift, parameters
from loomwork.expressions.parse import parse
from loomwork.expressions.print import to_text
from loomwork.expressions.scope import EntityScope, FieldInfo, Scope
from loomwork.expressions.to_python import to_python
from loomwork.expressions.to_sql import to_sql
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
    "EntityScope",
    "FieldInfo",
    "Node",
    "Scope",
    "Values",
    "asks_user",
    "combine_and",
    "combine_or",
    "lift",
    "negate",
    "parameters",
    "parse",
    "to_python",
    "to_sql",
    "to_text",
    "uses",
]
