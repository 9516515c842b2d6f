"""The address of a list: everything that it shows is in its URL."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Self
from urllib.parse import urlencode


@dataclass(frozen=True, slots=True, kw_only=True)
class ListAddress:
    """What a list shows. ``filter`` is an expression, ``sort`` is written like ``-amount,name``."""

    entity: str
    view: str = ""
    filter: str = ""
    q: str = ""
    sort: str = ""
    cursor: str = ""

    @classmethod
    def read(cls, entity: str, arguments: Mapping[str, str]) -> Self:
        """Return the address that a request's arguments give."""
        return cls(
            entity=entity,
            view=arguments.get("view", ""),
            filter=arguments.get("filter", "").strip(),
            q=arguments.get("q", "").strip(),
            sort=arguments.get("sort", ""),
            cursor=arguments.get("cursor", ""),
        )

    @property
    def narrowed(self) -> bool:
        """Tell whether the reader, beyond the view, has left records out."""
        return bool(self.filter or self.q)

    @property
    def url(self) -> str:
        """Return the address as a URL without the site."""
        parts = {
            "view": self.view,
            "filter": self.filter,
            "q": self.q,
            "sort": self.sort,
            "cursor": self.cursor,
        }
        query = urlencode({name: value for name, value in parts.items() if value})
        return f"/app/{self.entity}?{query}" if query else f"/app/{self.entity}"

    def sorted_by(self, sort: str) -> Self:
        """Return the same list in another order, from its start."""
        return replace(self, sort=sort, cursor="")

    def filtered(self, expression: str) -> Self:
        """Return the same list under another filter, from its start."""
        return replace(self, filter=expression, cursor="")

    def after(self, cursor: str) -> Self:
        """Return the same list from ``cursor`` on."""
        return replace(self, cursor=cursor)

    def cleared(self) -> Self:
        """Return the same list without filter and search."""
        return replace(self, filter="", q="", cursor="")
