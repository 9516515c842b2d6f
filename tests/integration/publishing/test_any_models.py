"""Any Model to any other to a third, on each engine, with data: nothing lost, nothing left over."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from loomwork.cli.setup import prepare_site
from loomwork.errors import ConflictError, DocumentError
from loomwork.publishing.install import install_packs
from loomwork.publishing.publish import plan_publish, publish
from loomwork.publishing.purge import Purgeable, purge, purgeable
from loomwork.publishing.rollback import order_of_rollback
from loomwork.publishing.site import Site
from loomwork.publishing.uninstall import left_behind, order_of_uninstall
from tests.conftest import SOAK
from tests.documents import Body, PackBuilder, base
from tests.integration.engines import ENGINES, shared_database
from tests.integration.publishing.killing import missing, superfluous
from tests.integration.publishing.test_going_back import schema
from tests.sites import TESTER, put, settings_of

NAMES = ("alpha", "beta", "gamma")
ENTITIES = ("boat", "crate")
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "text": st.sampled_from(["a", "ä", "江南", "x" * 30]),
    "integer": st.integers(-10_000, 10_000),
    "decimal": st.decimals(-999, 999, places=1),
    "date": st.dates(date(1990, 1, 1), date(2050, 1, 1)).map(str),
    "boolean": st.booleans(),
}
FIELDS: st.SearchStrategy[Body] = st.one_of(
    st.builds(
        lambda limit, **more: {"type": "text", "max_length": limit, **more},
        st.sampled_from([40, 300]),
        search=st.booleans(),
        indexed=st.booleans(),
    ),
    st.builds(lambda indexed: {"type": "integer", "indexed": indexed}, st.booleans()),
    st.builds(lambda places: {"type": "decimal", "places": places}, st.integers(1, 5)),
    st.just({"type": "date"}),
    st.just({"type": "boolean"}),
    st.just({"type": "link", "to": "boat"}),
)
MODELS = st.fixed_dictionaries(
    {"boat": st.dictionaries(st.sampled_from(NAMES), FIELDS, max_size=3)},
    optional={"crate": st.dictionaries(st.sampled_from(NAMES), FIELDS, max_size=3)},
)
Row = dict[str, dict[str, Any]]
ROWS: st.SearchStrategy[Row] = st.fixed_dictionaries(
    {
        name: st.fixed_dictionaries({kind: st.none() | values for kind, values in VALUES.items()})
        for name in NAMES
    }
)
EXAMPLES = 120 if SOAK else 5


@pytest.fixture(scope="module", params=ENGINES)
def anywhere(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """Yield a site with ``base`` alone for each engine, which every case leaves as it was."""
    with shared_database(request.param, tmp_path_factory) as (url, home):
        site = prepare_site(settings_of(url, home))
        install_packs(site.database, [base()], author="test")
        site.refresh()
        yield site
        site.close()


def pack(model: dict[str, dict[str, Body]]) -> PackBuilder:
    """Return the pack of a Model, each of whose entities has a name too."""
    documents = [
        {"kind": "entity", "name": name, "fields": {"name": {"type": "text"}, **fields}}
        for name, fields in model.items()
    ]
    return PackBuilder(*documents, version="1.0.0")


class Oracle:
    """What every column of every record has to have, worked out in Python."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.columns: dict[Any, Any] = {}
        self.model: dict[str, dict[str, Body]] = {}

    def publish(self, model: dict[str, dict[str, Body]]) -> bool:
        """Publish; tell whether it was not refused. A refusal changes nothing."""
        before = schema(self.site)
        try:
            put(self.site, pack(model))
        except (DocumentError, ConflictError):
            assert schema(self.site) == before
            return False
        self.carry(model)
        return True

    def carry(self, model: dict[str, dict[str, Body]]) -> None:
        """Bring the values of fields that stay to the columns that they have now."""
        old = {key: dict(row) for key, row in self.columns.items()}
        for (entity, id_), row in old.items():
            for field, body in model.get(entity, {}).items():
                was = self.model.get(entity, {}).get(field)
                if was is not None and place(was) != place(body):
                    value = row.get((field, place(was)))
                    self.columns[entity, id_][field, place(body)] = value
        self.model = model

    def write(self, drawn: Row) -> None:
        """Create a record of each entity with the values that were drawn for its fields."""
        for entity, fields in self.model.items():
            values = {
                name: drawn[name][body["type"]]
                for name, body in fields.items()
                if body["type"] in VALUES
            }
            made = self.site.records.create(TESTER, entity, {"name": "n", **values})
            self.columns[entity, made["id"]] = {
                (name, place(fields[name])): value for name, value in values.items()
            }

    def require(self) -> None:
        """Assert that every record has the values that it has to have, and the schema is right."""
        assert (superfluous(self.site), missing(self.site)) == ([], [])
        for (entity, id_), row in self.columns.items():
            if entity in self.model:
                record = self.site.records.read(TESTER, entity, id_)
                for field, body in self.model[entity].items():
                    wanted = row.get((field, place(body)))
                    assert plain(record[field]) == plain(wanted), (entity, field)


def place(body: Body) -> str:
    """Return what decides the column of a field: by this alone, a value stays or moves."""
    kind = str(body["type"])
    if kind == "text":
        return "text"
    return f"{kind}:{body.get('places', body.get('to', ''))}"


def plain(value: Any) -> Any:
    """Return a value in a form in which what was given and what is read are the same."""
    if isinstance(value, Decimal | int) and not isinstance(value, bool):
        return Decimal(value)
    return str(value) if isinstance(value, date) else value


def revision(site: Site) -> tuple[int, str]:
    with site.database.reader.connect() as connection:
        statement = "SELECT number, hash FROM lw_revision ORDER BY number DESC"
        number, digest = connection.execute(sa.text(statement)).first() or (0, "")
    return number, digest


def uninstall(site: Site) -> None:
    """Take the pack out with all its data, older columns included."""
    order = order_of_uninstall(
        "workshop", site.model, author="test", compiler=site.compiler, dropping=True
    )
    ids = [step.id for step in left_behind(site.database, plan_publish(site.database, order))]
    publish(site.database, order)
    site.refresh()
    purge(site.database, site.columns, site.model.entities, confirmed=ids, author="test")
    rest = [one.step.id for one in left_over(site)]
    purge(site.database, site.columns, site.model.entities, confirmed=rest, author="test")


def left_over(site: Site) -> list[Purgeable]:
    return purgeable(site.database, site.columns, site.model.entities)


@settings(max_examples=EXAMPLES)
@given(models=st.tuples(MODELS, MODELS, MODELS), rows=st.tuples(ROWS, ROWS, ROWS))
def test_a_model_follows_another_and_a_third_without_loss(
    anywhere: Site, models: tuple[Any, Any, Any], rows: tuple[Row, Row, Row]
) -> None:
    site, oracle = anywhere, Oracle(anywhere)
    before = schema(site)
    try:
        assert oracle.publish(models[0])
        number, digest = revision(site)
        oracle.write(rows[0])
        for model, row in zip(models[1:], rows[1:], strict=True):
            oracle.publish(model)
            oracle.require()
            oracle.write(row)
        roll_back(site, number)
        assert revision(site)[1] == digest
        assert (superfluous(site), missing(site)) == ([], [])
    finally:
        # The next case begins where this one did.
        uninstall(site)
    assert schema(site) == before


def roll_back(site: Site, number: int) -> None:
    """Go back, whatever of the newer values cannot come along."""
    order = order_of_rollback(site.database, number, author="test", compiler=site.compiler)
    steps = plan_publish(site.database, order).steps
    confirmed = [step.id for step in steps if step.destructive]
    publish(site.database, replace(order, confirmed=confirmed))
    site.refresh()
