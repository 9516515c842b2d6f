"""``python -m bench.search``: how long a search takes, and how large its index is."""

import random
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import sqlalchemy as sa
from sqlalchemy import make_url

from bench import rows
from bench.databases import ENGINES, analyze, own_database
from bench.product import ENTITY, USER, Product, make_product
from loomwork.model.actor import Actor, system
from loomwork.publishing.site import Site
from loomwork.store.search.index import INDEXES, entries
from loomwork.store.search.rebuild import rebuild_search

PLACES = "苏州 上海 北京 重庆 深圳 无锡 宁波 青岛 长沙 厦门 南京 成都 西安 大连 佛山"
NAMES = "江南 华东 新兴 恒通 永利 金龙 瑞丰 天成 中科 博雅 宏远 东方 海天 德盛 兴业 明珠"
TRADES = "纺织 机械 化工 电子 食品 物流 软件 医药 建材 贸易 包装 轴承 仪表 橡胶 能源"
PEOPLE = "Müller Schmidt Łukasik Øster Novák García Rossi Dubois Smith Jansen Weiß Ångström"
GOODS = "Textil Maschinen Chemie Elektronik Food Logistik Software Pharma Bau Handel"
QUERIES = {
    "a Chinese name": "江南纺织",
    "a whole company": "苏州江南纺织有限公司",
    "two characters": "江南",
    "what most have": "有限公司",
    "pinyin initials": "jnfz",
    "full pinyin": "suzhou jiangnan",
    "a name without accents": "muller textil",
    "what a third has": "gmbh",
    "a number": "A00000711",
    "a prefix, being typed": "mül",
    "one letter": "m",
    "nothing": "qqqqqq",
}
SEED = 11
ROUNDS = 25


def named(count: int, product: Product) -> Iterator[rows.Row]:
    """Yield the bench's rows under names of Chinese and European companies."""
    source = random.Random(SEED)
    for number, row in enumerate(rows.rows(count, product.owners)):
        if number % 3:
            words = (
                source.choice(PLACES.split()),
                source.choice(NAMES.split()),
                source.choice(TRADES.split()),
            )
            row["name"] = "".join(words) + f"{number % 997}有限公司"
        else:
            name = f"{source.choice(PEOPLE.split())} {source.choice(GOODS.split())} {number} GmbH"
            row["name"] = f"{name} A{number:08d}"
        yield row


def fill(site: Site, product: Product, count: int) -> float:
    """Insert the rows and make their index; return the seconds for the index alone."""
    for part in rows.chunks(named(count, product)):
        with site.store.transaction() as transaction:
            transaction.insert_many(site.tables[ENTITY], part)
    begin = time.perf_counter()
    rebuild_search(site.database, site.tables, ENTITY, chunk=rows.CHUNK)
    return time.perf_counter() - begin


def size(site: Site, entity: str) -> str:
    """Return how many tokens a record has on average, and how large the index is."""
    index = INDEXES[site.database.name]
    statement = {
        "sqlite": "SELECT sum(pgsize) FROM dbstat WHERE name LIKE 'lw_search%'",
        "postgresql": "SELECT pg_total_relation_size('lw_search')",
        "mariadb": "SELECT data_length + index_length FROM information_schema.tables"
        " WHERE table_schema = database() AND table_name = 'lw_search_token'",
    }
    with site.database.reader.connect() as connection:
        try:
            whole = connection.exec_driver_sql(statement[site.database.name]).scalar_one()
        except sa.exc.OperationalError:
            whole = 0
        kept = index.place()
        records = connection.execute(
            sa.select(sa.func.count(sa.distinct(kept.c.record))).where(kept.c.entity == entity)
        ).scalar_one()
    return f"{int(whole or 0) / max(records, 1):.0f} bytes a record"


def measure(site: Site, actor: Actor, search: str) -> tuple[int, float, float]:
    """Return the number of hits, and the milliseconds that half and 95 % of the calls take."""
    hits = len(site.records.search(actor, search))
    taken: list[float] = []
    for _ in range(ROUNDS):
        begin = time.perf_counter()
        site.records.search(actor, search)
        taken.append((time.perf_counter() - begin) * 1000)
    taken.sort()
    return hits, taken[len(taken) // 2], taken[int(len(taken) * 0.95)]


@click.command()
@click.option("--engine", type=click.Choice(ENGINES), default="postgresql", show_default=True)
@click.option("--rows", "count", default=20_000, show_default=True, help="Records to search.")
def main(*, engine: str, count: int) -> None:
    """Time typical searches by the platform itself and by a clerk, who reads a tenth of all."""
    with tempfile.TemporaryDirectory(prefix="loomwork-bench-") as folder:
        home = Path(folder)
        with own_database(engine, home) as url:
            product = make_product(home, url)
            with product.site() as site:
                _run(site, product, url, engine, count)


def _run(site: Site, product: Product, url: str, engine: str, count: int) -> None:
    seconds = fill(site, product, count)
    analyze(engine, make_url(url).render_as_string(hide_password=False), ENTITY, *_tables(engine))
    tokens = sum(
        len(entry.title) + len(entry.body)
        for row in named(1_000, product)
        for entry in entries(site.model.entities[ENTITY], row)
    )
    print(
        f"{engine}, {count:,} records: {count / seconds:,.0f} indexed a second,"
        f" {tokens / 1_000:.0f} tokens and {size(site, ENTITY)}"
    )
    clerk = Actor(
        name=USER, user=product.owners[0], login=USER, roles=frozenset({"clerk"}), team=None
    )
    print(f"{'':26}{'everybody: hits, p50, p95':>28}{'a clerk: hits, p50, p95':>28}  ms")
    for name, search in QUERIES.items():
        figures: list[Any] = []
        for actor in (system("bench"), clerk):
            hits, half, most = measure(site, actor, search)
            figures.append(f"{hits:>8} {half:>9.1f} {most:>9.1f}")
        print(f"{name:26}{''.join(figures)}", flush=True)
    sys.stdout.flush()


def _tables(engine: str) -> tuple[str, ...]:
    return ("lw_search_token",) if engine == "mariadb" else ("lw_search",)


if __name__ == "__main__":
    main()
