"""Translations of the platform are complete and fit their texts."""

import ast
import string
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import loomwork
from loomwork.web.catalogue import Catalogue
from loomwork_metadata.tree import schemas

PLATFORM = Path(loomwork.__file__).parent
FILE = PLATFORM / "web" / "translations" / "zh_CN.po"
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2")]
KEYWORDS = {"_": None, "gettext": None, "N_": None, "ngettext": (1, 2)}


def texts_of_the_platform() -> set[str]:
    found = extract_from_dir(str(PLATFORM), METHODS, keywords=KEYWORDS)
    written = {message if isinstance(message, str) else message[0] for _, _, message, _, _ in found}
    return written | set(sentences_in(list(schemas().values())))


def sentences_in(part: object) -> Iterator[str]:
    """Yield what the schemas say where exactly one of several alternatives is possible."""
    if isinstance(part, Mapping) and isinstance(part.get("oneOf"), list):
        yield part["description"]
    inner = part.values() if isinstance(part, Mapping) else part if isinstance(part, list) else ()
    for value in inner:
        yield from sentences_in(value)


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def translations() -> Iterator[tuple[str, str]]:
    with FILE.open("rb") as source:
        for message in read_po(source, locale="zh_CN"):
            if message.id:
                yield str(message.id), str(message.string)


def test_every_text_of_the_platform_has_a_chinese_translation() -> None:
    present = {text for text, translated in translations() if translated}
    assert sorted(texts_of_the_platform() - present) == []


def test_no_translation_is_left_of_a_text_that_is_gone() -> None:
    assert sorted({text for text, _ in translations()} - texts_of_the_platform()) == []


def test_translations_have_the_places_of_their_texts() -> None:
    wrong = [text for text, told in translations() if placeholders(told) != placeholders(text)]
    assert wrong == []


def test_a_text_without_a_translation_stays_as_it_is() -> None:
    catalogue = Catalogue.of_packages(["loomwork.web"], "zh_CN")
    assert catalogue.one("Sign in first.") == "请先登录。"
    assert catalogue.one("Not in any catalogue") == "Not in any catalogue"


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return the name of a package with a catalogue of its own."""
    folder = tmp_path / "sample_of_texts"
    (folder / "translations").mkdir(parents=True)
    (folder / "__init__.py").touch()
    (folder / "translations" / "zh_CN.po").write_text(
        'msgid ""\nmsgstr "Plural-Forms: nplurals=1; plural=0;\\n"\n\n'
        'msgid "{n} record"\nmsgid_plural "{n} records"\nmsgstr[0] "{n} 条记录"\n\n'
        'msgid "Sign in first."\nmsgstr "请登录"\n\n'
        'msgid "Empty"\nmsgstr ""\n',
        encoding="utf-8",
    )
    monkeypatch.syspath_prepend(tmp_path)
    return folder.name


def test_a_later_package_overrides_texts_of_an_earlier_one(package: str) -> None:
    catalogue = Catalogue.of_packages(["loomwork.web", package], "zh_CN")
    assert catalogue.one("Sign in first.") == "请登录"
    assert catalogue.one("Empty") == "Empty"


@pytest.mark.parametrize(
    ("locale", "n", "form"),
    [("en", 1, "{n} record"), ("en", 2, "{n} records"), ("en", 0, "{n} records")]
    + [("zh_CN", n, "{n} 条记录") for n in (0, 1, 2)],
)
def test_the_plural_form_fits_the_language(package: str, locale: str, n: int, form: str) -> None:
    catalogue = Catalogue.of_packages([package], locale)
    assert catalogue.several("{n} record", "{n} records", n) == form


def test_no_text_is_put_together_before_it_is_translated() -> None:
    calls = [
        (file.name, node.lineno)
        for file in PLATFORM.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "N_"
        and not isinstance(node.args[0], ast.Constant)
    ]
    assert calls == []
