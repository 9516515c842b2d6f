"""What the earlier lines of a file hold, which no database knows yet or ever will."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID


class Earlier:
    """Values with the line that had them first, and new records by the texts that name them.

    What a chunk adds counts at once, but stays only once `keep` is called: a transaction that is
    repeated begins with `begin`, which drops it.
    """

    def __init__(self) -> None:
        self._lines: dict[tuple[str, Any], int] = {}
        self._named: dict[str, set[UUID]] = {}
        self._kept: set[UUID] = set()
        self.begin()

    def begin(self) -> None:
        """Forget what was added since the last `keep`."""
        self._fresh_lines: dict[tuple[str, Any], int] = {}
        self._fresh_named: dict[str, set[UUID]] = {}

    def keep(self) -> None:
        """Let stay what was added: its transaction has ended."""
        self._lines |= self._fresh_lines
        for text, ids in self._fresh_named.items():
            self._named.setdefault(text, set()).update(ids)
            self._kept |= ids
        self.begin()

    def first_line(self, field: str, value: object, line: int) -> int:
        """Return the line that had this value of a field first; this one if none had."""
        found = self._lines.get((field, value))
        return self._fresh_lines.setdefault((field, value), line) if found is None else found

    def name(self, record: Mapping[str, Any], keys: Iterable[str]) -> None:
        """Let later lines link to a new record by what these fields of it say."""
        for key in keys:
            if record.get(key) is not None:
                self._fresh_named.setdefault(str(record[key]), set()).add(record["id"])

    def unname(self, id_: UUID) -> None:
        """Forget a new record after all: the database did not take it."""
        for ids in self._fresh_named.values():
            ids.discard(id_)

    def named(self, text: str) -> set[UUID]:
        """Return the new records that ``text`` names."""
        return self._named.get(text, set()) | self._fresh_named.get(text, set())

    def kept(self, id_: object) -> bool:
        """Tell whether a record came into being before the last `keep`."""
        return id_ in self._kept
