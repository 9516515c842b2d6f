"""Derived fields in statements: which are worked out there, and their values as Python has them."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from loomwork.expressions.model_scope import derived_of
from loomwork.expressions.semantics.numbers import EXACT
from loomwork.expressions.sql.values import ValueType
from loomwork.expressions.tree import Field as FieldNode
from loomwork.model.derived import DerivedType, result_of
from loomwork.model.kinds import Kind
from loomwork.model.storage import StorageKind
from loomwork.model.values import Duration

if TYPE_CHECKING:
    from loomwork.model.entity import Entity
    from loomwork.model.field_type import FieldType
    from loomwork.model.whole import Model


def worked_out_fields(model: "Model", entity: "Entity") -> Mapping[str, FieldNode]:
    """Return the fields of ``entity`` whose values no row has, as expressions over a row."""
    found: dict[str, FieldNode] = {}
    for name, member in entity.fields.items():
        type_ = member.type
        if isinstance(type_, DerivedType) and not type_.kept and type_.usable:
            derived = derived_of(model, entity, member)
            found[name] = FieldNode(name, type_.kind, derived.places, derived=derived)
    return found


def kept_value(type_: "FieldType", value: Any) -> Any:
    """Return a value of the expression language as a field of ``type_`` keeps it."""
    if value is None:
        return None
    result = result_of(type_)
    match result.kind:
        case Kind.NUMBER:
            storage = result.storage
            if storage.kind is not StorageKind.DECIMAL:
                return int(value)
            return Decimal(value).quantize(Decimal(1).scaleb(-storage.places), context=EXACT)
        case Kind.DURATION:
            return Duration(value)
        case _:
            return value


def value_decoder(type_: "FieldType", engine: str) -> Callable[[Any], Any]:
    """Return what makes the value of a field of one that an expression has in a statement."""
    decode = ValueType(type_.kind).decoder(engine)
    if decode is None:
        return lambda value: kept_value(type_, value)
    return lambda value: kept_value(type_, decode(value))
