"""Telephone numbers."""

import random
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from loomwork.errors import N_
from loomwork.model.field_type import NOT_TEXT, FieldType, refuse
from loomwork.model.kinds import Kind
from loomwork.model.storage import Storage, StorageKind
from loomwork.model.text import Texts

LONGEST = 48
"""A number of 15 digits with an extension of 20."""
LONGEST_TEXT = 80
EXTENSION = ";ext="
NOT_A_NUMBER = N_("A telephone number is expected, written like +49 30 901820.")
NO_COUNTRY = N_("A telephone number begins with + and the code of its country: +49 30 901820.")
NO_SUCH_NUMBER = N_("There is no such telephone number: “{number}” is too short or too long.")


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneType(FieldType):
    """A telephone number in the international form ``+4930901820``, perhaps with ``;ext=12``.

    Numbers of the country ``region`` may be given without its code. Whether a number is assigned
    is not asked, since that changes faster than any table; its length has to be possible.
    """

    name: ClassVar[str] = "phone"
    kind: ClassVar[Kind] = Kind.TEXT

    region: str = ""

    @classmethod
    def from_document(cls, settings: Mapping[str, Any], texts: Texts) -> Self:
        del texts
        return cls(region=settings.get("region", ""))

    @property
    def storage(self) -> Storage:
        return Storage(kind=StorageKind.TEXT, length=LONGEST)

    def parse(self, value: object) -> object:
        # Loaded by the first number: the rules of some 200 countries weigh four megabytes.
        import phonenumbers

        if not isinstance(value, str):
            raise refuse("not_text", NOT_TEXT)
        if len(value) > LONGEST_TEXT:
            raise refuse("not_a_phone", NOT_A_NUMBER)
        text = _visible(value).strip()
        if not text:
            return None
        try:
            number = phonenumbers.parse(text, self.region or None)
        except phonenumbers.NumberParseException as error:
            foreign = error.error_type == phonenumbers.NumberParseException.INVALID_COUNTRY_CODE
            unknown = foreign and not text.startswith("+")
            raise refuse("not_a_phone", NO_COUNTRY if unknown else NOT_A_NUMBER) from None
        possible = phonenumbers.ValidationResult.IS_POSSIBLE
        if phonenumbers.is_possible_number_with_reason(number) != possible:
            # Numbers that reach somebody only within one town are none of the international form.
            raise refuse("not_a_phone", NO_SUCH_NUMBER, number=text)
        plain = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
        return plain + (f"{EXTENSION}{number.extension}" if number.extension else "")

    def sample(self, source: random.Random) -> object:
        return f"+4930{source.randrange(100_000, 1_000_000)}"


def _visible(value: str) -> str:
    """Return ``value`` without the marks of direction and width that copying brings along."""
    plain = unicodedata.normalize("NFKC", value)
    return "".join(sign for sign in plain if unicodedata.category(sign) != "Cf")


def shown(number: str) -> str:
    """Return a number as it is written internationally: ``+49 30 901820 ext. 12``."""
    import phonenumbers

    try:
        found = phonenumbers.parse(number, None)
    except phonenumbers.NumberParseException:
        return number
    return phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
