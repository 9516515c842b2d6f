"""Writes the reference of documents from the schemas: ``python -m loomwork_metadata.reference``.

Every description in the schemas ends up in it, so the reference says what the platform checks.
"""

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from loomwork_metadata import FOLDERS, KINDS
from loomwork_metadata.tree import Place, root, schemas

PAGES = {"field": "field-types", "common": "shared"}
"""The pages of what is no kind."""
TITLES = {"field": "Field types", "common": "Shared definitions"}
SCHEMAS = "../../../metadata/loomwork_metadata/schemas"
BEGIN, END = "<!-- kinds -->", "<!-- end of kinds -->"
NOTE = "<!-- Written by `python -m loomwork_metadata.reference docs/reference`; do not edit. -->"
COMMON = "Common keys"
DETAIL = "field_"
"""How the definitions of the common keys of fields begin."""
MOST_LISTED = 40
FOLDER_OF = {kind: folder for folder, kind in FOLDERS.items()}
WORDS = {
    "string": "text",
    "integer": "whole number",
    "boolean": "`true` or `false`",
    "array": "list",
    "null": "`null`",
}


def pages() -> Mapping[str, str]:
    """Return every page that is written whole, by its file below ``docs/reference/documents``."""
    return {f"{_page(file)}.md": _Page(file).text() for file in (*KINDS, *PAGES)}


def with_kinds(overview: str) -> str:
    """Return the overview with the table of kinds written anew."""
    before, _, rest = overview.partition(BEGIN)
    after = rest.partition(END)[2]
    lines = ["| kind | folder | describes |", "|---|---|---|"]
    for kind in KINDS:
        folder = f"`{FOLDER_OF[kind]}/`" if kind in FOLDER_OF else "–"
        told = _cell(root(kind).schema["description"])
        lines.append(f"| [{kind}](documents/{_page(kind)}.md) | {folder} | {told} |")
    return f"{before}{BEGIN}\n\n" + "\n".join(lines) + f"\n\n{END}{after}"


def write(folder: Path) -> None:
    """Bring the reference in ``folder`` up to date."""
    inside = folder / "documents"
    inside.mkdir(exist_ok=True)
    for name, text in pages().items():
        (inside / name).write_text(text, encoding="utf-8")
    overview = folder / "documents.md"
    overview.write_text(with_kinds(overview.read_text(encoding="utf-8")), encoding="utf-8")


def _page(file: str) -> str:
    return PAGES.get(file, file)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _code(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return f"``{_cell(text)}``" if "`" in text else f"`{_cell(text)}`"


def _words(name: str) -> str:
    return name.replace("_", " ")


def _anchor(title: str) -> str:
    kept = "".join(sign for sign in title.lower() if sign.isalnum() or sign in " -_")
    return kept.replace(" ", "-")


class _Page:
    """The page of one schema: its keys, then a section for each part that has keys of its own."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.titles: dict[str, str] = {}
        self.sections: list[tuple[str, Place]] = []

    def text(self) -> str:
        schema = schemas()[self.file]
        title = TITLES.get(self.file, schema["title"])
        lines = [f"# {title}", "", NOTE, "", schema["description"], "", self._place_in_a_pack(), ""]
        if self.file in KINDS:
            self._name("Keys", root(self.file))
        for name in schema.get("$defs", {}):
            if not self._is_detail(name):
                self._name(_words(name), root(self.file).below("$defs", name))
        if self.file == "field":
            lines += [f"## {COMMON}", "", *self._common_keys(), ""]
        for heading, place in self.sections:
            lines += [f"## {heading}", "", *self._section(heading, place), ""]
        return "\n".join(lines).rstrip("\n") + "\n"

    def _place_in_a_pack(self) -> str:
        link = f"[{self.file}.json]({SCHEMAS}/{self.file}.json)"
        if self.file in FOLDER_OF:
            return f"Folder `{FOLDER_OF[self.file]}/`, schema {link}."
        return f"The file `pack.json`, schema {link}." if self.file == "pack" else f"Schema {link}."

    def _is_detail(self, name: str) -> bool:
        """Tell whether a definition is only the value of a key, and is told of there."""
        return self.file == "field" and name.startswith(DETAIL)

    def _common_keys(self) -> Iterator[str]:
        yield "A field can have those of these keys that its type lists."
        yield ""
        keys = [name for name in schemas()["field"]["$defs"] if self._is_detail(name)]
        members = {name.removeprefix(DETAIL): root("field").below("$defs", name) for name in keys}
        yield from self._rows(COMMON, members, frozenset())

    def _name(self, title: str, place: Place) -> None:
        heading = title
        while heading in self.titles.values():
            heading += " (more)"
        self.titles[place.home] = heading
        self.sections.append((heading, place))

    def _section(self, heading: str, place: Place) -> Iterator[str]:
        schema = place.schema
        if heading != "Keys":
            yield schema["description"]
            yield ""
        if "allOf" in schema:
            yield from self._alternatives(place)
        elif schema.get("properties"):
            yield from self._table(heading, place)
        else:
            values = [_code(value) for value in schema.get("enum", ())]
            yield f"Takes: {', '.join(values) or self._takes(place)}."
        if schema.get("examples") and not schema.get("properties"):
            shown = ", ".join(_code(example) for example in schema["examples"][:3])
            yield f"\nFor example: {shown}."

    def _alternatives(self, place: Place) -> Iterator[str]:
        for case, rule in enumerate(place.schema["allOf"]):
            then = place.below("allOf", str(case), "then")
            wanted = rule["if"].get("properties", {})
            named = [f"`{key}` is {_code(value['const'])}" for key, value in wanted.items()]
            named = named or [f"with `{key}`" for key in rule["if"].get("required", ())]
            kind = "; ".join(named) or f"as {self._type(rule['if']['type'])}"
            yield f"- {kind}: {self._linked(then)}"

    def _table(self, heading: str, place: Place) -> Iterator[str]:
        keys = place.schema["properties"]
        common = [key for key in keys if keys[key].get("$ref", "").startswith(f"#/$defs/{DETAIL}")]
        members = {key: place.below("properties", key) for key in keys if key not in common}
        yield from self._rows(heading, members, place.required)
        if common:
            listed = ", ".join(f"`{key}`" for key in common)
            yield f"\n[{COMMON}](#{_anchor(COMMON)}): {listed}."

    def _rows(
        self, heading: str, members: Mapping[str, Place], required: frozenset[str]
    ) -> Iterator[str]:
        yield "| key | takes | meaning |"
        yield "|---|---|---|"
        for key, member in members.items():
            needed = " (required)" if key in required else ""
            self._name_inline(heading, key, member)
            told = " ".join(self._meaning(member))
            yield f"| `{key}`{needed} | {self._takes(member)} | {told} |"

    def _name_inline(self, heading: str, key: str, member: Place) -> None:
        """Give an object that is described within a key a section of its own."""
        inner = member.schema.get("properties", {})
        if member.home == member.address and inner and set(inner) != {"is"}:
            parent = "" if heading in ("Keys", COMMON) else f" of {heading}"
            self._name(f"{key}{parent}", member)

    def _meaning(self, place: Place) -> Iterator[str]:
        yield _cell(place.schema["description"])
        inner = place.schema.get("additionalProperties")
        if isinstance(inner, Mapping) and "$ref" not in inner:
            yield _cell(
                f"Each of them: {inner['description'][0].lower()}{inner['description'][1:]}"
            )
        elif set(place.schema.get("properties", {})) == {"is"} and "object" in place.types:
            yield f"`is`: {_cell(place.below('properties', 'is').schema['description'])}"
        if "default" in place.schema:
            yield f"Default: {_code(place.schema['default'])}."
        examples = place.schema.get("examples", ())
        if examples and "const" not in place.schema:
            yield f"Example: {_code(examples[0])}."

    def _takes(self, place: Place) -> str:
        schema = place.schema
        if "const" in schema:
            return _code(schema["const"])
        if len(schema.get("enum", ())) > MOST_LISTED:
            return self._linked(place)
        if "enum" in schema:
            return ", ".join(_code(value) for value in schema["enum"])
        if place.home != place.address and not place.home.startswith(f"field#/$defs/{DETAIL}"):
            return self._linked(place)
        return " or ".join(self._kinds(place)) or "anything"

    def _kinds(self, place: Place) -> Iterator[str]:
        for kind in sorted(place.types, key=[*WORDS, "number", "object"].index):
            if kind == "array" and "items" in place.schema:
                yield f"list: {self._takes(place.below('items'))}"
            elif kind == "object":
                yield self._object(place)
            elif kind in ("integer", "number"):
                yield self._number(kind, place.schema)
            else:
                yield self._type(kind)

    def _type(self, kind: str) -> str:
        return WORDS.get(kind, kind)

    def _number(self, kind: str, schema: Mapping[str, Any]) -> str:
        low, high = schema.get("minimum"), schema.get("maximum")
        limits = "" if low is None or abs(low) > 10**12 else f", {low} to {high}"
        return f"{self._type(kind)}{limits}"

    def _object(self, place: Place) -> str:
        if place.home in self.titles:
            return self._linked(place)
        if set(place.schema.get("properties", {})) == {"is"}:
            return '`{"is": expression}`'
        if isinstance(place.schema.get("additionalProperties"), Mapping):
            return f"object of names: {self._takes(place.below('additionalProperties'))}"
        return "object"

    def _linked(self, place: Place) -> str:
        file, _, pointer = place.home.partition("#")
        title = self.titles.get(place.home) or _words(pointer.rpartition("/")[2])
        target = "" if file == self.file else f"{_page(file)}.md"
        return f"[{title}]({target}#{_anchor(title)})"


if __name__ == "__main__":
    write(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/reference"))
