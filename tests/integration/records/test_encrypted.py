"""Encrypted fields: written, shown and changed like others, and nowhere to be found."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from loomwork.errors import ConflictError, InvalidError, LoomworkError, UnavailableError
from loomwork.publishing.site import Site
from loomwork.records.drafts.sealing import Sealing
from loomwork.records.importing.mapping import map_columns
from loomwork.records.importing.run import Import, Outcome
from loomwork.records.importing.source import open_source
from loomwork.records.lists.listing import ListQuery
from loomwork.store.keys import ring as keys
from loomwork.store.keys.ring import rewrap, rotate
from loomwork.web.rest.message import json_text
from tests.integration.engines import ENGINES, shared_database
from tests.sites import TESTER, another_worker, empty, made_site
from tests.vault import HIDDEN, SECRET, TRACES, vault

CHANGED = {**HIDDEN, "card": "anderes-geheim", "home": {"city": "Bonngeheim"}, "born": None}


@pytest.fixture(scope="module", params=ENGINES)
def shared(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """Yield a site with the vault, once for each engine."""
    with (
        shared_database(request.param, tmp_path_factory) as (url, home),
        made_site(url, home, vault()) as made,
    ):
        yield made


@pytest.fixture
def site(shared: Site) -> Site:
    """Return the module's site without a single record."""
    empty(shared)
    return shared


def shown(record: Any) -> dict[str, Any]:
    """Return a record as a caller gets it."""
    found: dict[str, Any] = json.loads(json_text(record))
    return found


def create(site: Site, **values: Any) -> dict[str, Any]:
    return site.records.create(TESTER, "patient", {"name": "Ann", **values})


def tokens(site: Site, id_: Any) -> str:
    """Return all that the tables of patients and their history keep of a record."""
    found: list[str] = []
    with site.database.reader.connect() as connection:
        for table in site.tables["patient"].tables:
            for row in connection.execute(sa.select(table).where(table.c.id == id_)):
                found += [value for value in row if isinstance(value, str)]
    return "\n".join(found)


def everything(site: Site) -> str:
    """Return all that stands in any text column of any table of the database."""
    found: list[str] = []
    with site.database.reader.connect() as connection:
        inspector = sa.inspect(connection)
        for table in inspector.get_table_names():
            if table.startswith(("lw_document", "lw_step", "lw_revision")):
                continue
            for row in connection.execute(sa.text(f"SELECT * FROM {quoted(site, table)}")):
                found += [str(value) for value in row if isinstance(value, str)]
    return "\n".join(found)


def quoted(site: Site, name: str) -> str:
    return site.database.writer.dialect.identifier_preparer.quote(name)


def token(site: Site, record: Any, column: str = "card") -> str:
    with site.database.reader.connect() as connection:
        table = site.tables["patient"]
        statement = sa.select(table.columns[column]).where(table.columns["id"] == record["id"])
        return str(connection.execute(statement).scalar_one())


def set_token(site: Site, record: Any, column: str, text: str | None) -> None:
    with site.database.transaction() as connection:
        table = site.tables["patient"]
        changed = sa.update(table.table).where(table.columns["id"] == record["id"])
        connection.execute(changed.values({column: text}))


@contextmanager
def wrongly_opened(
    site: Site, secret: bytes = b"another key that is long enough !"
) -> Iterator[Site]:
    """Give the site as a process has it whose secret key is another one."""
    other = Site.open(replace(site.settings, secret_key=secret))
    try:
        yield other
    finally:
        other.close()


def test_every_type_is_shown_as_it_was_given(site: Site) -> None:
    made = create(site, **HIDDEN, password=SECRET)
    read = site.records.read(TESTER, "patient", made["id"])
    assert read == made
    assert {name: shown(read)[name] for name in HIDDEN} == HIDDEN
    assert shown(read)["password"] == {"set": True}
    (listed,) = site.records.page(TESTER, "patient", ListQuery(fields=("card", "home"))).items
    assert {name: shown(listed)[name] for name in ("card", "home")} == {
        name: HIDDEN[name] for name in ("card", "home")
    }


def test_what_is_written_again_is_no_change(site: Site) -> None:
    made = create(site, **HIDDEN, password=SECRET)
    before = {name: token(site, made, name) for name in ("card", "home.city", "password")}
    again = site.records.update(
        TESTER, "patient", made["id"], {**HIDDEN, "password": {"set": True}}
    )
    assert again["version"] == 1
    same = site.records.update(TESTER, "patient", made["id"], {"password": SECRET})
    assert same["version"] == 1
    assert before == {name: token(site, made, name) for name in before}


def test_equal_values_of_two_records_have_different_tokens(site: Site) -> None:
    one, two = create(site, card="4711"), create(site, card="4711")
    assert token(site, one) != token(site, two)
    assert token(site, one).startswith("v1:")


def test_nothing_of_a_value_is_anywhere_in_the_database(site: Site, tmp_path: Path) -> None:
    made = create(site, **HIDDEN, password=SECRET)
    site.records.update(TESTER, "patient", made["id"], {**CHANGED, "password": f"neu-{SECRET}"})
    file = tmp_path / "patients.csv"
    file.write_text("name,card,teeth\nBea,import-geheim,28765431\n", encoding="utf-8")
    load(site, file)
    site.records.delete(TESTER, "patient", made["id"])
    site.records.restore(TESTER, "patient", made["id"])
    text = everything(site)
    assert "Bea" in text
    assert [trace for trace in TRACES if trace in text] == []


def load(site: Site, file: Path, match: str = "") -> Outcome:
    source, outcome = open_source(file, ""), Outcome()
    entity = site.current().entity("patient")
    columns = map_columns(entity, source.columns, {})
    Import(
        records=site.records,
        actor=lambda: TESTER,
        entity="patient",
        source=source,
        columns=columns,
        match=match,
    ).run(outcome, lambda count: count)
    return outcome


def test_an_import_seals_and_compares_but_leaves_secrets_out(site: Site, tmp_path: Path) -> None:
    file = tmp_path / "patients.csv"
    file.write_text("name,card,password\nBea,import-1,x\nCid,import-2,y\n", encoding="utf-8")
    assert load(site, file).created == 2
    assert load(site, file, "name").unchanged == 2
    items = site.records.page(TESTER, "patient", ListQuery(sort=("name",))).items
    assert [(one["card"], one["password"]) for one in items] == [
        ("import-1", None),
        ("import-2", None),
    ]
    with pytest.raises(InvalidError, match="encrypted"):
        load(site, file, "card")


def test_the_history_shows_what_there_was(site: Site) -> None:
    made = create(site, card="one")
    site.records.update(TESTER, "patient", made["id"], {"card": "two", "password": SECRET})
    newest, first = site.records.history(TESTER, "patient", made["id"]).items
    assert newest["changes"] == [
        {"field": "card", "from": "one", "to": "two"},
        {"field": "password", "from": None, "to": {"set": True}},
    ]
    old = site.records.read(TESTER, "patient", made["id"], as_of=first["at"])
    assert (old["card"], old["password"]) == ("one", None)


def test_a_secret_is_replaced_and_emptied_and_only_opened_for_those_who_act(site: Site) -> None:
    made = create(site, password="one")
    sealing = Sealing(site.current(), site.current().entity("patient"))
    field = site.current().entity("patient").fields["password"]

    def kept() -> str | None:
        return sealing.secret(field, {"password": token(site, made, "password")})

    assert kept() == "one"
    site.records.update(TESTER, "patient", made["id"], {"password": " two "})
    assert kept() == " two "
    emptied = site.records.update(TESTER, "patient", made["id"], {"password": None})
    assert emptied["password"] is None
    assert create(site, password={"set": True})["password"] is None


@pytest.mark.parametrize("key", ["filter", "sort"])
def test_a_list_is_neither_filtered_nor_sorted_by_it(site: Site, key: str) -> None:
    query = {"filter": "card == '4711'"} if key == "filter" else {"sort": ("card",)}
    with pytest.raises(InvalidError):
        site.records.page(TESTER, "patient", ListQuery(**query))


def test_a_token_that_somebody_sends_is_a_text_like_any_other(site: Site) -> None:
    made = create(site, card="4711")
    sent = token(site, made)
    other = create(site, story=sent)
    assert other["story"] == sent
    assert token(site, other, "story") != sent


def test_a_changed_token_is_told_and_can_be_replaced(site: Site) -> None:
    made = create(site, card="4711")
    sealed = token(site, made)
    letter = "A" if sealed[-6] != "A" else "B"
    set_token(site, made, "card", sealed[:-6] + letter + sealed[-5:])
    with pytest.raises(ConflictError, match="cannot be opened") as told:
        site.records.read(TESTER, "patient", made["id"])
    assert str(made["id"]) in told.value.message()
    assert "Card" in told.value.message()
    assert site.records.update(TESTER, "patient", made["id"], {"card": "new"})["card"] == "new"


@pytest.mark.parametrize("text", ["", "plain", "v1::", "v1:00000000:AAAA", "v2:0:0"])
def test_what_is_no_token_is_told(site: Site, text: str) -> None:
    made = create(site, card="4711")
    set_token(site, made, "card", text)
    with pytest.raises(ConflictError, match="cannot be opened"):
        site.records.page(TESTER, "patient", ListQuery())


def test_a_value_does_not_open_in_another_field(site: Site) -> None:
    made = create(site, card="4711", story="long")
    set_token(site, made, "story", token(site, made))
    with pytest.raises(ConflictError, match="cannot be opened"):
        site.records.read(TESTER, "patient", made["id"])


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    text=st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=60),
    number=st.integers(-(2**53) + 1, 2**53 - 1),
)
def test_any_text_and_number_comes_back(site: Site, text: str, number: int) -> None:
    made = create(site, password="x", teeth=number, story=text)
    assert made["teeth"] == number
    assert (
        site.records.update(TESTER, "patient", made["id"], {"teeth": number, "story": text})[
            "version"
        ]
        == 1
    )


def test_a_rotation_changes_every_token_and_no_value(site: Site) -> None:
    made = create(site, **HIDDEN, password=SECRET)
    site.records.update(TESTER, "patient", made["id"], {"card": "zwei"})
    gone = create(site, card="im Papierkorb")
    site.records.delete(TESTER, "patient", gone["id"])
    before = shown(site.records.read(TESTER, "patient", made["id"]))
    past = shown({"items": site.records.history(TESTER, "patient", made["id"]).items})
    old = token(site, made)[3:11]
    done = rotate(site.database, site.settings.secret_key)
    key = done.key
    assert done.values > 20
    broken = {one.record for one in done.damaged}
    assert made["id"] not in broken
    assert gone["id"] not in broken
    assert f"v1:{old}:" not in tokens(site, made["id"])
    assert token(site, made).startswith(f"v1:{key}:")
    site.refresh()
    assert shown(site.records.read(TESTER, "patient", made["id"])) == before
    assert shown({"items": site.records.history(TESTER, "patient", made["id"]).items}) == past
    site.records.restore(TESTER, "patient", gone["id"])
    assert site.records.update(TESTER, "patient", made["id"], {"card": "zwei"})["version"] == 2


def test_another_worker_follows_a_rotation_at_its_next_call(site: Site) -> None:
    made = create(site, card="4711")
    with another_worker(site) as other:
        assert other.records.read(TESTER, "patient", made["id"])["card"] == "4711"
        key = rotate(site.database, site.settings.secret_key).key
        assert other.records.read(TESTER, "patient", made["id"])["card"] == "4711"
        other.records.update(TESTER, "patient", made["id"], {"card": "4712"})
    assert token(site, made).startswith(f"v1:{key}:")


def test_a_wrong_secret_key_stops_only_what_is_encrypted(site: Site) -> None:
    made = create(site, card="4711")
    plain = site.records.create(TESTER, "invoice", {"name": "x"})
    with wrongly_opened(site) as other:
        assert other.records.read(TESTER, "invoice", plain["id"])["name"] == "x"
        with pytest.raises(UnavailableError, match="secret key"):
            other.records.read(TESTER, "patient", made["id"])
        with pytest.raises(UnavailableError, match="secret key"):
            create(other, card="4712")
        assert create(other)["card"] is None


def test_a_new_secret_key_is_let_in_by_the_old_one(site: Site) -> None:
    made = create(site, card="4711")
    new, old = b"a new secret key of enough letters", site.settings.secret_key
    with pytest.raises(ConflictError, match="Neither"):
        rewrap(site.database, new, b"neither this one nor the other one")
    assert rewrap(site.database, new, old) >= 1
    with wrongly_opened(site, new) as other:
        assert other.records.read(TESTER, "patient", made["id"])["card"] == "4711"
        with pytest.raises(UnavailableError, match="secret key"):
            site.records.read(TESTER, "patient", made["id"])
    assert rewrap(site.database, old, new) >= 1
    assert rewrap(site.database, old, new) == 0
    assert site.records.read(TESTER, "patient", made["id"])["card"] == "4711"


def test_a_rotation_that_was_stopped_goes_on(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    made = [create(site, card=f"card {number}") for number in range(5)]
    kept = keys._write  # noqa: SLF001 -- the place at which a process may die
    done: list[int] = []

    def dying(*arguments: Any) -> int:
        if len(done) == 1:
            raise KeyboardInterrupt
        done.append(kept(*arguments))
        return done[-1]

    monkeypatch.setattr(keys, "CHUNK", 2)
    monkeypatch.setattr(keys, "_write", dying)
    with pytest.raises(KeyboardInterrupt):
        rotate(site.database, site.settings.secret_key)
    assert [site.records.read(TESTER, "patient", one["id"])["card"] for one in made] == [
        f"card {number}" for number in range(5)
    ]
    written = site.records.update(TESTER, "patient", made[4]["id"], {"card": "meanwhile"})
    monkeypatch.setattr(keys, "_write", kept)
    unfinished = site.current().keys.current
    assert token(site, written).startswith(f"v1:{unfinished}:")
    assert rotate(site.database, site.settings.secret_key).key == unfinished
    with site.database.reader.connect() as connection:
        found = keys.read_keys(connection, site.settings.secret_key)
    assert [one.id for one in found if one.retired_at is None] == [unfinished]
    cards = [site.records.read(TESTER, "patient", one["id"])["card"] for one in made]
    assert cards == ["card 0", "card 1", "card 2", "card 3", "meanwhile"]


def test_people_write_while_a_rotation_runs(site: Site) -> None:
    made = [create(site, card=f"card {number}", home={"city": "Ort"}) for number in range(20)]
    problems: list[Exception] = []
    stop = threading.Event()

    def write() -> None:
        with another_worker(site) as other:
            number = 0
            while not stop.is_set():
                one = made[number % len(made)]
                number += 1
                try:
                    read = other.records.read(TESTER, "patient", one["id"])
                    other.records.update(TESTER, "patient", one["id"], {"card": f"{read['card']}!"})
                except UnavailableError:
                    continue
                except LoomworkError as error:
                    problems.append(error)

    writer = threading.Thread(target=write)
    writer.start()
    for _ in range(2):
        rotation = rotate(site.database, site.settings.secret_key)
    stop.set()
    writer.join()
    assert problems == []
    site.refresh()
    cards = [site.records.read(TESTER, "patient", one["id"])["card"] for one in made]
    assert [card.rstrip("!") for card in cards] == [f"card {number}" for number in range(20)]
    for one in made:
        found = [line for line in tokens(site, one["id"]).splitlines() if line.startswith("v1:")]
        assert {line[3:11] for line in found} == {rotation.key}
