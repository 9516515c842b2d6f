"""E-mail addresses."""

import random
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from loomwork.errors import N_
from loomwork.model.field_type import NOT_TEXT, FieldType, refuse
from loomwork.model.kinds import Kind
from loomwork.model.storage import Storage, StorageKind
from loomwork.model.text import Texts

LONGEST = 254
NOT_AN_ADDRESS = N_("An e-mail address is expected, written like ann@example.com.")
NAMED = re.compile(r"[^<>]{0,200}<([^<>]+)>")
"""An address with the name of the person before it, as mail programs copy it."""


@dataclass(frozen=True, slots=True)
class EmailType(FieldType):
    """An e-mail address, kept in small letters, its domain in its own script.

    Providers take letters of either case before the ``@`` for the same, so one mailbox is one text.
    Whether anybody reads mail there is not asked: no network takes part in saving a record.
    """

    name: ClassVar[str] = "email"
    kind: ClassVar[Kind] = Kind.TEXT
    collated: ClassVar[bool] = True

    @classmethod
    def from_document(cls, settings: Mapping[str, Any], texts: Texts) -> Self:
        del settings, texts
        return cls()

    @property
    def storage(self) -> Storage:
        return Storage(kind=StorageKind.TEXT, length=LONGEST)

    def parse(self, value: object) -> object:
        # Loaded by the first address, since not every process reads one.
        from email_validator import EmailNotValidError, validate_email

        if not isinstance(value, str):
            raise refuse("not_text", NOT_TEXT)
        if len(value) > 2 * LONGEST:
            raise refuse("not_an_email", NOT_AN_ADDRESS)
        text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", value).lower()).strip()
        if not text:
            return None
        try:
            found = validate_email(text, check_deliverability=False).normalized
        except (EmailNotValidError, ValueError):
            # It also lets errors of the codec for domains through.
            raise refuse("not_an_email", NOT_AN_ADDRESS) from None
        if len(found) > LONGEST:
            raise refuse("not_an_email", NOT_AN_ADDRESS)
        return found

    def parse_text(self, text: str, *, locale: str = "en") -> object:
        """Read an address, also behind ``mailto:`` or in brackets after a name."""
        del locale
        named = NAMED.fullmatch(text.strip()) if len(text) <= 2 * LONGEST else None
        return self.parse(
            named[1] if named else re.sub(r"\s*mailto:", "", text, count=1, flags=re.I)
        )

    def sample(self, source: random.Random) -> object:
        return f"person{source.randrange(10**6)}@example.com"
