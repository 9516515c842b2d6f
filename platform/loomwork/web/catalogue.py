"""Message catalogues: the .po files of packages, read once when an application starts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Self

from babel.messages.catalog import Message
from babel.messages.pofile import read_po


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The translations into one language. What it does not hold stays as it was written."""

    singular: Mapping[str, str]
    plural: Mapping[str, tuple[str, ...]]

    @classmethod
    def of_packages(cls, packages: Iterable[str], locale: str) -> Self:
        """Return the texts of ``translations/LOCALE.po`` of several packages; the last one wins."""
        singular: dict[str, str] = {}
        plural: dict[str, tuple[str, ...]] = {}
        for package in packages:
            for message in _read(package, locale):
                forms = _forms(message)
                if isinstance(message.id, str):
                    singular[message.id] = forms[0]
                else:
                    plural[message.id[0]] = forms
        return cls(singular, plural)

    def one(self, text: str) -> str:
        """Return the translation of ``text``, or itself."""
        return self.singular.get(text, text)

    def several(self, one: str, many: str, n: int) -> str:
        """Return the translated form for ``n`` things."""
        forms = self.plural.get(one, (one, many))
        return forms[0 if n == 1 or len(forms) == 1 else 1]


def _read(package: str, locale: str) -> list[Message]:
    file = files(package) / "translations" / f"{locale}.po"
    if not file.is_file():
        return []
    with file.open("rb") as source:
        catalogue = read_po(source, locale=locale)
    return [message for message in catalogue if message.id and all(_forms(message))]


def _forms(message: Message) -> tuple[str, ...]:
    string = message.string or ""
    return (string,) if isinstance(string, str) else tuple(string)
