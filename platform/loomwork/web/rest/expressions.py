"""Expressions over REST: checked, brought to names, and shown by labels, while they are written."""

from dataclasses import dataclass

from flask import Response

from loomwork.errors import N_, ExpressionError, ForbiddenError, InvalidError, Problem
from loomwork.expressions.dependencies import reads
from loomwork.expressions.labels import read_labels, to_labels
from loomwork.expressions.model_scope import model_scope
from loomwork.expressions.print import to_text
from loomwork.expressions.tree import kind_of
from loomwork.model.field_type import NOT_TEXT
from loomwork.model.kinds import Kind
from loomwork.web.identity import current_actor, current_site
from loomwork.web.language import LOCALES, current_locale
from loomwork.web.rest.message import answer, read_body, refuse_parameters
from loomwork.web.routing import Routes

routes = Routes("expressions", __name__, url_prefix="/api/v1/expressions")

KEYS = ("expression", "kind")
CONDITION, VALUE = "condition", "value"
NOT_AN_OBJECT = N_("An object is expected: expression, and perhaps kind.")
UNKNOWN_KEY = N_("There is no key “{name}” here; there are: {known}.")
HALF_PAIR = N_("There is half of a surrogate pair here, which is no character.")
UNKNOWN_KIND = N_("The kind of an expression is “condition” or “value”.")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """What the caller wrote, and whether it has to be a condition."""

    source: str
    condition: bool


@routes.route("/<entity>", permission="entity", methods=["POST"])
def check_expression(entity: str) -> Response:
    """Answer with the canonical source of an expression over the records of an entity."""
    refuse_parameters()
    site = current_site()
    runtime = site.current()
    definition = runtime.entity(entity)
    if "read" not in site.records.allowed(current_actor(), entity):
        raise ForbiddenError
    asked = _asked(read_body(spared="expression"))
    scope = model_scope(runtime.model, definition)
    wanted = Kind.BOOLEAN if asked.condition else None
    try:
        node = read_labels(asked.source, scope, current_locale(), wanted)
    except ExpressionError as error:
        problems = [problem.at("/expression") for problem in error.problems]
        raise ExpressionError(problems=problems) from None
    return answer(
        {
            "expression": to_text(node),
            "labels": {locale: to_labels(node, scope, locale) for locale in LOCALES},
            "kind": kind_of(node),
            "uses": sorted(reads(node)),
        }
    )


def _asked(body: object) -> _Asked:
    if not isinstance(body, dict):
        raise _refused("", "not_an_object", NOT_AN_OBJECT)
    for name in body:
        if name not in KEYS:
            known = ", ".join(KEYS)
            raise _refused(str(name)[:60], "unknown_key", UNKNOWN_KEY, name=name, known=known)
    source = body.get("expression")
    if not isinstance(source, str):
        raise _refused("expression", "not_text", NOT_TEXT)
    _require_characters(source)
    kind = body.get("kind", CONDITION)
    if kind not in (CONDITION, VALUE):
        raise _refused("kind", "unknown_kind", UNKNOWN_KIND)
    return _Asked(source=source, condition=kind == CONDITION)


def _require_characters(source: str) -> None:
    try:
        source.encode()
    except UnicodeEncodeError as error:
        problem = Problem(
            code="bad_character",
            text=HALF_PAIR,
            pointer="/expression",
            column=error.start + 1,
        )
        raise ExpressionError(problems=(problem,)) from None


def _refused(key: str, code: str, text: str, **context: object) -> InvalidError:
    pointer = "/" + key.replace("~", "~0").replace("/", "~1") if key else ""
    return InvalidError(problems=(Problem(code=code, text=text, pointer=pointer, context=context),))
