"""Input to field values: one marshmallow schema per entity, compiled from its fields."""

from collections.abc import Mapping
from typing import Any

import marshmallow
from marshmallow import ValidationError, fields

from loomwork.catalog.schema_check import nearest, pointer
from loomwork.errors import N_, InvalidError, Problem
from loomwork.model.derived import DerivedType
from loomwork.model.entity import Entity, Field
from loomwork.records.drafts.normalising import normalised

UNKNOWN = N_("There is no field “{name}”.")
UNKNOWN_NEAR = N_("There is no field “{name}”. Did you mean “{hint}”?")
READONLY = N_("This field cannot be set.")
REQUIRED = N_("A value is needed here.")


class TypedField(fields.Field[Any]):
    """Reads one input value as the field says; its error is the Problem itself."""

    def __init__(self, field: Field) -> None:
        super().__init__(allow_none=True)
        self._field = field

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Any:
        try:
            return self._field.type.parse(normalised(self._field, value))
        except InvalidError as error:
            raise ValidationError(list(error.problems)) from error


class Payload:
    """Reads the inputs of one entity; ``internal`` also takes what callers cannot set."""

    def __init__(self, entity: Entity, *, internal: bool) -> None:
        self._entity = entity
        self._fields = {
            name: field
            for name, field in entity.fields.items()
            if (internal or _settable(field)) and not isinstance(field.type, DerivedType)
        }
        self._composed = any(
            field.type.parts or field.type.sealed for field in self._fields.values()
        )
        schema = marshmallow.Schema.from_dict(
            {name: TypedField(field) for name, field in self._fields.items()}
        )
        self._schema = schema(unknown=marshmallow.RAISE)

    def read(self, data: object, *, new: bool = False) -> dict[str, Any]:
        """Return the values in ``data`` by field; InvalidError has one problem per bad field.

        Of a ``new`` record, the required fields that are missing are told along with bad values.
        """
        if not isinstance(data, Mapping):
            text = N_("The fields of a record are expected, as a JSON object.")
            raise InvalidError(problems=(Problem(code="not_an_object", text=text),))
        try:
            loaded: dict[str, Any] = self._schema.load(data)
        except ValidationError as error:
            messages: dict[str, Any] = error.normalized_messages()  # type: ignore[no-untyped-call]
            problems = self._problems(messages)
            if new:
                valid = error.valid_data if isinstance(error.valid_data, dict) else {}
                values = with_defaults(self._entity, valid)
                problems += [
                    problem
                    for problem in missing(self._entity, values)
                    if problem.pointer.removeprefix("/") not in messages
                ]
            raise InvalidError(problems=problems) from error
        if not self._composed:
            return loaded
        spread: dict[str, Any] = {}
        for name, value in loaded.items():
            spread |= self._fields[name].spread(value)
        return spread

    def _problems(self, messages: Mapping[str, Any]) -> list[Problem]:
        found: list[Problem] = []
        for name, told in messages.items():
            place = pointer([name])
            if name in self._fields:
                found += [problem.at(place) for problem in told if isinstance(problem, Problem)]
            elif name in self._entity.fields:
                found.append(Problem(code="readonly", text=READONLY, pointer=place))
            else:
                hint = nearest(str(name), self._fields)
                context = {"name": str(name)[:60], "hint": hint}
                text = UNKNOWN_NEAR if hint else UNKNOWN
                found.append(
                    Problem(code="unknown_field", text=text, context=context, pointer=place)
                )
        return found


def _settable(field: Field) -> bool:
    return not field.readonly


def with_defaults(entity: Entity, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return ``values`` with the defaults of the fields that were not given."""
    defaults: dict[str, Any] = {}
    for name, field in entity.fields.items():
        if field.default is not None and name not in values:
            defaults |= field.spread(_default(field))
    return {**defaults, **values}


def _default(field: Field) -> Any:
    if field.normalise and isinstance(field.default, str):
        return field.type.parse(normalised(field, field.default))
    return field.default


def missing(entity: Entity, values: Mapping[str, Any]) -> list[Problem]:
    """Return a problem for every required field that ``values`` leaves empty."""
    return [
        Problem(code="required", text=REQUIRED, pointer=pointer([name]))
        for name, field in entity.fields.items()
        if field.required and values.get(name) is None
    ]


def require_all(entity: Entity, values: Mapping[str, Any]) -> None:
    """Raise InvalidError with every required field that ``values`` leaves empty."""
    problems = missing(entity, values)
    if problems:
        raise InvalidError(problems=problems)


def read_tolerantly(payload: Payload, data: object) -> tuple[dict[str, Any], tuple[Problem, ...]]:
    """Return the values in ``data`` that can be read, and what is wrong with the others."""
    try:
        return payload.read(data), ()
    except InvalidError as error:
        wrong = {problem.pointer.split("/")[1] for problem in error.problems if problem.pointer}
        if not isinstance(data, Mapping) or not wrong:
            raise
        rest = {name: value for name, value in data.items() if pointer([name])[1:] not in wrong}
        return payload.read(rest), error.problems
