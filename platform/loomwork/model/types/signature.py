"""A signature, drawn on the screen and kept as a picture."""

from dataclasses import dataclass
from typing import ClassVar

from loomwork.model.types.file import MEGABYTE, FileType


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureType(FileType):
    """A small PNG of what somebody has drawn."""

    name: ClassVar[str] = "signature"
    media_types: ClassVar[tuple[str, ...]] = ("image/png",)
    largest: ClassVar[int] = MEGABYTE
