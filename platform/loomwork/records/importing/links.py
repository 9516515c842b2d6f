"""What cells say of linked records, resolved for many rows at once."""

from collections.abc import Collection, Iterable, Iterator
from uuid import UUID

from loomwork.errors import N_
from loomwork.model.actor import Actor
from loomwork.model.entity import Entity
from loomwork.model.field_type import refuse
from loomwork.records.importing.earlier import Earlier
from loomwork.records.importing.lookup import Lookup
from loomwork.records.runtime import Runtime
from loomwork.store.transaction import Transaction

AT_ONCE = 500


def naming_fields(entity: Entity) -> tuple[str, ...]:
    """Return the fields by which a text can name a record: its title and unique texts."""
    unique = (
        name
        for name, field in entity.own_fields.items()
        if field.unique and field.type.name == "text"
    )
    return tuple(dict.fromkeys((entity.title, *unique)))


class Links:
    """Finds the records that texts name: by id, by title, or by a unique text field.

    Records of the entity ``own`` may also be new ones of ``earlier`` lines.
    """

    def __init__(
        self,
        runtime: Runtime,
        transaction: Transaction,
        actor: Actor,
        own: str,
        earlier: Earlier,
    ) -> None:
        self._runtime = runtime
        self._transaction = transaction
        self._actor = actor
        self._own = own
        self._earlier = earlier
        self._found: dict[str, dict[str, set[UUID]]] = {}

    def prepare(self, entity: str, texts: Iterable[str]) -> None:
        """Look the texts up that are not known yet, all in a few statements."""
        known = self._found.setdefault(entity, {})
        missing = sorted({text for text in texts if text not in known})
        known |= {text: set() for text in missing}
        for start in range(0, len(missing), AT_ONCE):
            for text, id_ in self._look_up(entity, missing[start : start + AT_ONCE]):
                known[text].add(id_)

    def targets(self, entity: str) -> Iterator[UUID]:
        """Yield the records of ``entity`` that the texts looked up so far may name."""
        for ids in self._found.get(entity, {}).values():
            yield from ids

    def resolve(self, entity: str, text: str) -> UUID:
        """Return the record that ``text`` names; InvalidError where it is none or several."""
        found = self._found[entity][text]
        if entity == self._own:
            found = found | self._earlier.named(text)
        if not found:
            raise refuse("no_such_record", N_("There is no record “{name}”."), name=text[:120])
        if len(found) > 1:
            raise refuse("ambiguous", N_("Several records are called “{name}”."), name=text[:120])
        return next(iter(found))

    def _look_up(self, entity: str, texts: Collection[str]) -> Iterator[tuple[str, UUID]]:
        lookup = Lookup(self._runtime, self._transaction, self._actor, entity)
        for field in naming_fields(self._runtime.model.entities[entity]):
            yield from lookup.by(field, texts)
        ids = {id_: text for text in texts if (id_ := _as_id(text)) is not None}
        if ids:
            for id_, _ in lookup.by("id", ids):
                yield ids[id_], id_


def _as_id(text: str) -> UUID | None:
    try:
        return UUID(text) if len(text) in (32, 36) else None
    except ValueError:
        return None
