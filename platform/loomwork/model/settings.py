"""What a site can set of a pack without touching a document."""

from dataclasses import dataclass
from typing import Any

from loomwork.model.field_type import FieldType
from loomwork.model.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One setting of a pack; its ``type`` knows the limits and options of its values."""

    pack: str
    name: str
    type: FieldType
    label: Text
    help: Text | None = None
    default: Any = None

    @property
    def key(self) -> str:
        """Return the name under which expressions know the setting, after ``settings.``."""
        return f"{self.pack}.{self.name}"
