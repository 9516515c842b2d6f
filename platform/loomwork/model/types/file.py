"""A file that was uploaded before, named by its id."""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self
from uuid import UUID

from loomwork.errors import N_, Problem
from loomwork.model.field_type import FieldType, refuse
from loomwork.model.kinds import Kind
from loomwork.model.storage import Storage, StorageKind
from loomwork.model.text import Texts

NOT_A_FILE = N_("The id of an uploaded file is expected.")
MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class FileType(FieldType):
    """A file: the id that its upload gave.

    ``accept`` lists endings of names with their dot, all are possible without any; ``max_size`` is
    in bytes, 0 for the site's own limit alone.
    """

    name: ClassVar[str] = "file"
    kind: ClassVar[Kind] = Kind.LINK
    filter_operators: ClassVar[tuple[str, ...]] = ("is None",)
    sortable: ClassVar[bool] = False
    media_types: ClassVar[tuple[str, ...]] = ()
    """What the content may be, all kinds if there are none."""

    largest: ClassVar[int] = 0
    """What ``max_size`` is where the document does not say."""

    accept: tuple[str, ...] = ()
    max_size: int = 0

    @classmethod
    def from_document(cls, settings: Mapping[str, Any], texts: Texts) -> Self:
        del texts
        return cls(
            accept=tuple(f".{ending}" for ending in settings.get("accept", ())),
            max_size=settings.get("max_size", 0) * MEGABYTE or cls.largest,
        )

    @property
    def storage(self) -> Storage:
        return Storage(kind=StorageKind.UUID)

    def parse(self, value: object) -> object:
        """Read an id, or what the platform itself shows of a file: an object with ``id``."""
        if isinstance(value, Mapping):
            value = value.get("id")
        if isinstance(value, UUID):
            return value
        if not isinstance(value, str):
            raise refuse("not_a_file", NOT_A_FILE)
        if not value.strip():
            return None
        try:
            return UUID(value.strip())
        except ValueError:
            raise refuse("not_a_file", NOT_A_FILE) from None

    def unfit_file(self, name: str, media_type: str, size: int) -> Iterator[Problem]:
        """Yield why a file does not fit the field."""
        if self.accept and not name.lower().endswith(self.accept):
            text = N_("“{name}” is none of the files that are taken here: {allowed}.")
            context = {"name": name, "allowed": ", ".join(self.accept)}
            yield Problem(code="not_accepted", text=text, context=context)
        if self.media_types and media_type not in self.media_types:
            text = N_("“{name}” is not a picture that browsers show: {allowed}.")
            allowed = ", ".join(one.partition("/")[2].upper() for one in self.media_types)
            yield Problem(
                code="not_a_picture", text=text, context={"name": name, "allowed": allowed}
            )
        if self.max_size and size > self.max_size:
            text = N_("“{name}” is too large: at most {limit} bytes are accepted here.")
            yield Problem(
                code="file_too_large", text=text, context={"name": name, "limit": self.max_size}
            )

    def sample(self, source: random.Random) -> object:
        # A file has to be uploaded before; none can be made up.
        del source
        return None
