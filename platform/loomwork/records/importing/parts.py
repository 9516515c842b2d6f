"""Columns that fill a part of a field, such as ``address.city``."""

from collections.abc import Mapping
from dataclasses import replace

from loomwork.model.entity import Field
from loomwork.model.types.money import CURRENCY, VALUE, MoneyType
from loomwork.model.types.text import LONGEST, TextType

AMOUNT = "amount"
"""What the JSON form of money calls its value."""


def part_columns(fields: Mapping[str, Field]) -> dict[str, Field]:
    """Return what columns can fill beside whole fields, by ``field.part``; each reads a text."""
    found = {}
    for field in fields.values():
        names = [part.name for part in field.type.parts if part.open]
        if isinstance(field.type, MoneyType):
            names.append(AMOUNT)
        for name in names:
            key = f"{field.name}.{name}"
            found[key] = replace(field, name=key, type=TextType(max_length=LONGEST), required=False)
    return found


def read_parts(field: Field, texts: Mapping[str, str], *, locale: str = "en") -> object:
    """Return the value of a field whose parts stand in cells of their own, None if all are empty.

    A column of the whole field, here under the empty name, is the amount beside a currency.
    """
    if not any(texts.values()):
        return None
    if isinstance(field.type, MoneyType):
        amount = texts.get(AMOUNT) or texts.get(VALUE) or texts.get("") or ""
        if not amount:
            return field.type.parse({AMOUNT: None, CURRENCY: texts.get(CURRENCY)})
        return field.type.parse_text(f"{amount} {texts.get(CURRENCY, '')}".strip(), locale=locale)
    named = {name: text for name, text in texts.items() if name and text}
    return field.type.parse(named) if named else field.type.parse_text(texts[""], locale=locale)
