"""Fields under other names: which field in force goes on in which field of a new Model."""

import re
from collections.abc import Mapping

from loomwork.catalog.folding import FoldedDocument
from loomwork.errors import N_, DocumentError, Problem
from loomwork.model.whole import Model
from loomwork.store.schema.columns import ColumnMap

PART = re.compile(r"[.+]")
"""What a key has between its field's name and a part of it."""


def whole_field(key: str) -> str:
    """Return the field that a column's key belongs to."""
    return PART.split(key, maxsplit=1)[0]


def names_by_column(before: ColumnMap, after: ColumnMap) -> Mapping[tuple[str, str], str]:
    """Return, by entity and new name, the name in force of a field whose first column goes on."""
    was = {(need.entity, column): need.field for need, column in before.items()}
    found: dict[tuple[str, str], str] = {}
    for need, column in after.items():
        earlier = was.get((need.entity, column))
        if earlier is not None:
            found.setdefault((need.entity, whole_field(need.field)), whole_field(earlier))
    return found


def refuse_taken_names(
    before: Model, after: Model, documents: Mapping[str, FoldedDocument]
) -> None:
    """Raise DocumentError for a field that was renamed from one that is still there.

    What was so in force already has done no harm and goes on; so does what has no values yet.
    """
    problems: list[Problem] = []
    for name, entity in after.entities.items():
        known = before.entities[name].fields if name in before.entities else {}
        for field in entity.own_fields.values():
            earlier = known.get(field.name)
            was = "" if earlier is None else earlier.renamed_from
            taken = field.renamed_from in entity.fields and field.renamed_from in known
            if (taken and field.renamed_from != was) or field.renamed_from == field.name != was:
                origin = documents[name].origin(("fields", field.name, "renamed_from"))
                problems.append(
                    Problem(
                        code="name_in_use",
                        text=N_(
                            "“{name}” is a field of its own; renamed_from names one that is gone."
                        ),
                        context={"name": field.renamed_from},
                        file=origin.file,
                        pointer=origin.pointer,
                    )
                )
    if problems:
        raise DocumentError(problems=problems)
