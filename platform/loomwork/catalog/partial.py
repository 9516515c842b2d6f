"""Documents that change one from a layer below, against the partial form of their schema.

In it nothing is required, ``null`` removes what need not be there, ``{"$replace": {…}}`` stands for
an object as a whole, and a list of names can be changed name by name. What a value by itself may
be is what the full schema says.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from loomwork.catalog.documents import Document
from loomwork.catalog.language import lifted
from loomwork.catalog.lists import OPERATIONS, is_list_patch
from loomwork.catalog.schema_check import Schemas, check_identity, kind_in, loaded_schemas
from loomwork.catalog.schema_words import TYPES, WRONG_TYPE, pointer, unknown_key
from loomwork.errors import N_, Phrases, Problem
from loomwork_metadata.tree import Place, root

REPLACE = "$replace"

Path = tuple[object, ...]
Object = Mapping[str, Any]


def check_patch(document: Document) -> list[Problem]:
    """Return everything in which a document that extends another breaks its kind's partial form."""
    problems = check_patch_body(kind_in(document), document.body)
    return [problem.within(document.file) for problem in problems]


def check_patch_body(kind: str, body: Mapping[str, Any]) -> list[Problem]:
    """Return everything in which the body of a patch breaks the partial form of ``kind``."""
    problems = check_identity(kind, body)
    if problems:
        return problems
    if "name" not in body:
        text = N_("The key “{key}” is missing.")
        return [Problem(code="missing_key", text=text, context={"key": "name"})]
    schemas = loaded_schemas()
    return _Patch(schemas).changes([root(kind, schemas.files)], lifted(dict(body)), ())


class _Patch:
    def __init__(self, schemas: Schemas) -> None:
        self._schemas = schemas

    def changes(self, places: Sequence[Place], value: object, path: Path) -> list[Problem]:
        """Return what is wrong with a change of what one of ``places`` describes."""
        inside = [place for place in places if "object" in place.types]
        if inside and isinstance(value, dict) and REPLACE not in value:
            return list(self._members(inside, value, path))
        return min((list(self._one(place, value, path)) for place in places), key=len)

    def _one(self, place: Place, value: object, path: Path) -> Iterator[Problem]:
        if isinstance(value, dict) and REPLACE in value:
            yield from self._replaced(place, value, path)
        elif isinstance(value, dict) and place.lists_names and is_list_patch(value):
            yield from self._listed(place, value, path)
        else:
            yield from self._whole(place, value, path)

    def _whole(self, place: Place, value: object, path: Path) -> Iterator[Problem]:
        for problem in self._schemas.problems(place.address, value):
            yield problem.at(pointer(path))

    def _replaced(self, place: Place, value: Object, path: Path) -> Iterator[Problem]:
        for key in value:
            if key != REPLACE:
                yield unknown_key(key, [REPLACE], pointer(path))
        if isinstance(value[REPLACE], dict):
            yield from self._whole(place, value[REPLACE], (*path, REPLACE))
        else:
            yield _wrong_type("object", (*path, REPLACE))

    def _listed(self, place: Place, value: Object, path: Path) -> Iterator[Problem]:
        for operation in OPERATIONS:
            if operation not in value:
                continue
            change, at = value[operation], (*path, operation)
            if operation in ("$add", "$remove"):
                yield from self._names(place, change, at)
            elif isinstance(change, dict):
                for anchor, names in change.items():
                    yield from self._names(place, names, (*at, anchor))
            else:
                yield _wrong_type("object", at)

    def _names(self, place: Place, names: object, path: Path) -> Iterator[Problem]:
        if not isinstance(names, list):
            yield _wrong_type("array", path)
            return
        for position, name in enumerate(names):
            yield from self._whole(place.below("items"), name, (*path, position))

    def _members(self, places: Sequence[Place], value: Object, path: Path) -> Iterator[Problem]:
        """Yield what is wrong with the members of an object that is merged.

        A field whose type the patch does not repeat may have the keys of any type.
        """
        kept = {key: change for key, change in value.items() if change is not None}
        described = [inner for place in places for inner in place.describing(kept)]
        for key, change in value.items():
            own = [place for place in places if key in place.schema.get("properties", {})]
            members = [
                inner for place in own or described if (inner := place.member(key)) is not None
            ]
            at = (*path, key)
            if not members:
                yield from self._unknown(places, described, key, change, path)
            elif problems := list(self._misnamed(described[0], key, at)):
                yield from problems
            elif change is not None:
                yield from self.changes(members, change, at)
            elif all(key in place.required for place in described):
                text = N_("The key “{key}” cannot be removed; it must be there.")
                context = {"key": key}
                yield Problem(code="cannot_remove", text=text, context=context, pointer=pointer(at))

    def _unknown(
        self,
        places: Sequence[Place],
        described: Sequence[Place],
        key: str,
        change: object,
        path: Path,
    ) -> Iterator[Problem]:
        alternatives = [inner for place in places for inner in place.alternatives()]
        if change is None and any(place.member(key) for place in alternatives):
            # What gets another type loses what only its former type has.
            return
        if any(place.schema.get("additionalProperties") is True for place in described):
            return
        known = [name for place in described for name in place.schema.get("properties", {})]
        yield unknown_key(key, list(dict.fromkeys(known)), pointer(path))

    def _misnamed(self, place: Place, key: str, path: Path) -> Iterator[Problem]:
        if "propertyNames" in place.schema:
            yield from self._whole(place.below("propertyNames"), key, path)


def _wrong_type(expected: str, path: Path) -> Problem:
    context = {"expected": Phrases((TYPES[expected],))}
    return Problem(code="wrong_type", text=WRONG_TYPE, context=context, pointer=pointer(path))
