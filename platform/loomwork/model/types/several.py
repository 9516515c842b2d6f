"""Fields that hold several values of one type, in an order and none of them twice."""

import random
from abc import abstractmethod
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from loomwork.errors import N_, InvalidError, Problem
from loomwork.model.field_type import FieldType, refuse
from loomwork.model.kinds import Kind
from loomwork.model.storage import Storage

MOST = 1_000
"""Values that one record may have in one field."""
NOT_A_LIST = N_("A list of values is expected.")
TOO_MANY = N_("At most {limit} values are possible; these are {length}.")
SEPARATORS = (";", "；", "\n")
SETS = {Kind.TEXT: Kind.TEXTS, Kind.LINK: Kind.LINKS}


class SetType(FieldType):
    """Several values of the type ``inner``, kept as a tuple; an empty one counts as missing."""

    __slots__ = ()

    many: ClassVar[bool] = True
    sortable: ClassVar[bool] = False
    filter_operators: ClassVar[tuple[str, ...]] = ("in", "not in", "is None")

    @property
    @abstractmethod
    def inner(self) -> FieldType:
        """Return the type of one of the values."""

    @property
    def storage(self) -> Storage:
        return self.inner.storage

    def identity(self, value: Any) -> Hashable:
        """Return what two values have in common of which only the first is kept."""
        return value  # type: ignore[no-any-return]

    def parse(self, value: object) -> object:
        if isinstance(value, str) and not value.strip():
            return None
        if not isinstance(value, list | tuple):
            raise refuse("not_a_list", NOT_A_LIST)
        if len(value) > MOST:
            raise refuse("too_many", TOO_MANY, limit=MOST, length=len(value))
        return self._each(value, self.inner.parse)

    def parse_text(self, text: str, *, locale: str = "en") -> object:
        """Read the values of a cell, with semicolons or on lines of their own."""
        for sign in SEPARATORS[1:]:
            text = text.replace(sign, SEPARATORS[0])
        parts = [part.strip() for part in text.split(SEPARATORS[0])]
        wanted = [part for part in parts if part]
        return self._each(wanted, lambda part: self.inner.parse_text(str(part), locale=locale))

    def _each(self, values: Sequence[object], read: Any) -> object:
        found: dict[Hashable, object] = {}
        problems: list[Problem] = []
        for place, value in enumerate(values):
            try:
                kept = read(value) if value is not None else None
            except InvalidError as error:
                problems += [problem.at(f"/{place}") for problem in error.problems]
                continue
            if kept is not None:
                found.setdefault(self.identity(kept), kept)
        if problems:
            raise InvalidError(problems=problems)
        return tuple(found.values()) or None

    def to_text(self, value: Any) -> str:
        return "; ".join(self.inner.to_text(one) for one in value)

    def sample(self, source: random.Random) -> object:
        values = (self.inner.sample(source) for _ in range(source.randrange(1, 4)))
        return tuple(dict.fromkeys(values))


@dataclass(frozen=True, slots=True, kw_only=True)
class SeveralType(SetType):
    """Several values of whatever type the field has: its ``many`` is set."""

    name: ClassVar[str] = "several"
    # What other types know by their class differs here from one instance to the next.
    kind: Kind = Kind.TEXTS  # type: ignore[misc]
    usable: bool = True  # type: ignore[misc]

    of: FieldType

    @property
    def inner(self) -> FieldType:
        return self.of

    @classmethod
    def from_document(cls, settings: Any, texts: Any) -> "SeveralType":
        """Fields get this type by their key ``many``, not by its name: see `several`."""
        del settings, texts
        raise NotImplementedError


def several(one: FieldType) -> FieldType:
    """Return the type of fields that hold several values of the type ``one``."""
    if one.many:
        return one
    kind = SETS.get(one.kind)
    return SeveralType(of=one, kind=kind or Kind.TEXTS, usable=kind is not None and one.usable)
