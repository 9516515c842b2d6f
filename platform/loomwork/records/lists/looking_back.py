"""What cannot be asked of the past."""

from typing import TYPE_CHECKING

from loomwork.errors import N_, InvalidError, NotFoundError, Problem
from loomwork.expressions.tree import Node, uses

if TYPE_CHECKING:
    from loomwork.model.entity import Entity

NO_HISTORY = N_("“{entity}” keeps no history.")
NO_SEARCH = N_("What the records were at a moment can be filtered, but not searched for words.")
MANY_VALUES = N_("“{name}” has many values: records as they were cannot be filtered by it.")


def require_history(entity: "Entity") -> None:
    """Refuse to list the changes of a record whose entity keeps no history."""
    if not entity.history:
        raise NotFoundError(NO_HISTORY, entity=entity.plural)


def require_versions(entity: "Entity", search: str = "") -> None:
    """Refuse records as they were where nothing tells it; a search knows the present only."""
    if not entity.history:
        raise _refused("no_history", NO_HISTORY, entity=entity.plural)
    if search:
        raise _refused("no_search", NO_SEARCH)


def require_single_values(entity: "Entity", condition: Node) -> None:
    """Refuse to filter records as they were by values that stand beside their table."""
    for name in sorted(uses(condition) & entity.fields.keys()):
        if entity.fields[name].type.many:
            raise _refused("many_values", MANY_VALUES, "/filter", name=name)


def _refused(code: str, text: str, pointer: str = "/as_of", **context: object) -> InvalidError:
    problem = Problem(code=code, text=text, pointer=pointer, context=context)
    return InvalidError(problems=(problem,))
