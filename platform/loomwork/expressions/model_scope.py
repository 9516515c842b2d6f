"""The names that expressions of published documents may use."""

from collections.abc import Mapping

from loomwork.expressions.derivation import derivation, places_of
from loomwork.expressions.derived import Derived
from loomwork.expressions.scope import Deriving, EntityScope, FieldInfo, info_of
from loomwork.model.derived import DerivedType
from loomwork.model.entity import Entity, Field
from loomwork.model.whole import Model


def model_scope(
    model: Model, entity: Entity, this: Entity | None = None, *, changes: bool = False
) -> EntityScope:
    """Return the scope of an expression over ``entity``; ``this`` is the outer record's entity.

    ``changes`` offers ``old`` and ``changed()``. Settings are written with the name of their pack.
    """
    return EntityScope(
        entity,
        model.entities,
        this=this,
        changes=changes,
        settings=_settings(model),
        deriving=_deriving(model),
    )


def derived_of(model: Model, entity: Entity, field: Field) -> Derived:
    """Return how a derived field is worked out, whether or not records have its value."""
    type_ = field.type
    if not isinstance(type_, DerivedType):
        raise TypeError(f"{entity.name}.{field.name} is not derived")
    return Derived(
        places_of(type_),
        lambda: derivation(
            type_,
            model_scope(model, entity),
            lambda other: model_scope(model, model.entities[other], this=entity),
        ),
    )


def _deriving(model: Model) -> Deriving:
    def deriving(entity: Entity, field: Field) -> Derived | None:
        type_ = field.type
        if not isinstance(type_, DerivedType) or type_.kept:
            return None
        return derived_of(model, entity, field)

    return deriving


def _settings(model: Model) -> Mapping[str, FieldInfo]:
    return {
        key: info_of(Field(name=one.name, type=one.type, label=one.label), "")
        for key, one in model.settings.items()
    }
