"""Commands about the search index: rebuild, check."""

import sys
from collections.abc import Iterator

import click

from loomwork.cli.output import FOUND_PROBLEMS, answer, say, translate, with_json
from loomwork.cli.site import opened_site
from loomwork.errors import N_, NotFoundError
from loomwork.publishing.site import Site
from loomwork.store.search.index import classes
from loomwork.store.search.rebuild import check_search, rebuild_search


@click.group()
def search() -> None:
    """Make the search index anew, or compare it with the records."""


def _searched(site: Site, entity: str | None) -> Iterator[str]:
    """Yield the entity that was named, or every one that is or may have been searched."""
    if entity is not None and entity not in site.model.entities:
        raise NotFoundError(N_("There is no entity “{name}”."), name=entity)
    yield from sorted(site.model.entities) if entity is None else (entity,)


@search.command()
@click.argument("entity", required=False)
@with_json
def rebuild(entity: str | None, *, as_json: bool) -> None:
    """Make the index of ENTITY, or of all of them, anew; people can go on working meanwhile."""
    with opened_site() as site:
        counts: dict[str, int] = {}
        for name in _searched(site, entity):
            count = rebuild_search(site.database, site.tables, name)
            if classes(site.model.entities[name]):
                counts[name] = count
                say(N_("{entity}: {count} records"), entity=name, count=count)
    text = translate(N_("The search index holds {count} records."))
    answer({"entities": counts}, text.format(count=sum(counts.values())), as_json=as_json)


@search.command()
@click.argument("entity", required=False)
@with_json
def check(entity: str | None, *, as_json: bool) -> None:
    """Compare the index of ENTITY, or of all of them, with the records."""
    with opened_site() as site:
        names = list(_searched(site, entity))
        drifts = {name: check_search(site.database, site.tables, name) for name in names}
    data = {
        name: {"records": one.records, "missing": one.missing, "wrong": one.wrong, "left": one.left}
        for name, one in drifts.items()
        if one.records or one.total
    }
    drifted = {name: counts for name, counts in data.items() if drifts[name].total}
    line = translate(
        N_("{entity}: {missing} records are missing, {wrong} differ, {left} are not there any more")
    )
    lines = [line.format(entity=name, **counts) for name, counts in drifted.items()]
    right = translate(N_("The search index agrees with the records."))
    answer({"entities": data}, lines or right, as_json=as_json)
    if drifted:
        say(N_("Make it anew with: loomwork search rebuild"))
        sys.exit(FOUND_PROBLEMS)
