"""Models of linked entities whose derived fields follow from each other, grown from a seed."""

import random
from dataclasses import dataclass, field
from typing import Any

from tests.documents import PackBuilder

NAMES = ("stem", "branch", "leaf")
TEXTS = ("a", "b", "c")
LINKS = {"branch": {"up": ("stem", "branches")}, "leaf": {"up": ("branch", "leaves")}}
LINKS["leaf"]["side"] = ("stem", "leaves")
TOTALS = ("count", "sum", "avg", "min", "max")


@dataclass(slots=True)
class Grown:
    """A number or a text of an entity that later fields may follow from."""

    entity: str
    name: str
    text: bool = False
    loose: bool = False


@dataclass(slots=True)
class Garden:
    """Documents that grow. ``loose`` fields cannot be followed from by what is stored."""

    source: random.Random
    fields: dict[str, dict[str, Any]] = field(default_factory=dict)
    known: list[Grown] = field(default_factory=list)

    def plant(self) -> None:
        """Begin with what people enter."""
        for name in NAMES:
            self.fields[name] = {
                "name": {"type": "text", "required": True},
                "whole": {"type": "integer"},
                "part": {"type": "decimal", "places": 2},
                "word": {"type": "select", "options": {text: {} for text in TEXTS}},
            }
            for link, (to, inverse) in LINKS.get(name, {}).items():
                settings = {"type": "link", "to": to, "inverse": inverse, "on_delete": "clear"}
                self.fields[name][link] = settings
            self.known += [
                Grown(name, "whole"),
                Grown(name, "part"),
                Grown(name, "word", text=True),
            ]

    def grow(self) -> None:
        """Add one derived field."""
        entity = self.source.choice(NAMES)
        shapes = [self.formula, self.words, self.first, self.of_all]
        shapes += [self.total] * 3 if entity != "leaf" else []
        shapes += [self.lookup, self.over_link] if entity in LINKS else []
        name = f"d{len(self.known)}"
        made, loose = self.source.choice(shapes)(entity)
        self.fields[entity][name] = made
        text = made.get("result") == "text" or made.pop("text", False)
        self.known.append(Grown(entity, name, text=text, loose=loose))

    def pick(self, entity: str, *, text: bool = False) -> Grown:
        """Return a number or a text of ``entity``, the later the likelier."""
        found = [one for one in self.known if (one.entity, one.text) == (entity, text)]
        return max(self.source.choice(found), self.source.choice(found), key=found.index)

    def _stored(self, *parts: Grown) -> tuple[bool, bool]:
        """Return whether to store what follows from ``parts``, and whether it is loose."""
        loose = any(one.loose for one in parts)
        return not loose and self.source.random() < 0.6, loose

    def formula(self, entity: str) -> tuple[dict[str, Any], bool]:
        one, other = self.pick(entity), self.pick(entity)
        a, b = one.name, other.name
        text = self.source.choice(
            (f"{a} + {b}", f"{a} * 2 - coalesce({b}, 0)", f"{a} / {b}", f"{a} if {b} > 1 else 0")
        )
        stored, loose = self._stored(one, other)
        return self._number(text, stored), loose

    def over_link(self, entity: str) -> tuple[dict[str, Any], bool]:
        link = self.source.choice(list(LINKS[entity]))
        one, other = self.pick(entity), self.pick(LINKS[entity][link][0])
        stored, loose = self._stored(one, other)
        return self._number(f"coalesce({link}.{other.name}, 1) + {one.name}", stored), loose

    def words(self, entity: str) -> tuple[dict[str, Any], bool]:
        one, other = self.pick(entity, text=True), self.pick(entity)
        stored, loose = self._stored(one, other)
        source = f"concat({one.name}, ':', {other.name})"
        return {"type": "formula", "result": "text", "is": source, "stored": stored}, loose

    def lookup(self, entity: str) -> tuple[dict[str, Any], bool]:
        link = self.source.choice(list(LINKS[entity]))
        text = self.source.random() < 0.4
        one = self.pick(LINKS[entity][link][0], text=text)
        return {"type": "lookup", "is": f"{link}.{one.name}", "text": text}, one.loose

    def first(self, entity: str) -> tuple[dict[str, Any], bool]:
        other = self.source.choice(NAMES)
        one, key, value = self.pick(entity), self.pick(other), self.pick(other)
        sort = self.source.choice(("", "-")) + key.name
        where = f"{key.name} <= this.{one.name}"
        made = {"type": "lookup", "from": other, "where": where, "sort": [sort], "is": value.name}
        return made, True

    def of_all(self, entity: str) -> tuple[dict[str, Any], bool]:
        other = self.source.choice(NAMES)
        one, value = self.pick(entity, text=True), self.pick(other, text=True)
        where = f"{value.name} == this.{one.name}"
        return {"type": "rollup", "from": other, "function": "count", "where": where}, True

    def total(self, entity: str) -> tuple[dict[str, Any], bool]:
        links = [
            (child, inverse)
            for child, named in LINKS.items()
            for to, inverse in named.values()
            if to == entity
        ]
        child, inverse = self.source.choice(links)
        kept = [one for one in self.known if one.entity == child and not (one.text or one.loose)]
        value, own = self.source.choice(kept), self.pick(entity)
        made = {"type": "rollup", "of": inverse, "function": self.source.choice(TOTALS)}
        if made["function"] != "count":
            made["field"] = value.name
        choices = [None, f"{value.name} > 1", "word == 'a'"]
        if not own.loose:
            choices.append(f"{value.name} > this.{own.name}")
        where = self.source.choice(choices)
        return made | ({"where": where} if where else {}), False

    def _number(self, source: str, stored: bool) -> dict[str, Any]:
        places = self.source.choice((0, 2, 6))
        made = {"type": "formula", "result": "decimal", "places": places, "is": source}
        return (
            {**made, "stored": stored}
            if places
            else {"type": "formula", "result": "integer", "is": source, "stored": stored}
        )


def grown_pack(seed: int, size: int = 14) -> PackBuilder:
    """Return a pack with ``size`` derived fields; the same for the same seed."""
    garden = Garden(random.Random(seed))
    garden.plant()
    for _ in range(size):
        garden.grow()
    entities = [
        {"kind": "entity", "name": name, "ownership": "none", "fields": fields}
        for name, fields in garden.fields.items()
    ]
    return PackBuilder(*entities, name="garden", title="Garden")
