"""The fields that every entity has by itself."""

from collections.abc import Iterator

from loomwork.errors import N_
from loomwork.model.entity import Field
from loomwork.model.field_type import FieldType
from loomwork.model.text import Text
from loomwork.model.types.datetime import DatetimeType
from loomwork.model.types.identity import IdentityType
from loomwork.model.types.integer import IntegerType
from loomwork.model.types.link import LinkType

LABELS = {
    "id": N_("ID"),
    "owner": N_("Owner"),
    "team": N_("Team"),
    "created_at": N_("Created"),
    "created_by": N_("Created by"),
    "updated_at": N_("Updated"),
    "updated_by": N_("Updated by"),
    "version": N_("Version"),
    "deleted_at": N_("Deleted"),
}
CHINESE = {
    "id": "编号",
    "owner": "负责人",
    "team": "团队",
    "created_at": "创建时间",
    "created_by": "创建人",
    "updated_at": "更新时间",
    "updated_by": "更新人",
    "version": "版本",
    "deleted_at": "删除时间",
}
NAMES = frozenset((*LABELS, "last_activity_at", "live"))


def system_fields(*, ownership: str, recycle: bool) -> Iterator[Field]:
    """Yield the system fields of an entity in the order in which they are shown.

    ``owner`` and ``team`` are set by callers like any other field, within their right to assign.
    """
    yield _field("id", IdentityType())
    if ownership == "user":
        yield _field("owner", LinkType(to="user"), settable=True)
    if ownership in ("user", "team"):
        yield _field("team", LinkType(to="team", on_delete="clear"), settable=True)
    yield _field("created_at", DatetimeType())
    yield _field("created_by", LinkType(to="user"))
    yield _field("updated_at", DatetimeType(), indexed=True)
    yield _field("updated_by", LinkType(to="user"))
    yield _field("version", IntegerType())
    if recycle:
        yield _field("deleted_at", DatetimeType())


def _field(name: str, type_: FieldType, *, settable: bool = False, indexed: bool = False) -> Field:
    return Field(
        name=name,
        type=type_,
        label=Text(LABELS[name], {"zh_CN": CHINESE[name]}),
        system=True,
        readonly=not settable,
        indexed=indexed or settable,
    )
