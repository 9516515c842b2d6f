"""The records that link to the one shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from markupsafe import Markup

from loomwork.errors import N_
from loomwork.model.entity import Entity, Field
from loomwork.records.lists.listing import ListQuery
from loomwork.web.language import gettext
from loomwork_ui.listing.address import ListAddress
from loomwork_ui.request import Visit
from loomwork_ui.widgets.choice import SelectWidget

MOST = 8
UNTITLED = N_("Untitled")


@dataclass(frozen=True, slots=True, kw_only=True)
class RelatedRecord:
    """One of the records: its title, its address, and the pill of its first select."""

    title: str
    url: str
    pill: Markup


@dataclass(frozen=True, slots=True, kw_only=True)
class RelatedList:
    """The first records of one entity that link here; ``url`` is the list of them all."""

    label: str
    icon: str
    count: str
    records: Sequence[RelatedRecord]
    url: str
    new_url: str
    more: bool


def related(visit: Visit, entity: Entity, record: UUID) -> tuple[RelatedList, ...]:
    """Return the related lists that the actor may read."""
    return tuple(
        _list(visit, other, field, record)
        for other, field in visit.prepared.related(entity)
        if "read" in visit.site.records.allowed(visit.actor, other.name)
    )


def _list(visit: Visit, other: Entity, field: Field, record: UUID) -> RelatedList:
    condition = f"{field.name} == '{record}'"
    widgets = visit.prepared.widgets(other)
    pills = next((w for w in widgets.values() if isinstance(w, SelectWidget)), None)
    names = (other.title, pills.field.name) if pills else (other.title,)
    query = ListQuery(filter=condition, sort=("-updated_at",), fields=names, limit=MOST, count=True)
    found = visit.site.records.page(visit.actor, other.name, query)
    creates = "create" in visit.site.records.allowed(visit.actor, other.name)
    base = f"/app/{other.name}"
    return RelatedList(
        label=other.plural.to(visit.prepared.locale),
        icon=other.icon,
        count=visit.reader.number(found.count or 0),
        records=[
            RelatedRecord(
                title=str(item.get(other.title) or gettext(UNTITLED)),
                url=f"{base}/{item['id']}",
                pill=Markup(  # noqa: S704 -- safe by the widget's contract
                    pills.display(item.get(pills.field.name), visit.reader) if pills else ""
                ),
            )
            for item in found.items
        ],
        url=ListAddress(entity=other.name, filter=condition).url,
        new_url=f"{base}/new?{field.name}={record}" if creates else "",
        more=found.next is not None,
    )
