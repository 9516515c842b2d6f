"""``loomwork numbers``: number the records that were there before their sequence."""

import click

from loomwork.cli.output import answer, translate, with_json
from loomwork.cli.site import opened_site
from loomwork.errors import N_, NotFoundError
from loomwork.publishing.site import Site
from loomwork.records.drafts.numbering import AT_ONCE, FILLER, fill_numbers, numbered_fields


@click.group()
def numbers() -> None:
    """Sequences: the numbers that records get."""


@numbers.command()
@click.argument("field", metavar="ENTITY.FIELD")
@with_json
def fill(field: str, as_json: bool) -> None:
    """Give numbers to the records that have none, in the order in which they were made."""
    entity, _, name = field.partition(".")
    with opened_site() as site:
        _require_sequence(site, entity, name)
        count, done = 0, AT_ONCE
        while done == AT_ONCE:
            done = site.records.write(FILLER, lambda writer: fill_numbers(writer(entity), name))
            count += done
    text = translate(N_("{field}: {count} records got a number."))
    line = text.format(field=field, count=count)
    answer({"field": field, "numbered": count}, line, as_json=as_json)


def _require_sequence(site: Site, entity: str, name: str) -> None:
    runtime = site.current()
    known = [one.name for one in numbered_fields(runtime, runtime.entity(entity))]
    if name not in known:
        raise NotFoundError(
            N_("“{field}” is no sequence; of “{entity}” there are: {known}."),
            field=name[:60],
            entity=entity,
            known=", ".join(known) or "–",
        )
