"""What JSON Schema finds, in sentences that say what to do about it."""

import difflib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from jsonschema.exceptions import ValidationError

from loomwork.errors import N_, Phrases, Problem

EMPTY = N_("This must not be empty.")
COMPUTED = N_("an object with an expression under “is”")
WRONG_TYPE = N_("This has to be {expected}.")
NOT_ONE = N_("Exactly one of the alternatives is possible here.")
MOST_LISTED = 20
"""How many of the possible values a sentence names."""
NAME_PATTERN = "^[a-z][a-z0-9_]{0,47}$"
SOLID = "[^"
"""How a pattern begins that only asks for something that is no white space."""
CLOSED = "additionalProperties"
KEYS = (CLOSED, "required")
TYPES = {
    "object": N_("an object"),
    "array": N_("a list"),
    "string": N_("a text"),
    "integer": N_("a whole number"),
    "number": N_("a number"),
    "boolean": N_("true or false"),
    "null": N_("null"),
}
Worded: TypeAlias = tuple[str, str, dict[str, Any]]


def worded(errors: Iterable[ValidationError]) -> list[Problem]:
    """Return the errors as problems by place, each mistake once."""
    found = sorted(errors, key=lambda error: [str(part) for part in error.absolute_path])
    undecided = {pointer(error.absolute_path) for error in found if error.validator == "oneOf"}
    problems: dict[tuple[str, str, str], Problem] = {}
    for error in found:
        if error.validator in KEYS and pointer(error.absolute_path) in undecided:
            # Which keys fit is open as long as it is open what the object is.
            continue
        for problem in _problems(error):
            problems.setdefault((problem.pointer, problem.code, problem.message()), problem)
    misspelt = {
        (problem.pointer.rpartition("/")[0], problem.context["hint"])
        for problem in problems.values()
        if problem.code == "unknown_key"
    }
    return [
        problem
        for problem in problems.values()
        if problem.code != "missing_key"
        or (problem.pointer, problem.context["key"]) not in misspelt
    ]


def pointer(path: Iterable[object]) -> str:
    """Return the RFC 6901 pointer of a path of keys and positions."""
    return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in path)


def nearest(word: str, known: Iterable[str]) -> str:
    """Return the one of ``known`` that ``word`` was probably meant to be, or nothing."""
    found = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return found[0] if found else ""


def unknown_key(key: str, known: Sequence[str], place: str) -> Problem:
    """Return the problem of a key that is not among those ``known`` at the pointer ``place``."""
    hint = nearest(key, known)
    text = (
        N_("The key “{key}” is not known here. Did you mean “{hint}”?")
        if hint
        else N_("The key “{key}” is not known here. Possible are: {known}.")
    )
    context = {"key": key, "hint": hint, "known": ", ".join(known)}
    return Problem(
        code="unknown_key", text=text, context=context, pointer=f"{place}{pointer([key])}"
    )


def _problems(error: ValidationError) -> Iterator[Problem]:
    place = pointer(error.absolute_path)
    if "propertyNames" in error.absolute_schema_path:
        place += pointer([error.instance])
    if error.validator == CLOSED:
        known = list(_schema(error).get("properties", {}))
        for key in _instance(error):
            if key not in known:
                yield unknown_key(key, known, place)
        return
    code, text, context = WORDS.get(str(error.validator), _other)(error)
    yield Problem(code=code, text=text, context=context, pointer=place)


def _schema(error: ValidationError) -> Mapping[str, Any]:
    return error.schema if isinstance(error.schema, Mapping) else {}


def _instance(error: ValidationError) -> Any:
    return error.instance


def _wanted(error: ValidationError) -> Any:
    return error.validator_value


def _named_missing(error: ValidationError) -> str:
    missing = [str(key) for key in _wanted(error) if key not in _instance(error)]
    # The library reports each missing key by itself, in a sentence that begins with it.
    return next((key for key in missing if error.message.startswith(repr(key))), missing[0])


def _required(error: ValidationError) -> Worded:
    return "missing_key", N_("The key “{key}” is missing."), {"key": _named_missing(error)}


def _type(error: ValidationError) -> Worded:
    wanted = _wanted(error)
    names = [wanted] if isinstance(wanted, str) else wanted
    computed = {"object": COMPUTED} if _schema(error).get("required") == ["is"] else {}
    expected = Phrases(tuple({**TYPES, **computed}[name] for name in names))
    return "wrong_type", WRONG_TYPE, {"expected": expected}


def _enum(error: ValidationError) -> Worded:
    allowed = [str(value) for value in _wanted(error)]
    hint = nearest(str(error.instance), allowed)
    listed = ", ".join(allowed[:MOST_LISTED]) + (" …" if len(allowed) > MOST_LISTED else "")
    context = {"value": _shown(error.instance), "hint": hint, "allowed": listed}
    if hint:
        return (
            "unknown_value",
            N_("“{value}” is not possible here. Did you mean “{hint}”?"),
            context,
        )
    return "unknown_value", N_("“{value}” is not possible here. Possible are: {allowed}."), context


def _const(error: ValidationError) -> Worded:
    context = {"value": _shown(error.instance), "expected": error.validator_value}
    return "wrong_value", N_("“{expected}” is expected here, not “{value}”."), context


def _pattern(error: ValidationError) -> Worded:
    context = {"value": _shown(error.instance)}
    if str(error.validator_value).startswith(SOLID):
        return "empty", EMPTY, {}
    if str(error.validator_value).startswith(NAME_PATTERN):
        text = N_(
            "“{value}” is not a name: a small letter, then small letters, digits and “_”,"
            " 48 characters at most."
        )
        return "bad_name", text, context
    if "#(/" in str(error.validator_value):
        text = N_("“{value}” is no address; addresses look like entity/NAME#/fields/NAME.")
        return "bad_form", text, context
    return "bad_form", N_("“{value}” does not have the form that is needed here."), context


def _one_of(error: ValidationError) -> Worded:
    """Use the schema's own sentence, which says what the alternatives are."""
    reason = Phrases((str(_schema(error).get("description", NOT_ONE)),))
    return "not_one_of", "{reason}", {"reason": reason}


def _limit(code: str, text: str) -> Callable[[ValidationError], Worded]:
    def worded(error: ValidationError) -> Worded:
        instance = _instance(error)
        length = len(instance) if isinstance(instance, str | list | dict) else 0
        return code, text, {"limit": _wanted(error), "length": length}

    return worded


def _unique_items(error: ValidationError) -> Worded:
    items = _instance(error)
    twice = next((item for item in items if items.count(item) > 1), "")
    return "item_twice", N_("“{value}” stands here twice."), {"value": _shown(twice)}


def _other(error: ValidationError) -> Worded:
    return "not_valid", N_("This does not fit: {reason}."), {"reason": error.message[:300]}


def _shown(value: object) -> str:
    text = str(value)
    return text if len(text) <= 80 else text[:80] + "…"


WORDS = {
    "required": _required,
    "type": _type,
    "enum": _enum,
    "const": _const,
    "pattern": _pattern,
    "oneOf": _one_of,
    "minimum": _limit("too_small", N_("The value must be at least {limit}.")),
    "maximum": _limit("too_large", N_("The value must be at most {limit}.")),
    "minLength": _limit("empty", EMPTY),
    "minItems": _limit("empty", EMPTY),
    "minProperties": _limit("empty", EMPTY),
    "maxLength": _limit(
        "too_long", N_("At most {limit} characters are possible; these are {length}.")
    ),
    "maxItems": _limit("too_many", N_("At most {limit} are possible; these are {length}.")),
    "uniqueItems": _unique_items,
}
