"""Sort keys come with a publish, also to a site whose texts never had any, and stay right."""

from pathlib import Path

import sqlalchemy as sa

from loomwork.publishing.site import Site
from loomwork.records.lists.listing import ListQuery
from loomwork.store.system import COLUMN
from tests.documents import PackBuilder, workshop
from tests.sites import TESTER, another_worker, made_site, put

NAMES = ("张三", "Zebra", "李四", "äpfel", "10", "9")
BY_CODE_POINT = ["10", "9", "Zebra", "äpfel", "张三", "李四"]
BY_KEY = ["9", "10", "äpfel", "Zebra", "李四", "张三"]


def listed(site: Site) -> list[str]:
    page = site.records.page(TESTER, "machine", ListQuery(sort=("name",), limit=100))
    return [str(one["name"]) for one in page.items]


def forget_keys(site: Site) -> None:
    """Bring the site to the state of the days before there were sort keys."""
    inspector = sa.inspect(site.database.writer)
    quote = site.database.writer.dialect.identifier_preparer.quote
    on_table = " ON {table}" if site.database.name == "mariadb" else ""
    keys = [
        (table.name, column["name"])
        for kept in site.tables.values()
        for table in kept.tables
        for column in inspector.get_columns(table.name)
        if column["name"].endswith("__sort")
    ]
    indexes = {
        (table, str(index["name"]))
        for table in {table for table, _ in keys}
        for index in inspector.get_indexes(table)
        if any(str(name).endswith("__sort") for name in index["column_names"])
    }
    with site.database.transaction() as connection:
        connection.execute(sa.delete(COLUMN).where(COLUMN.c.field.like("%+sort")))
        for table, name in sorted(indexes):
            place = on_table.format(table=quote(table))
            connection.exec_driver_sql(f"DROP INDEX {quote(name)}{place}")
        for table, name in keys:
            connection.exec_driver_sql(f"ALTER TABLE {quote(table)} DROP COLUMN {quote(name)}")


def changed() -> PackBuilder:
    builder = workshop(version="1.1.0")
    machine = next(body for body in builder.documents if body["name"] == "machine")
    machine["fields"]["colour"] = {"type": "text"}
    return builder


def test_a_site_without_keys_sorts_by_its_texts_until_a_publish_makes_the_keys(
    database_url: str, tmp_path: Path
) -> None:
    with made_site(database_url, tmp_path, workshop()) as site:
        for name in NAMES:
            site.records.create(TESTER, "machine", {"name": name})
        assert listed(site) == BY_KEY
        forget_keys(site)
        with another_worker(site) as older:
            assert listed(older) == BY_CODE_POINT
            older.records.create(TESTER, "machine", {"name": "苏州"})
            put(older, changed())
            assert listed(older) == [*BY_KEY[:-1], "苏州", "张三"]


def test_a_title_that_changes_moves_what_links_to_it(database_url: str, tmp_path: Path) -> None:
    with made_site(database_url, tmp_path, workshop()) as site:
        makers = {
            name: site.records.create(TESTER, "maker", {"name": name})["id"]
            for name in ("阿尔法", "Beta", "张三")
        }
        for name, maker in makers.items():
            site.records.create(TESTER, "machine", {"name": f"of {name}", "maker": maker})

        def by_maker() -> list[object]:
            page = site.records.page(TESTER, "machine", ListQuery(sort=("-maker",)))
            return [one["maker"]["title"] for one in page.items]

        assert by_maker() == ["张三", "阿尔法", "Beta"]
        site.records.update(TESTER, "maker", makers["张三"], {"name": "Alpha"})
        assert by_maker() == ["阿尔法", "Beta", "Alpha"]
