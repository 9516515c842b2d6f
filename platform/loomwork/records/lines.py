"""A record and its lines, which are deleted and restored together."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any
from uuid import UUID

from loomwork.errors import N_, ConflictError, InvalidError
from loomwork.records.context import later
from loomwork.records.drafts.numbering import Numbering
from loomwork.records.linking import Linking, linked_still
from loomwork.records.unit import unit_of
from loomwork.store.reading.shape import Shape
from loomwork.store.reading.whole_rows import lock_rows
from loomwork.store.transaction import bump_access

if TYPE_CHECKING:
    from loomwork.model.entity import Entity, Field
    from loomwork.records.context import Acting
    from loomwork.store.transaction import Transaction

Row = dict[str, Any]
TAKEN = N_(
    "Another record has the value by now that “{title}” ({entity}) had: change that one first."
)


@dataclass(frozen=True, kw_only=True)
class Together:
    """The stored rows of a record, of its lines and of theirs, by entity and id; lines come first.

    Links between them are nobody else's: they stop nothing, and in the recycle bin they stay.
    """

    by: "Acting"
    transaction: "Transaction"
    rows: Mapping[tuple[str, UUID], Row]

    def remove(self) -> None:
        """Delete them all at one moment: into the recycle bin where they have one, else for good.

        Lines have one if, and only if, their record has one.
        """
        at = max(later(row["updated_at"]) for row in self.rows.values())
        for entity, row in self._each():
            self._release(entity, row["id"])
        self._loosen()
        unit = unit_of(self.by.runtime, self.transaction)
        for entity, row in self._each():
            table, after = self.by.runtime.tables[entity.name], None
            if entity.recycle:
                gone = {"deleted_at": at, **self._stamp(row)}
                after = {**row, **gone}
                self.transaction.update(table, row["id"], {**gone, "live": None})
            else:
                Numbering(
                    runtime=self.by.runtime, transaction=self.transaction, entity=entity
                ).require_removable()
                self.transaction.delete(table, row["id"])
            unit.removed(entity, row, after, self.by)

    def revive(self) -> None:
        """Bring them back, with the links to them that their deletion emptied."""
        for entity, row in self._each():
            self._require_live_links(entity, row)
        unit = unit_of(self.by.runtime, self.transaction)
        for entity, row in self._each():
            back = {"deleted_at": None, **self._stamp(row)}
            table = self.by.runtime.tables[entity.name]
            with _named(entity, row):
                self.transaction.update(table, row["id"], {**back, "live": 1})
            unit.touched(entity, row, {**row, **back}, self.by)
        for entity, row in self._each():
            for other, field in self.by.runtime.model.referrers[entity.name]:
                if field.type.at_deletion == "clear":
                    self._linking(other, field, entity).put_back(row["id"])
                    self._note_people(other)
        unit.relations.forget_all()

    def _each(self) -> Iterator[tuple["Entity", Row]]:
        for (name, _), row in self.rows.items():
            yield self.by.runtime.model.entities[name], row

    @cached_property
    def _ids(self) -> Mapping[str, frozenset[UUID]]:
        """Return the ids by entity."""
        found: dict[str, set[UUID]] = {}
        for name, id_ in self.rows:
            found.setdefault(name, set()).add(id_)
        return {name: frozenset(ids) for name, ids in found.items()}

    def _linking(self, entity: "Entity", field: "Field", to: "Entity") -> Linking:
        return Linking(
            entity=entity,
            field=field,
            to=to.name,
            among=self._ids.get(entity.name, frozenset()),
            transaction=self.transaction,
            by=self.by,
        )

    def _release(self, entity: "Entity", id_: UUID) -> None:
        """Carry out ``on_delete`` for the links of others to a record that is about to go."""
        model = self.by.runtime.model
        for other, field in model.referrers[entity.name]:
            if field.type.at_deletion == "line":
                continue
            if field.type.at_deletion == "clear" and not field.required:
                self._linking(other, field, entity).clear(id_)
                self._note_people(other)
            else:
                self._require_no_links(other, field, id_, for_good=not entity.recycle)
        for other, field in () if entity.recycle else model.set_referrers[entity.name]:
            self._linking(other, field, entity).leave(id_)

    def _require_no_links(
        self, entity: "Entity", field: "Field", id_: UUID, *, for_good: bool
    ) -> None:
        table = self.by.runtime.tables[entity.name]
        count = self.transaction.count_links(table, field.name, id_, deleted=for_good)
        if count:
            own = self._ids.get(entity.name, ())
            count -= sum(self.rows[entity.name, one][field.name] == id_ for one in own)
        if count:
            raise linked_still(count, entity, field)

    def _loosen(self) -> None:
        """Empty links among those that go for good, which the database would not let go."""
        for name, ids in self._ids.items():
            entity = self.by.runtime.model.entities[name]
            loose = [
                link
                for link, type_ in entity.links.items()
                if not entity.recycle
                and not type_.part_of
                and any(self.rows[name, id_][link] in self._ids.get(type_.to, ()) for id_ in ids)
            ]
            if loose:
                table = self.by.runtime.tables[name]
                self.transaction.touch(table, sorted(ids), dict.fromkeys(loose))

    def _require_live_links(self, entity: "Entity", row: Row) -> None:
        """Refuse a record whose links lead to deleted ones, which its actor may not even read."""
        runtime = self.by.runtime
        for name, link in entity.links.items():
            if row[name] is None or not runtime.model.entities[link.to].recycle:
                continue
            if (link.to, row[name]) in self.rows:
                continue
            plan = runtime.plan(Shape(entity=link.to, fields=("id",), single=True))
            if not self.transaction.fetch(plan, {"id": row[name]}):
                raise ConflictError(
                    N_("“{field}” names a record that is deleted: restore that one first."),
                    field=entity.fields[name].label,
                )

    def _note_people(self, entity: "Entity") -> None:
        """Let every worker read its actors again where links of users have just been set."""
        if entity.name == "user":
            bump_access(self.transaction.connection)

    def _stamp(self, row: Row) -> dict[str, Any]:
        return {
            "updated_at": later(row["updated_at"]),
            "updated_by": self.by.actor.user,
            "version": row["version"] + 1,
        }


def together(by: "Acting", transaction: "Transaction", entity: "Entity", present: Row) -> Together:
    """Return a live record with its live lines, or a deleted one with those that went with it."""
    rows: dict[tuple[str, UUID], Row] = {}
    _gather(by, transaction, entity, present, rows)
    return Together(by=by, transaction=transaction, rows=rows)


def _gather(
    by: "Acting",
    transaction: "Transaction",
    entity: "Entity",
    row: Row,
    rows: dict[tuple[str, UUID], Row],
    seen: frozenset[tuple[str, UUID]] = frozenset(),
) -> None:
    """Add a row to ``rows``, after its lines; ``seen`` are those that it is a line of."""
    key = entity.name, row["id"]
    for other, field in by.runtime.model.referrers[entity.name]:
        if field.type.at_deletion != "line":
            continue
        table = by.runtime.tables[other.name]
        wanted = table.columns[field.name] == row["id"]
        if row.get("deleted_at") is None:
            wanted &= table.table.c.live == 1
        else:
            # What went into the recycle bin at one moment went together.
            wanted &= table.columns["deleted_at"] == row["deleted_at"]
        for line in lock_rows(transaction, table, wanted):
            if (other.name, line["id"]) not in {*rows, *seen, key}:
                _gather(by, transaction, other, line, rows, seen | {key})
    rows[key] = row


@contextmanager
def _named(entity: "Entity", row: Row) -> Iterator[None]:
    """Say whose value is taken: the caller may have named only the record of which it is a line."""
    try:
        yield
    except InvalidError as error:
        context = {"title": str(row[entity.title] or ""), "entity": entity.label}
        problems = [replace(one, text=TAKEN, context=context) for one in error.problems]
        raise InvalidError(problems=problems) from error
