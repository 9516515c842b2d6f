"""Codes that are printed and scanned."""

import random
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from loomwork.errors import N_
from loomwork.model.field_type import FieldType, refuse
from loomwork.model.kinds import Kind
from loomwork.model.storage import Storage, StorageKind
from loomwork.model.text import Texts
from loomwork.model.types.text import clean

CODE128, EAN13, QR = "code128", "ean13", "qr"
LONGEST: Mapping[str, int] = {CODE128: 80, EAN13: 13, QR: 500}
LONGEST_TEXT = 1000
EAN_DIGITS = 13
NOT_EAN = N_("The 13 digits of an EAN are expected; these are {length}.")
NOT_DIGITS = N_("An EAN has digits only.")
BAD_CHECK = N_("The last digit does not fit the others: with {digit} at the end it would.")
NOT_PRINTABLE = N_("“{sign}” cannot be printed as Code 128, which has plain letters and signs.")


@dataclass(frozen=True, slots=True, kw_only=True)
class BarcodeType(FieldType):
    """A code as text; ``format`` says how it is drawn, and so what it can hold.

    ``code128`` holds printable ASCII, ``ean13`` twelve digits and their check digit, ``qr`` any
    text on one line.
    """

    name: ClassVar[str] = "barcode"
    kind: ClassVar[Kind] = Kind.TEXT

    format: str = CODE128

    @classmethod
    def from_document(cls, settings: Mapping[str, Any], texts: Texts) -> Self:
        del texts
        return cls(format=settings.get("format", CODE128))

    @property
    def storage(self) -> Storage:
        return Storage(kind=StorageKind.TEXT, length=LONGEST[self.format])

    def parse(self, value: object) -> object:
        if isinstance(value, str) and len(value) <= LONGEST_TEXT:
            value = value.strip()
            if self.format != QR:
                value = unicodedata.normalize("NFKC", value).strip()
            if self.format == EAN13:
                value = re.sub(r"[ -]", "", value)
        text = clean(value, longest=LONGEST[self.format] if self.format != EAN13 else LONGEST_TEXT)
        if text is None:
            return None
        if self.format == EAN13:
            return _ean(text)
        if self.format == CODE128:
            return _printable(text)
        if len(text.splitlines()) > 1:
            raise refuse("line_break", N_("The text has to fit on one line."))
        return text

    def sample(self, source: random.Random) -> object:
        if self.format == EAN13:
            digits = f"{source.randrange(10**12):012}"
            return f"{digits}{check_digit(digits)}"
        return f"A{source.randrange(10**8):08}"


def check_digit(digits: str) -> int:
    """Return what the 13th digit of an EAN has to be, after the rule of GS1."""
    weighted = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits[:12]))
    return -weighted % 10


def _ean(text: str) -> str:
    if not (text.isascii() and text.isdecimal()):
        raise refuse("not_digits", NOT_DIGITS)
    if len(text) != EAN_DIGITS:
        raise refuse("not_an_ean", NOT_EAN, length=len(text))
    if int(text[-1]) != check_digit(text):
        raise refuse("bad_check_digit", BAD_CHECK, digit=check_digit(text))
    return text


def _printable(text: str) -> str:
    for sign in text:
        if not " " <= sign <= "~":
            shown = sign if sign.isprintable() else f"U+{ord(sign):04X}"
            raise refuse("not_printable", NOT_PRINTABLE, sign=shown)
    return text
