"""``loomwork derived``: fill the columns of derived values again, and look for drift."""

import sys
from typing import TYPE_CHECKING, Any

import click

from loomwork.cli.output import FOUND_PROBLEMS, answer, say, translate, with_json
from loomwork.cli.site import opened_site
from loomwork.errors import N_, NotFoundError
from loomwork.records.deriving.building import (
    Drift,
    build_derived,
    build_missing,
    check_derived,
    chosen,
)
from loomwork.records.deriving.renewing import catch_up

if TYPE_CHECKING:
    from loomwork.publishing.site import Site
    from loomwork.records.deriving.plan import Kept


@click.group()
def derived() -> None:
    """Values that follow from others and are stored: fill them again, check them."""


@derived.command()
@click.argument("fields", nargs=-1, metavar="[ENTITY[.FIELD]]...")
@click.option("--stale", is_flag=True, help="Work out only what was left to a job.")
@with_json
def rebuild(fields: tuple[str, ...], stale: bool, as_json: bool) -> None:
    """Work out stored derived values again, in short transactions, while the site is used."""
    with opened_site() as site:
        runtime = site.current()
        if stale:
            changed = {"stale": catch_up(runtime)}
        else:
            wanted = _wanted(site, fields)
            changed = {_name(one): build_derived(runtime, *one.place) for one in wanted}
            build_missing(runtime)
        text = translate(N_("{field}: {count} values were others."))
        lines = [text.format(field=field, count=count) for field, count in changed.items()]
        answer({"changed": changed}, lines, as_json=as_json)


@derived.command()
@click.argument("fields", nargs=-1, metavar="[ENTITY[.FIELD]]...")
@with_json
def check(fields: tuple[str, ...], as_json: bool) -> None:
    """Compare stored derived values with what they should be; end with 1 where any differs."""
    with opened_site() as site:
        found = [check_derived(site.current(), one) for one in _wanted(site, fields)]
    answer({"fields": [_entry(one) for one in found]}, list(map(_line, found)), as_json=as_json)
    if any(one.count for one in found):
        if not as_json:
            say(N_("“loomwork derived rebuild” works them out again."))
        sys.exit(FOUND_PROBLEMS)


def _wanted(site: "Site", fields: tuple[str, ...]) -> "list[Kept]":
    """Return the stored fields that are meant; NotFoundError for what is none."""
    runtime = site.current()
    found: list[Kept] = []
    for place in fields or ("",):
        entity, _, field = place.partition(".")
        several = chosen(runtime, entity, field)
        if place and not several:
            known = ", ".join(map(_name, chosen(runtime))) or "–"
            text = N_("“{place}” has no stored derived values; there are: {known}.")
            raise NotFoundError(text, place=place, known=known)
        found += [one for one in several if one not in found]
    return found


def _name(one: "Kept") -> str:
    return ".".join(one.place)


def _entry(drift: Drift) -> dict[str, Any]:
    return {
        "entity": drift.entity,
        "field": drift.field,
        "records": drift.looked_at,
        "wrong": drift.count,
        "samples": [str(id_) for id_ in drift.samples],
    }


def _line(drift: Drift) -> str:
    place = f"{drift.entity}.{drift.field}"
    if not drift.count:
        text = translate(N_("{place}: {records} records, all as they should be."))
        return text.format(place=place, records=drift.looked_at)
    text = translate(N_("{place}: {count} of {records} records are not as they should be: {ids}"))
    ids = ", ".join(map(str, drift.samples))
    return text.format(place=place, count=drift.count, records=drift.looked_at, ids=ids)
