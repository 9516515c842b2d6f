"""JSON as it is."""

import json
import random
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar, Self

from loomwork.errors import N_
from loomwork.model.field_type import FieldType, refuse
from loomwork.model.kinds import Kind
from loomwork.model.storage import Storage, StorageKind
from loomwork.model.text import Texts
from loomwork.model.types.text import UNSTORABLE
from loomwork.model.values import JsonText

LONGEST = 100_000
"""Characters of a value when it is written."""
DEEPEST = 32
"""Objects and lists within each other."""
LONGEST_NUMBER = 400
NOT_JSON = N_("JSON is expected, an object or a list; line {line}, column {column} is neither.")
NOT_A_WHOLE = N_("A JSON object or list is expected.")
TOO_DEEP = N_("At most {limit} objects and lists can stand within each other.")
TOO_LONG = N_("At most {limit} characters of JSON are possible.")
NO_NUMBER = N_("“{word}” is not a number that JSON can have.")
KEY_TWICE = N_("The key “{key}” is written twice in one object.")


@dataclass(frozen=True, slots=True)
class JsonType(FieldType):
    """An object or a list, kept as text in the order in which it was written."""

    name: ClassVar[str] = "json"
    kind: ClassVar[Kind] = Kind.TEXT
    filter_operators: ClassVar[tuple[str, ...]] = ()
    sortable: ClassVar[bool] = False
    usable: ClassVar[bool] = False

    @classmethod
    def from_document(cls, settings: Mapping[str, Any], texts: Texts) -> Self:
        del settings, texts
        return cls()

    @property
    def storage(self) -> Storage:
        return Storage(kind=StorageKind.JSON)

    def parse(self, value: object) -> object:
        """Read an object or a list, or the text of one."""
        if isinstance(value, JsonText):
            return value
        if isinstance(value, str):
            if not value.strip():
                return None
            value = _read(value)
        if not isinstance(value, dict | list):
            raise refuse("not_json", NOT_A_WHOLE)
        written = _written(value, 1)
        if len(written) > LONGEST:
            raise refuse("too_long", TOO_LONG, limit=LONGEST)
        return JsonText(written)

    def sample(self, source: random.Random) -> object:
        return JsonText(f'{{"size": {source.randrange(100)}, "tags": ["a", "b"]}}')


def _read(text: str) -> object:
    if len(text) > 2 * LONGEST:
        raise refuse("too_long", TOO_LONG, limit=LONGEST)
    try:
        return json.loads(text, parse_float=Decimal, parse_int=_whole, object_pairs_hook=_unique)
    except json.JSONDecodeError as error:
        raise refuse("not_json", NOT_JSON, line=error.lineno, column=error.colno) from None
    except RecursionError:
        raise refuse("too_deep", TOO_DEEP, limit=DEEPEST) from None


def _whole(digits: str) -> int:
    if len(digits.removeprefix("-")) > LONGEST_NUMBER:
        raise refuse("not_a_number", NO_NUMBER, word=f"{digits[:20]}…")
    return int(digits)


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for key, value in pairs:
        if key in found:
            raise refuse("key_twice", KEY_TWICE, key=key[:60].encode(errors="replace").decode())
        found[key] = value
    return found


def _written(value: object, depth: int) -> str:
    """Return JSON with every digit of its numbers, unlike what goes through binary fractions."""
    if isinstance(value, dict | list) and depth > DEEPEST:
        raise refuse("too_deep", TOO_DEEP, limit=DEEPEST)
    if isinstance(value, dict):
        members = (f"{_text(key)}: {_written(inner, depth + 1)}" for key, inner in value.items())
        return f"{{{', '.join(members)}}}"
    if isinstance(value, list):
        return f"[{', '.join(_written(inner, depth + 1) for inner in value)}]"
    return _text(value) if isinstance(value, str) else _plain(value)


def _text(value: object) -> str:
    text = str(value)
    if "\x00" in text or any("\ud800" <= sign <= "\udfff" for sign in text):
        raise refuse("bad_character", UNSTORABLE)
    return json.dumps(text, ensure_ascii=False)


def _plain(value: object) -> str:
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    if isinstance(value, int) and abs(value) < 10**LONGEST_NUMBER:
        return str(value)
    number = Decimal(repr(value)) if isinstance(value, float) else value
    if isinstance(number, Decimal) and number.is_finite() and len(str(number)) <= LONGEST_NUMBER:
        # JSON readers take an exponent, but no more of it than a double has.
        return str(number) if abs(number.adjusted()) <= 300 else _refused(number)
    return _refused(value)


def _refused(value: object) -> str:
    word = f"{type(value).__name__}" if not isinstance(value, float | Decimal) else str(value)[:40]
    raise refuse("not_a_number", NO_NUMBER, word=word)
