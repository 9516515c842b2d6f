"""How the parts of an expression are called where people write: by labels beside names."""

import re
from collections.abc import Iterable, Mapping

from loomwork.expressions.foreign import SPELLINGS
from loomwork.expressions.scan import UNSUPPORTED
from loomwork.expressions.scope import USER, Fields, Scope
from loomwork.model.text import Text

KEYWORDS = frozenset(("and", "or", "not", "in", "is", "if", "else", "True", "False", "None"))
STARTS = frozenset(("user", "settings", "steps", "this", "old", "candidate", "ask"))
RESERVED = KEYWORDS | STARTS | UNSUPPORTED | SPELLINGS.keys()
WORD = re.compile(r"[^\W\d]\w*")


def field_labels(fields: Fields) -> Mapping[str, Text]:
    """Return how the fields of a record are called, by their names."""
    found = {name: info.label for name in fields.names() if (info := fields.field(name))}
    return {name: label for name, label in found.items() if label is not None}


def inverse_labels(scope: Scope, fields: Fields) -> Mapping[str, Text]:
    """Return how the records that link to a record are called, by their inverse names."""
    found = {name: link.label for name, link in scope.inverses(fields.entity).items()}
    return {name: label for name, label in found.items() if label is not None}


def start(scope: Scope, root: str) -> Fields | None:
    """Return the fields of the record that a root names; of the scope's own without one."""
    if not root:
        return scope
    return scope.fields_of(USER) if root == "user" else scope.roots().get(root)


def in_any_language(texts: Iterable[Text]) -> set[str]:
    """Return the texts in every language that they have."""
    return {label for text in texts for label in (text.source, *text.translations.values())}
