"""Whatever is written, every derived value is what the definition of the language says."""

import random
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from loomwork.errors import ConflictError
from loomwork.expressions.context import Context, Record
from loomwork.expressions.model_scope import derived_of
from loomwork.expressions.tree import Node
from loomwork.model.derived import DerivedType
from loomwork.publishing.site import Site
from loomwork.records.deriving.building import check_derived, chosen
from loomwork.records.lists.listing import ListQuery
from loomwork.store.reading.derived_values import kept_value
from tests.growing_models import LINKS, NAMES, TEXTS, grown_pack
from tests.integration.engines import ENGINES, shared_database
from tests.sites import TESTER, made_site

STEPS = 12
NUMBERS = (None, 0, 1, 2, 7, -3)


class World:
    """All live records in memory, as the definition of the language sees them."""

    def __init__(self, rows: Mapping[str, Mapping[UUID, Record]]) -> None:
        self.rows = rows

    def linked(self, entity: str, id_: UUID) -> Record | None:
        return self.rows[entity].get(id_)

    def linking(self, entity: str, link: str, id_: UUID) -> Iterable[Record]:
        return [row for row in self.rows[entity].values() if row.get(link) == id_]

    def fitting(self, entity: str, where: Node | None, context: Context) -> Iterable[Record]:
        del where, context
        return list(self.rows[entity].values())


class Writers:
    """Writes at random, and remembers what is there."""

    def __init__(self, site: Site, source: random.Random) -> None:
        self.site = site
        self.source = source
        self.live: dict[str, list[UUID]] = {name: [] for name in NAMES}
        self.gone: list[tuple[str, UUID]] = []

    def values(self, entity: str) -> dict[str, Any]:
        pick = self.source.choice
        values = {"whole": pick(NUMBERS), "part": pick((None, "1.25", "-2.5", "10")), "word": None}
        values["word"] = pick((None, *TEXTS))
        for link, (to, _) in LINKS.get(entity, {}).items():
            values[link] = pick([None, *map(str, self.live[to][-3:])])
        names = self.source.sample(list(values), self.source.randint(1, len(values)))
        return {name: values[name] for name in names}

    def step(self) -> None:
        """Write once, perhaps several records in one transaction."""
        action = self.source.choice(("create", "create", "update", "update", "delete", "restore"))
        getattr(self, action)()

    def create(self) -> None:
        entities = self.source.choices(NAMES, k=self.source.randint(1, 3))
        drafts = [(name, {"name": name, **self.values(name)}) for name in entities]
        made = self.site.records.write(
            TESTER, lambda of: [(name, of(name).create(draft)["id"]) for name, draft in drafts]
        )
        for name, id_ in made:
            self.live[name].append(id_)

    def update(self) -> None:
        entity = self.source.choice(NAMES)
        for id_ in self.live[entity][-1:]:
            self.site.records.update(TESTER, entity, id_, self.values(entity))

    def delete(self) -> None:
        entity = self.source.choice(NAMES)
        for id_ in self.live[entity][:1]:
            self.site.records.delete(TESTER, entity, id_)
            self.live[entity].remove(id_)
            self.gone.append((entity, id_))

    def restore(self) -> None:
        for entity, id_ in self.gone[-1:]:
            try:
                self.site.records.restore(TESTER, entity, id_)
            except ConflictError:
                # What it links to is deleted itself.
                return
            self.gone.pop()
            self.live[entity].append(id_)


def rows_of(site: Site) -> dict[str, dict[UUID, Record]]:
    query = ListQuery(limit=500)
    return {
        name: {
            record["id"]: {
                key: value["id"] if isinstance(value, dict) else value
                for key, value in record.items()
            }
            for record in site.records.page(TESTER, name, query).items
        }
        for name in NAMES
    }


def wrong_values(site: Site) -> list[str]:
    """Return every derived value that is another than it should be, on reading and in columns."""
    rows = rows_of(site)
    context = Context(relations=World(rows))
    report = site.compiler.report(site.documents)
    assert report.model is not None
    found = []
    for name in NAMES:
        entity = report.model.entities[name]
        for field in entity.fields.values():
            if not isinstance(field.type, DerivedType):
                continue
            derived = derived_of(report.model, entity, field)
            for row in rows[name].values():
                wanted = kept_value(field.type, derived.value(row, context))
                if row[field.name] != wanted:
                    found.append(f"{name}.{field.name}: {row[field.name]!r}, not {wanted!r}")
    drifts = (check_derived(site.current(), one) for one in chosen(site.current()))
    return found + [f"{one.entity}.{one.field} drifts" for one in drifts if one.count]


def hold(url: str, home: Path, seed: int, steps: int) -> None:
    """Let a grown model follow ``steps`` writes, and look at every value after each."""
    with made_site(url, home, grown_pack(seed)) as site:
        writers = Writers(site, random.Random(seed))
        for _ in range(3):
            writers.create()
        for step in range(steps):
            writers.step()
            assert wrong_values(site) == [], f"seed {seed}, step {step}"


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("seed", [1, 2])
def test_every_value_is_right_after_every_write(
    engine: str, seed: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with shared_database(engine, tmp_path_factory) as (url, home):
        hold(url, home, seed, STEPS)


@pytest.mark.soak
@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("seed", range(100, 140))
def test_every_value_is_right_after_every_write_of_many_models(
    engine: str, seed: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with shared_database(engine, tmp_path_factory) as (url, home):
        hold(url, home, seed, 40)
