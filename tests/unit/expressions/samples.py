"""Fields, records and trees for the tests that hold the translations against each other."""

import random
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from hypothesis import strategies as st

from loomwork.expressions.scope import FieldInfo, Scope
from loomwork.expressions.tree import (
    FALSE,
    TRUE,
    And,
    Call,
    Compare,
    Field,
    In,
    IsNone,
    Literal,
    Node,
    Not,
    Operator,
    Or,
    Value,
)
from loomwork.expressions.tree import USER as ACTING
from loomwork.model.kinds import Kind
from loomwork.model.storage import Storage, StorageKind
from loomwork.store.types import StoredType

USER = UUID("0198c0de-0000-7000-8000-000000000001")
IDS = [USER, UUID("0198c0de-0000-7000-8000-0000000000ff"), UUID(int=2**128 - 1)]
STAGES = ("lost", "new", "won")

FIELDS: Mapping[str, FieldInfo] = {
    "name": FieldInfo(kind=Kind.TEXT),
    "notes": FieldInfo(kind=Kind.TEXT),
    "stage": FieldInfo(kind=Kind.TEXT, choices=STAGES, ordered=False),
    "count": FieldInfo(kind=Kind.NUMBER),
    "whole": FieldInfo(kind=Kind.NUMBER, places=0),
    "amount": FieldInfo(kind=Kind.NUMBER, places=2),
    "price": FieldInfo(kind=Kind.NUMBER, places=2),
    "rate": FieldInfo(kind=Kind.NUMBER, places=4),
    "born": FieldInfo(kind=Kind.DATE),
    "due": FieldInfo(kind=Kind.DATE),
    "seen": FieldInfo(kind=Kind.DATETIME),
    "done": FieldInfo(kind=Kind.DATETIME),
    "active": FieldInfo(kind=Kind.BOOLEAN, ordered=False),
    "vip": FieldInfo(kind=Kind.BOOLEAN, ordered=False),
    "owner": FieldInfo(kind=Kind.LINK, ordered=False),
    "deputy": FieldInfo(kind=Kind.LINK, ordered=False),
}


class SampleScope(Scope):
    """The fields above, as a scope."""

    def field(self, name: str) -> FieldInfo | None:
        return FIELDS.get(name)

    def names(self) -> Sequence[str]:
        return tuple(FIELDS)


SCOPE = SampleScope()
TREE_FIELDS = [Field(name, info.kind, info.places) for name, info in FIELDS.items()]

TEXTS = [
    *("a", "A", "ab", "aB", "a b", "a ", "a  ", " a", "b", "Z", "z", "ß", "é", "Å", "%", "_", "a%"),
    *(
        "a_b",
        "a%b",
        "\\",
        "a\\b",
        "'",
        '"',
        "a\nb",
        "\t",
        "中",
        "中文",
        "文",
        "ａ",
        "\ue000",
        "\uffff",
    ),
    *("😀", "😀a", "a😀", "\U0010ffff", "a\u0301b", "ﬀ", "\x01", "\x7f", "\u2028"),
]
DECIMALS = [
    *("-0.01", "0", "0.01", "0.1", "1", "1.01", "1.1", "100", "-1", "-1.01", "-100", "90000"),
    *("9999999999999999.99", "-9999999999999999.99"),
]
FINE = [
    *("-1.0099", "-1.0001", "-1", "-0.0099", "-0.0001", "0", "0.0001", "1", "1.0001", "1.0099"),
    *("1.01", "99999999999999.9999", "-99999999999999.9999"),
]
INTEGERS = [-(2**53) + 1, -100, -1, 0, 1, 2, 99, 100, 90000, 2**53 - 1]
BETWEEN = [
    *("1.005", "-0.001", "0.00001", "1.00005", "9999999999999999.995", "-1.0000000001"),
]
BEYOND = ["1000000000000000000", "-1000000000000000000", "9223372036854775808", "9" * 19]
DATES = [date.min, date(1000, 1, 1), date(2026, 1, 31), date(2026, 2, 1), date.max]
MOMENTS = [
    datetime(1, 1, 1, tzinfo=UTC),
    datetime(2026, 1, 31, 8, tzinfo=UTC),
    datetime(2026, 1, 31, 8, 0, 0, 1, tzinfo=UTC),
    datetime(2026, 1, 31, 8, 0, 1, tzinfo=UTC),
    datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
]


def _decimals(written: Sequence[str], places: int) -> list[Value]:
    step = Decimal(1).scaleb(-places)
    return [Decimal(text).quantize(step) for text in written]


KEPT: Mapping[str, Sequence[Value]] = {
    "name": TEXTS,
    "notes": TEXTS,
    "stage": STAGES,
    "count": INTEGERS,
    "whole": [Decimal(number) for number in INTEGERS] + [Decimal(10**18 - 1)],
    "amount": _decimals(DECIMALS, 2),
    "price": _decimals(DECIMALS, 2),
    "rate": _decimals(FINE, 4),
    "born": DATES,
    "due": DATES,
    "seen": MOMENTS,
    "done": MOMENTS,
    "active": [True, False],
    "vip": [True, False],
    "owner": IDS,
    "deputy": IDS,
}
NUMBERS = [Decimal(text) for text in (*DECIMALS, *FINE, *BETWEEN, *BEYOND, *map(str, INTEGERS))]
WRITTEN: Mapping[Kind, Sequence[Value]] = {
    Kind.TEXT: [text for text in TEXTS if text not in ("a\u0301b",)],
    Kind.NUMBER: NUMBERS,
    Kind.DATE: DATES,
    Kind.DATETIME: MOMENTS,
    Kind.BOOLEAN: [True, False],
    Kind.LINK: IDS,
}

STORAGE = {
    Kind.TEXT: Storage(kind=StorageKind.TEXT, length=120),
    Kind.NUMBER: Storage(kind=StorageKind.INTEGER),
    Kind.DATE: Storage(kind=StorageKind.DATE),
    Kind.DATETIME: Storage(kind=StorageKind.DATETIME),
    Kind.BOOLEAN: Storage(kind=StorageKind.BOOLEAN),
    Kind.LINK: Storage(kind=StorageKind.UUID),
}


def storage_of(info: FieldInfo) -> Storage:
    """Return how a sample field is kept."""
    if info.places is None:
        return STORAGE[info.kind]
    return Storage(kind=StorageKind.DECIMAL, places=info.places)


def sample_table(name: str = "expression_sample") -> sa.Table:
    """Return a table with a column for each sample field, typed as the store types them."""
    columns: list[sa.Column[Any]] = [
        sa.Column(field, StoredType(storage_of(info))) for field, info in FIELDS.items()
    ]
    key = sa.Column("id", sa.Integer, primary_key=True, autoincrement=False)
    return sa.Table(name, sa.MetaData(), key, *columns)


def sample_records(size: int, seed: int = 7) -> list[dict[str, Any]]:
    """Return records in which every value, and its absence, meets every other."""
    source = random.Random(seed)
    records: list[dict[str, Any]] = []
    for number in range(size):
        record: dict[str, Any] = {"id": number}
        for name, values in KEPT.items():
            record[name] = None if source.random() < 0.2 else source.choice(values)
        records.append(record)
    return records


def literals(field: Field) -> st.SearchStrategy[Literal]:
    """Return the literals that may meet ``field``."""
    choices = FIELDS[field.name].choices
    values = choices if choices is not None else WRITTEN[field.kind]
    return st.sampled_from(values).map(lambda value: Literal(value, field.kind))


def _others(field: Field) -> st.SearchStrategy[Any]:
    same = [other for other in TREE_FIELDS if other.kind is field.kind and _alike(field, other)]
    found = literals(field) | st.sampled_from(same)
    return found | st.just(ACTING) if field.kind is Kind.LINK else found


def _alike(field: Field, other: Field) -> bool:
    return FIELDS[field.name].ordered == FIELDS[other.name].ordered


def _comparisons(field: Field) -> st.SearchStrategy[Node]:
    ordered = FIELDS[field.name].ordered
    operators = list(Operator) if ordered else [Operator.EQUAL, Operator.NOT_EQUAL]
    straight = st.builds(Compare, st.sampled_from(operators), st.just(field), _others(field))
    turned = st.builds(Compare, st.sampled_from(operators), _others(field), st.just(field))
    return straight | turned


def _memberships(field: Field) -> st.SearchStrategy[Node]:
    options = st.lists(literals(field), max_size=4).map(tuple)
    return st.builds(In, st.just(field), options, st.booleans())


def _calls() -> st.SearchStrategy[Node]:
    fields = st.sampled_from([Field("name", Kind.TEXT), Field("notes", Kind.TEXT)])
    texts = literals(Field("name", Kind.TEXT))
    pairs = st.tuples(fields, fields | texts) | st.tuples(texts, fields)
    names = st.sampled_from(["contains", "starts_with"])
    return st.builds(Call, names, pairs, st.just(Kind.BOOLEAN))


FIELD = st.sampled_from(TREE_FIELDS)
LEAVES = st.one_of(
    FIELD.flatmap(_comparisons),
    FIELD.flatmap(_comparisons),
    FIELD.flatmap(_memberships),
    FIELD.map(IsNone),
    _calls(),
    st.sampled_from([Field("active", Kind.BOOLEAN), Field("vip", Kind.BOOLEAN), TRUE, FALSE]),
)


def _joined(nodes: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    parts = st.lists(nodes, min_size=2, max_size=3).map(tuple)
    return st.one_of(nodes.map(Not), parts.map(And), parts.map(Or))


TREES: st.SearchStrategy[Node] = st.recursive(LEAVES, _joined, max_leaves=8)
USERS = st.sampled_from([USER, None])


def number_trees() -> list[Node]:
    """Return every comparison of number fields with each other and with every number."""
    fields = [field for field in TREE_FIELDS if field.kind is Kind.NUMBER]
    numbers = [Literal(value, Kind.NUMBER) for value in dict.fromkeys(WRITTEN[Kind.NUMBER])]
    others: list[Field | Literal] = [*fields, *numbers]
    compared: list[Node] = [
        Compare(operator, field, other)
        for operator in Operator
        for field in fields
        for other in others
    ]
    return [*compared, *map(Not, compared)]
