"""What has to be carried over where a field keeps its values but gets another column."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from loomwork.catalog.folding import FoldedDocument
from loomwork.errors import N_, DocumentError, Problem
from loomwork.model.derived import DerivedType
from loomwork.model.storage import Storage, StorageKind
from loomwork.model.whole import Model
from loomwork.publishing.plan import Side
from loomwork.store.schema.columns import SEALED, SORT, Need, Stored, field_needs

NUMBERS = (StorageKind.INTEGER, StorageKind.DECIMAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversion:
    """Values to bring from a column that was, to the field's column that is.

    ``source`` is None for the shadow of a sorted text: it is computed. ``lossy``
    ones leave out the values that do not fit.
    """

    entity: str
    field: str
    source: str | None
    before: Storage
    after: Storage
    lossy: bool = False

    @property
    def id(self) -> str:
        """Return the id of the step."""
        if self.field.endswith(SORT):
            return f"sort_key:{self.entity}.{self.field.removesuffix(SORT)}"
        return f"convert:{self.entity}.{self.field}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Replacement:
    """A field of a revision to which the site goes back, whose newer values cannot come along."""

    entity: str
    field: str
    source: str

    @property
    def id(self) -> str:
        """Return the id of the step."""
        return f"replace_values:{self.entity}.{self.field}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """What a publish carries over, and what it cannot."""

    conversions: tuple[Conversion, ...] = ()
    replacements: tuple[Replacement, ...] = ()


def _is_derived(model: Model, need: Need) -> bool:
    member = model.entities[need.entity].fields.get(need.field)
    return member is not None and isinstance(member.type, DerivedType)


def plan_conversions(
    old: Side,
    new: Side,
    documents: Mapping[str, FoldedDocument],
    stored: Stored,
    *,
    back: bool = False,
) -> Carried:
    """Return what has to be carried over between two Models; ``documents`` are the new entities'.

    Raises DocumentError for every field whose values cannot become the new type's, unless the site
    goes ``back`` to an earlier revision, which has its own values of that time.
    """
    conversions: list[Conversion] = []
    replacements: list[Replacement] = []
    problems: list[Problem] = []
    texts = _texts(new)
    known = {(entity, one.name) for (entity, _, _), one in stored.items() if one.used}
    in_use = {(need.entity, column) for need, column in old.columns.items()}
    had = {(entity, field, one.name) for (entity, field, _), one in stored.items()}
    for before, after in _kept_needs(old.model, new.model):
        source, target = old.columns.get(before), new.columns[after]
        if source == target or (after.entity, target) in in_use:
            # What the column has is the field's own already, under whatever name.
            continue
        if _is_derived(new.model, after):
            # Its values are worked out again, whatever they were.
            continue
        if after.field.endswith(SORT) and (after.entity, texts[after]) not in known:
            # The field is new: there are no texts yet that could have keys.
            continue
        if before.field != after.field and (after.entity, before.field, target) in had:
            # The field was renamed long ago; another one goes by its earlier name since.
            continue
        fits = _fits(before, after)
        if fits or (back and _may_fit(before, after)):
            conversions.append(
                Conversion(
                    entity=after.entity,
                    field=after.field,
                    source=source,
                    before=before.storage,
                    after=after.storage,
                    lossy=not fits,
                )
            )
        elif back and source is not None:
            replacements.append(Replacement(entity=after.entity, field=after.field, source=source))
        else:
            problems.append(_refusal(documents[after.entity], before, after))
    if problems:
        raise DocumentError(problems=problems)
    return Carried(conversions=tuple(conversions), replacements=tuple(replacements))


def _texts(side: Side) -> dict[Need, str]:
    """Return, by the need of each sort key, the column with its texts."""
    columns = {(need.entity, need.field): column for need, column in side.columns.items()}
    return {
        need: columns[need.entity, need.field.removesuffix(SORT)]
        for need in side.columns
        if need.field.endswith(SORT)
    }


def _kept_needs(old: Model, new: Model) -> Iterator[tuple[Need, Need]]:
    """Yield the needs of fields that stay: the need before, the need now.

    The shadow of a field that comes back is among them: its texts may come from another column.
    """
    for name, entity in new.entities.items():
        before = old.entities[name].fields if name in old.entities else {}
        for field in entity.fields.values():
            was = field.name if field.name in before else field.renamed_from
            stays = was in before
            earlier = (
                {_part(need, was): need for need in field_needs(name, before[was])} if stays else {}
            )
            for need in field_needs(name, field):
                kept = earlier.get(_part(need, field.name))
                if need.field.endswith(SORT):
                    yield kept or need, need
                elif kept is not None:
                    yield kept, need


def _part(need: Need, field: str) -> str:
    """Return what distinguishes the columns of one field: the part, or the shadow's ending."""
    return need.field.removeprefix(field)


def _fits(before: Need, after: Need) -> bool:
    if before.of.startswith(SEALED[1:]):
        # Tokens are bound to their column, whatever the two have in common.
        return False
    if before.many or after.many or before.of != after.of:
        return before.fingerprint == after.fingerprint
    if before.storage.kind is after.storage.kind:
        return before.storage.places <= after.storage.places and before.to == after.to
    kinds = (before.storage.kind, after.storage.kind)
    return kinds == (StorageKind.INTEGER, StorageKind.DECIMAL)


def _may_fit(before: Need, after: Need) -> bool:
    """Tell whether some of the values have a counterpart: numbers with fewer places."""
    numbers = before.storage.kind in NUMBERS and after.storage.kind in NUMBERS
    return numbers and before.of == after.of and not (before.many or after.many)


def _refusal(document: FoldedDocument, before: Need, after: Need) -> Problem:
    field = after.field.removesuffix(SORT).partition(".")[0]
    origin = document.origin(("fields", field, "type"))
    return Problem(
        code="type_changed",
        text=N_(
            "The values of this field are kept as {before} and cannot become {after}:"
            " give the new field another name."
        ),
        context={"before": _described(before), "after": _described(after)},
        file=origin.file,
        pointer=origin.pointer,
    )


def _described(need: Need) -> str:
    if need.to:
        return f"link to {need.to}"
    if need.storage.kind is StorageKind.DECIMAL:
        return f"decimal ({need.storage.places})"
    return str(need.storage.kind)
