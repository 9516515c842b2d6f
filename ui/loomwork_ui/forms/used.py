"""Tags that are in use, as suggestions for the next."""

from collections import Counter

from loomwork.errors import NotFoundError
from loomwork.expressions.tree import Field, IsNone, Not
from loomwork.model.entity import Entity
from loomwork.model.types.tags import TagsType
from loomwork.records.lists.listing import ListQuery
from loomwork_ui.request import Visit

LOOKED_AT = 300
"""The newest records whose tags are suggested."""
AT_MOST = 20


def used_tags(visit: Visit, entity: Entity, field: str, typed: str) -> list[str]:
    """Return the tags of the newest records that have what is typed in them, frequent ones first.

    Only records that the actor may read are looked at.
    """
    member = entity.fields.get(field)
    if member is None or not isinstance(member.type, TagsType):
        raise NotFoundError
    query = ListQuery(
        fields=(field,), limit=LOOKED_AT, where=Not(IsNone(Field(field, member.type.kind)))
    )
    found = visit.site.records.page(visit.actor, entity.name, query)
    wanted = typed.strip().casefold()
    counted = Counter(tag for item in found.items for tag in item.get(field) or ())
    return [tag for tag, _ in counted.most_common() if wanted in tag.casefold()][:AT_MOST]
