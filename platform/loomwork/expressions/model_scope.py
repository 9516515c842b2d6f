"""The names that expressions of published documents may use."""

from loomwork.expressions.scope import EntityScope, info_of
from loomwork.model.entity import Entity, Field
from loomwork.model.whole import Model


def model_scope(
    model: Model, entity: Entity, this: Entity | None = None, *, changes: bool = False
) -> EntityScope:
    """Return the scope of an expression over ``entity``; ``this`` is the outer record's entity.

    ``changes`` offers ``old`` and ``changed()``. Settings are written with the name of their pack.
    """
    settings = {
        key: info_of(Field(name=one.name, type=one.type, label=one.label), "")
        for key, one in model.settings.items()
    }
    return EntityScope(entity, model.entities, this=this, changes=changes, settings=settings)
