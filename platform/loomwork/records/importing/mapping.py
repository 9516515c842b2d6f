"""Which column of a file goes into which field."""

from collections.abc import Mapping, Sequence

from loomwork.catalog.schema_check import nearest
from loomwork.errors import N_, InvalidError, Problem
from loomwork.model.derived import DerivedType
from loomwork.model.entity import Entity, Field
from loomwork.model.types.secret import SecretType
from loomwork.model.types.sequence import SequenceType
from loomwork.records.importing.parts import part_columns
from loomwork.records.importing.rejects import ADDED, SURPLUS
from loomwork.store.text.fold import fold

LEFT_OUT = (DerivedType, SequenceType, SecretType)
"""What an exported file may have and no file fills."""


def importable(entity: Entity) -> dict[str, Field]:
    """Return the fields that a file can fill."""
    return {
        name: field
        for name, field in entity.fields.items()
        if not (field.readonly or isinstance(field.type, SecretType))
    }


def map_columns(
    entity: Entity, columns: Sequence[str], given: Mapping[str, str | None]
) -> dict[int, Field]:
    """Return the field of each column by position.

    A column fits the field whose name or label, in any language, it has as header; ``given`` says
    otherwise, with None for a column to leave out. Columns of what is worked out are left out by
    themselves. Raises InvalidError for every column that fits
    no field, and for two columns that fit one.
    """
    fields = importable(entity)
    names = _names(fields)
    parts = part_columns(fields)
    fields |= parts
    names |= {fold(name): name for name in parts}
    worked_out = _names(
        {name: one for name, one in entity.fields.items() if isinstance(one.type, LEFT_OUT)}
    )
    problems = [
        _problem(N_("The file has no column “{column}”."), header, header)
        for header in given
        if header not in columns and header not in (SURPLUS, *ADDED)
    ]
    found: dict[int, Field] = {}
    for position, header in enumerate(columns):
        if header in given and given[header] is None:
            continue
        wanted = given.get(header) or names.get(fold(header), "")
        if not wanted and fold(header) in worked_out:
            # An exported file has them; they follow from the rest of it.
            continue
        field = fields.get(wanted)
        if field is None:
            problems.append(_unknown(header, wanted, fields, names))
        elif field in found.values():
            text = N_("A second column fits the field “{field}”.")
            problems.append(_problem(text, header, header, field=field.name))
        else:
            found[position] = field
    if problems:
        raise InvalidError(N_("The columns do not fit the entity."), problems=problems)
    return found


def _names(fields: Mapping[str, Field]) -> dict[str, str]:
    """Return the fields' names by what a header may say; names come before labels."""
    names: dict[str, str] = {}
    for name, field in fields.items():
        for text in (
            field.label.source,
            *field.label.translations.values(),
            name.replace("_", " "),
        ):
            names.setdefault(fold(text), name)
    for name in fields:
        names[fold(name)] = name
    return names


def _unknown(
    header: str, wanted: str, fields: Mapping[str, Field], names: Mapping[str, str]
) -> Problem:
    if wanted:
        text = N_("There is no field “{name}” that “{column}” could fill.")
        return _problem(text, header, header, name=wanted)
    hint = names.get(nearest(fold(header), names), "")
    text = (
        N_("The column “{column}” fits no field. Perhaps “{hint}”? Say so with --map.")
        if hint in fields
        else N_("The column “{column}” fits no field. Leave it out with --map, by null.")
    )
    return _problem(text, header, header, hint=hint)


def _problem(text: str, pointer: str, column: str, **context: object) -> Problem:
    return Problem(
        code="bad_column",
        text=text,
        pointer="/" + pointer.replace("~", "~0").replace("/", "~1"),
        context={"column": column, **context},
    )
