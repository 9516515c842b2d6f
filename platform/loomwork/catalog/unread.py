"""Files that could not be read: what others say of them is not held against the others."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from loomwork.catalog.documents import FOLDERS
from loomwork.errors import Problem

INVERSE = frozenset({"unknown_inverse", "unknown_records"})
"""Who links here under which name is said by entities, in any of their files."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """The documents (``entity/order``) that files most likely hold, going by their names."""

    documents: frozenset[str]

    @classmethod
    def of(cls, files: Iterable[str]) -> Self:
        """Return what files hold that are given as ``sales/entities/order.json``."""
        found = set()
        for file in files:
            *_, folder, name = ("", *file.split("/"))
            if folder in FOLDERS and name.endswith(".json"):
                found.add(f"{FOLDERS[folder]}/{name.removesuffix('.json')}")
        return cls(documents=frozenset(found))

    def excuses(self, problem: Problem) -> bool:
        """Tell whether a name is most likely only unknown because its file could not be read."""
        if not problem.code.startswith("unknown_"):
            return False
        kinds = {document.partition("/")[0] for document in self.documents}
        names = {document.partition("/")[2] for document in self.documents}
        inverse = problem.code in INVERSE and "entity" in kinds
        return inverse or problem.context.get("name") in names


def below(pointer: str, part: str) -> bool:
    """Tell whether ``pointer`` leads to ``part``, another pointer, or into it."""
    return pointer == part or pointer.startswith(f"{part}/")
