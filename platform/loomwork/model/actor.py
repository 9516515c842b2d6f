"""Who acts: a user, a token, or a named system principal."""

from dataclasses import dataclass, field
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """The one on whose behalf something is read or written.

    ``user`` is the id of the user's record; None for a system principal, whose ``name`` then says
    which part of the platform acts. ``admin`` lifts every restriction of the roles. ``source`` says
    by what way something comes (``rest``, ``screen``, ``import`` …), ``request`` by which request;
    neither makes it somebody else.
    """

    name: str
    user: UUID | None = None
    login: str = ""
    roles: frozenset[str] = frozenset()
    admin: bool = False
    team: UUID | None = None
    locale: str = ""
    theme: str = ""
    generation: int | None = None
    source: str = field(default="", compare=False)
    request: str = field(default="", compare=False)

    @property
    def internal(self) -> bool:
        """Tell whether the platform itself acts, which also keeps what callers may not set."""
        return self.admin and self.user is None


def system(part: str) -> Actor:
    """Return the principal under which a part of the platform itself acts."""
    return Actor(name=f"system:{part}", admin=True, source=part)
