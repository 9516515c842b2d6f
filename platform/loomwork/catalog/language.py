"""The version of the metadata language: older documents are lifted to the newest one on read."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from loomwork_metadata import LANGUAGE_VERSION

VERSION = LANGUAGE_VERSION
ADDRESS = "https://loomwork.dev/schemas/{version}/{kind}.json"
NAMED = re.compile(r"https://loomwork\.dev/schemas/(0|[1-9][0-9]{0,5})/([a-z_]{1,48})\.json")

Body = dict[str, Any]


def address(kind: str) -> str:
    """Return what the ``$schema`` of a document of ``kind`` says today."""
    return ADDRESS.format(version=VERSION, kind=kind)


def version_of(body: Mapping[str, Any]) -> int:
    """Return the version that a document is written in.

    It is the newest for a document that names none, or something else than a schema of ours.
    """
    named = NAMED.fullmatch(str(body.get("$schema", "")))
    return int(named[1]) if named else VERSION


def lifted(body: Body) -> Body:
    """Return the document in the newest version of the language.

    One of a version that is not known, be it newer, is returned as it is.
    """
    version = version_of(body)
    if version not in LIFTS:
        return body
    for step in range(version, VERSION):
        body = LIFTS[step](body)
    named = NAMED.fullmatch(body["$schema"])
    return {**body, "$schema": address(named[2])} if named else body


def _nothing_is_required_that_nobody_can_fill(body: Body) -> Body:
    """Let no field be required that is read-only and has no default.

    Version 1 took such fields, and no caller could create a record of their entity; version 2
    refuses them. What the platform itself fills, such as a user's login, stays as it is.
    """
    if body.get("kind") != "entity" or body.get("name") == "user" or "fields" not in body:
        return body
    fields = body["fields"]
    if not isinstance(fields, dict) or not any(map(_never_filled, fields.values())):
        return body
    risen = {
        name: {key: value for key, value in field.items() if key != "required"}
        if _never_filled(field)
        else field
        for name, field in fields.items()
    }
    return {**body, "fields": risen}


def _never_filled(field: object) -> bool:
    return (
        isinstance(field, dict)
        and field.get("required") is True
        and field.get("readonly") is True
        and field.get("default") is None
    )


LIFTS: Mapping[int, Callable[[Body], Body]] = {1: _nothing_is_required_that_nobody_can_fill}
"""By version, what brings a document to the next one."""
