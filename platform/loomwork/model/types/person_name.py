"""Names of people."""

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from loomwork.model.kinds import Kind
from loomwork.model.text import Texts
from loomwork.model.types.text import TextType

LONGEST = 120
CHINESE = """
欧阳 歐陽 司马 司馬 上官 诸葛 諸葛 东方 東方 皇甫 尉迟 尉遲 公孙 公孫 慕容 令狐 长孙 長孫 宇文
司徒 司空 夏侯 轩辕 軒轅 南宫 南宮 独孤 獨孤 呼延 端木 百里 东郭 東郭 西门 西門 钟离 鍾離 公冶
濮阳 濮陽 太史 申屠 闻人 聞人 赫连 赫連 澹台 澹臺 淳于 单于 單于 宗政 鲜于 鮮于 闾丘 閭丘 亓官
仲孙 拓跋 万俟 萬俟 纳兰 納蘭 完颜 完顏 第五 南门 左丘 梁丘 东门 公羊 谷梁 颛孙 巫马 漆雕 壤驷 段干
"""
COMPOUND = frozenset(CHINESE.split())
"""Chinese family names of two characters."""
KOREAN = frozenset(("남궁", "황보", "제갈", "사공", "선우", "서문", "독고", "동방"))
BEFORE = """
von van der den de del della di da do dos du la le ten ter zu zur af av bin ibn al el st.
"""
PARTICLES = frozenset(BEFORE.split())
"""What stands before a family name and belongs to it."""
SUFFIXES = frozenset(("jr", "jr.", "sr", "sr.", "ii", "iii", "iv"))
HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff々〇]+")
KANA = re.compile(r"[\u3040-\u30ff]")
HANGUL = re.compile(r"[\uac00-\ud7af]+")
DOTS = re.compile(r"[·•・‧∙]")
COMMA = re.compile(r"\s*[,，、]\s*")
SHORT_NAME, LONG_NAME = 2, 3


@dataclass(frozen=True, slots=True)
class NameParts:
    """The parts of a name; ``family`` is empty where they cannot be told apart."""

    family: str
    given: str

    @property
    def sorted_by(self) -> str:
        """Return the name by which lists of people are sorted: the family name first."""
        return f"{self.family} {self.given}".strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonNameType(TextType):
    """The name of a person, as the person writes it, on one line."""

    name: ClassVar[str] = "person_name"
    kind: ClassVar[Kind] = Kind.TEXT
    collated: ClassVar[bool] = True

    max_length: int = LONGEST

    @classmethod
    def from_document(cls, settings: Mapping[str, Any], texts: Texts) -> Self:
        del settings, texts
        return cls()

    def parse(self, value: object) -> object:
        # Called on the class: `super()` does not know the class that slots have made anew.
        text = TextType.parse(self, value)
        return " ".join(text.split()) if isinstance(text, str) else text

    def sort_text(self, value: Any) -> str:
        return name_parts(str(value)).sorted_by

    def sample(self, source: random.Random) -> object:
        return f"{source.choice(('Ann', 'Bo', 'Cleo'))} Sample{source.randrange(10**4)}"


def name_parts(text: str) -> NameParts:
    """Return the family name and the given name in ``text``, where they can be told apart.

    Read are ``Family, Given``, ``Given Family`` with particles such as ``van der``, Chinese names
    with family names of one and two characters, Korean ones, and names in Chinese characters of
    people from elsewhere, with a dot between their parts.
    """
    name = " ".join(text.split())
    before, *after = COMMA.split(name, maxsplit=1)
    if after and before and after[0] and after[0].casefold() not in SUFFIXES:
        return NameParts(family=before, given=after[0])
    if not HAN.search(name) and not KANA.search(name) and not HANGUL.search(name):
        return _western(before.split(), " ".join(after))
    return _eastern(name)


def _western(words: list[str], suffix: str) -> NameParts:
    while len(words) > 1 and words[-1].casefold() in SUFFIXES:
        suffix = " ".join(filter(None, (words.pop(), suffix)))
    if len(words) < SHORT_NAME:
        return NameParts(family="", given=" ".join(filter(None, (*words, suffix))))
    first = len(words) - 1
    while first > 1 and words[first - 1].casefold() in PARTICLES:
        first -= 1
    given = " ".join(filter(None, (*words[:first], suffix)))
    return NameParts(family=" ".join(words[first:]), given=given)


def _eastern(name: str) -> NameParts:
    dotted = DOTS.split(name)
    if len(dotted) > 1 and all(dotted):
        # Names from elsewhere keep their own order: the family name is the last.
        return NameParts(family=dotted[-1], given="·".join(dotted[:-1]))
    words = name.split()
    if len(words) == SHORT_NAME:
        return NameParts(family=words[0], given=words[1])
    if HAN.fullmatch(name):
        return _split(name, COMPOUND)
    if HANGUL.fullmatch(name):
        return _split(name, KOREAN)
    return NameParts(family="", given=name)


def _split(name: str, compound: frozenset[str]) -> NameParts:
    """Return the parts of a name without a space; longer ones may be of any people."""
    if len(name) > SHORT_NAME and name[:2] in compound:
        return NameParts(family=name[:2], given=name[2:])
    if len(name) in (SHORT_NAME, LONG_NAME):
        return NameParts(family=name[:1], given=name[1:])
    return NameParts(family="", given=name)
