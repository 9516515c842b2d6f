"""Every text of the screens is there in Chinese, with the same places to fill."""

import re
from pathlib import Path
from string import Formatter
from typing import Any

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import loomwork_ui

FOLDER = Path(loomwork_ui.__file__).parent
METHODS = [("**.py", "python"), ("templates/**.html", "jinja2.ext:babel_extract")]
KEYWORDS: dict[str, Any] = {"_": None, "gettext": None, "N_": None, "ngettext": (1, 2)}
BARE_TEXT = re.compile(r">\s*([A-Z][a-z]+(?: [a-z]+)*)\s*<")
NAMES = {"Loomwork", "English"}


def wanted() -> dict[Any, str]:
    found = extract_from_dir(FOLDER, METHODS, keywords=KEYWORDS)
    return {message: file for file, _, message, _, _ in found}


def chinese() -> dict[Any, Any]:
    with (FOLDER / "translations/zh_CN.po").open("rb") as source:
        return {message.id: message.string for message in read_po(source) if message.id}


def places(text: str) -> set[str | None]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_every_text_is_translated_and_no_translation_is_left_over() -> None:
    assert set(chinese()) == set(wanted())


def test_no_translation_is_empty_or_loses_a_place() -> None:
    for message, translation in chinese().items():
        first = message if isinstance(message, str) else message[0]
        forms = [translation] if isinstance(translation, str) else list(translation)
        assert all(forms), message
        assert all(places(form) == places(first) for form in forms), message


@pytest.mark.parametrize(
    "template", sorted((FOLDER / "templates").rglob("*.html")), ids=lambda path: path.name
)
def test_templates_hold_no_text_of_their_own(template: Path) -> None:
    found = set(BARE_TEXT.findall(template.read_text(encoding="utf-8")))
    assert found <= NAMES


@pytest.mark.parametrize(
    "template", sorted((FOLDER / "templates").rglob("*.html")), ids=lambda path: path.name
)
def test_templates_hold_no_inline_scripts_handlers_or_styles(template: Path) -> None:
    text = template.read_text(encoding="utf-8")
    assert re.findall(r"<script(?![^>]*\b(?:src=|type=\"application/json\"))", text) == []
    assert re.findall(r"<style|\sstyle=|\son[a-z]+=|hx-on", text) == []
