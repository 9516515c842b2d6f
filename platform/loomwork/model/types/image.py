"""A picture that was uploaded before."""

from dataclasses import dataclass
from typing import ClassVar

from loomwork.model.types.file import FileType


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageType(FileType):
    """A file whose content is a picture that browsers show without running anything."""

    name: ClassVar[str] = "image"
    media_types: ClassVar[tuple[str, ...]] = (
        "image/png",
        "image/jpeg",
        "image/gif",
        "image/webp",
    )
