"""A small world of entities and records for the tests of the expression language.

Every kind of field, links to others and to itself, inverse links, two trees (one with loops),
deleted records, and entities whose records cannot be deleted that way.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any
from uuid import UUID

from loomwork.model.entity import Entity, Field
from loomwork.model.field_type import FieldType
from loomwork.model.kinds import Kind
from loomwork.model.system_fields import system_fields
from loomwork.model.text import Text
from loomwork.model.types.address import AddressType
from loomwork.model.types.boolean import BooleanType
from loomwork.model.types.date import DateType
from loomwork.model.types.datetime import DatetimeType
from loomwork.model.types.decimal import DecimalType
from loomwork.model.types.identity import IdentityType
from loomwork.model.types.integer import IntegerType
from loomwork.model.types.link import LinkType
from loomwork.model.types.links import LinksType
from loomwork.model.types.long_text import LongTextType
from loomwork.model.types.multi_select import MultiSelectType
from loomwork.model.types.select import Option, SelectType
from loomwork.model.types.several import SetType
from loomwork.model.types.tags import TagsType
from loomwork.model.types.text import TextType
from tests.language.values import DATES, INTEGERS, MOMENTS, TEXTS, decimals


def _select(*names: str) -> SelectType:
    return SelectType(options={name: Option(name=name, label=Text(name)) for name in names})


def _entity(
    name: str,
    fields: Mapping[str, FieldType],
    *,
    ownership: str = "none",
    recycle: bool = True,
    hierarchy: str = "",
) -> Entity:
    own = [Field(name=key, type=kind, label=Text(key)) for key, kind in fields.items()]
    system = system_fields(ownership=ownership, recycle=recycle)
    return Entity(
        name=name,
        label=Text(name),
        plural=Text(f"{name}s"),
        icon="x",
        title="name",
        ownership=ownership,
        recycle=recycle,
        hierarchy=hierarchy,
        fields={field.name: field for field in (*own, *system)},
    )


DEAL = _entity(
    "deal",
    {
        "name": TextType(),
        "code": TextType(max_length=20),
        "notes": LongTextType(),
        "stage": _select("lost", "new", "won"),
        "score": IntegerType(),
        "units": DecimalType(places=0),
        "amount": DecimalType(places=2),
        "price": DecimalType(places=2),
        "rate": DecimalType(places=4),
        "fine": DecimalType(places=8),
        "closes": DateType(),
        "starts": DateType(),
        "seen": DatetimeType(),
        "done": DatetimeType(),
        "active": BooleanType(),
        "vip": BooleanType(),
        "account": LinkType(to="account", inverse="deals"),
        "deputy": LinkType(to="user", inverse="stands_in"),
        "parent": LinkType(to="deal", inverse="children"),
        "place": AddressType(asked=("province", "city")),
        "labels": TagsType(),
        "channels": MultiSelectType(choice=_select("fair", "mail", "web")),
        "watchers": LinksType(to="user"),
    },
    ownership="user",
    hierarchy="parent",
)
ACCOUNT = _entity(
    "account",
    {
        "name": TextType(),
        "industry": _select("energy", "food", "retail"),
        "is_customer": BooleanType(),
        "limit": DecimalType(places=2),
        "region": LinkType(to="region", inverse="accounts"),
        "founded": DateType(),
        "words": TagsType(),
    },
    ownership="user",
)
LINE = _entity(
    "line",
    {
        "deal": LinkType(to="deal", inverse="lines"),
        "name": TextType(),
        "quantity": IntegerType(),
        "net": DecimalType(places=2),
        "discount": DecimalType(places=4),
        "note": LongTextType(),
        "shipped": DateType(),
        "packed": DatetimeType(),
        "free": BooleanType(),
    },
)
REGION = _entity(
    "region",
    {
        "name": TextType(),
        "parent": LinkType(to="region", inverse="parts"),
        "people": IntegerType(),
    },
    recycle=False,
    hierarchy="parent",
)
USER = _entity(
    "user",
    {
        "name": TextType(),
        "email": TextType(),
        "manager": LinkType(to="user", inverse="staff"),
        "region": LinkType(to="region", inverse="people_there"),
        "joined": DateType(),
        "quota": DecimalType(places=2),
        "on_leave": BooleanType(),
    },
    recycle=False,
)
TEAM = _entity("team", {"name": TextType()}, recycle=False)

ENTITIES: Mapping[str, Entity] = {
    entity.name: entity for entity in (DEAL, ACCOUNT, LINE, REGION, USER, TEAM)
}
SIZES: Mapping[str, int] = {
    "user": 8,
    "team": 4,
    "region": 24,
    "account": 40,
    "deal": 160,
    "line": 240,
}
"""Records of each entity, in an order in which most links lead to what is there already."""

MISSING = 0.25
DEAD = 0.12
"""How many of the records are deleted, where records can be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """All records by entity and id, the deleted ones included, and whose world it is."""

    rows: Mapping[str, Mapping[UUID, Mapping[str, Any]]]
    user: UUID

    def all(self, entity: str) -> Sequence[Mapping[str, Any]]:
        """Return the records of ``entity`` in the order of their making."""
        return tuple(self.rows[entity].values())


@cache
def make_world(seed: int = 7, times: int = 1) -> World:
    """Return the world of ``seed``; ``times`` as many records of each entity as usual."""
    source = random.Random(seed)
    ids = {
        name: [UUID(int=source.getrandbits(128), version=4) for _ in range(size * times)]
        for name, size in SIZES.items()
    }
    rows = {
        name: {id_: _row(source, ENTITIES[name], id_, ids) for id_ in keys}
        for name, keys in ids.items()
    }
    return World(rows=rows, user=ids["user"][0])


def _row(
    source: random.Random, entity: Entity, id_: UUID, ids: Mapping[str, Sequence[UUID]]
) -> Mapping[str, Any]:
    row: dict[str, Any] = {}
    for name, field in entity.fields.items():
        if field.type.parts:
            row |= dict.fromkeys(field.keys)
            row |= {key: source.choice((None, *TEXTS)) for key in field.keys[1:]}
            row[name] = source.choice((None, *TEXTS))
        else:
            row[name] = _value(source, field.type, ids)
    row["id"] = id_
    if entity.recycle:
        row["deleted_at"] = source.choice(MOMENTS) if source.random() < DEAD else None
    return row


def _value(source: random.Random, type_: FieldType, ids: Mapping[str, Sequence[UUID]]) -> Any:
    if source.random() < MISSING:
        return None
    match type_:
        case SetType():
            some = (_value(source, type_.inner, ids) for _ in range(source.randint(1, 3)))
            return tuple(dict.fromkeys(one for one in some if one is not None)) or None
        case LinkType(to=to):
            # Few of them are linked from many records.
            known = ids[to]
            return known[int(len(known) * source.random() ** 2)]
        case SelectType(options=options):
            return source.choice(list(options))
        case TextType() | LongTextType():
            return source.choice(TEXTS)
        case BooleanType():
            return source.random() < 0.5
        case IdentityType():
            return None
        case _:
            return _ordered(source, type_)


def _ordered(source: random.Random, type_: FieldType) -> Any:
    edge = source.random() < 0.6
    match type_:
        case IntegerType():
            return source.choice(INTEGERS) if edge else source.randint(-20, 120)
        case DecimalType(places=places):
            step = Decimal(1).scaleb(-places)
            small = Decimal(source.randint(-9999, 99_999)).scaleb(-min(places, 3))
            return source.choice(decimals(places)) if edge else small.quantize(step)
        case DateType():
            near = date(2025, 10, 1) + timedelta(days=source.randrange(200))
            return source.choice(DATES) if edge else near
        case _:
            minutes = timedelta(minutes=source.randrange(200 * 24 * 60))
            return source.choice(MOMENTS) if edge else datetime(2025, 10, 1, tzinfo=UTC) + minutes


def kind_and_target(entity: Entity, name: str) -> tuple[Kind, str]:
    """Return the kind of a field, and which entity it leads to if it is a link."""
    type_ = entity.fields[name].type
    if isinstance(type_, LinkType | LinksType):
        return type_.kind, type_.to
    return type_.kind, entity.name if isinstance(type_, IdentityType) else ""
