"""Bodies, parameters and answers of the API."""

import json
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NoReturn
from uuid import UUID

import orjson
from flask import Response, request
from werkzeug.exceptions import RequestEntityTooLarge, UnsupportedMediaType

from loomwork.catalog.documents import TOO_DEEP
from loomwork.errors import (
    N_,
    BadRequestError,
    InvalidError,
    Localised,
    NotFoundError,
    Problem,
)
from loomwork.model.field_type import NOT_TEXT
from loomwork.model.values import Duration, JsonText
from loomwork.records.drafts.effects import Effects, Question
from loomwork.records.lists.listing import LARGEST_PAGE, ListQuery
from loomwork.web.language import current_locale
from loomwork.web.problems import entry

if TYPE_CHECKING:
    from werkzeug.datastructures import MultiDict

NOT_JSON = N_("The body is not JSON: line {line}, column {column}.")
NO_NUMBER = N_("“{word}” is not JSON.")
NO_ENCODING = N_("The body is not text in UTF-8.")
HALF_PAIR = N_("The body holds half of a surrogate pair, which is no character.")
LONGEST_NUMBER = 400
"""Digits of a whole number that is still read exactly; no field keeps nearly as many."""
KEY_TWICE = N_("The key “{key}” is written twice in one object.")
NO_PARAMETERS = N_("There is no parameter “{name}” here.")
PARAMETER_TWICE = N_("The parameter “{name}” is given twice.")
PLAIN_JSON = orjson.OPT_UTC_Z | orjson.OPT_PASSTHROUGH_DATACLASS | orjson.OPT_PASSTHROUGH_SUBCLASS
"""Values that are more than the type they are made of are asked for their JSON form."""
ACCEPT = "accept"
"""The parameter that names the warnings which do not keep a record from being written."""
PARAMETERS = frozenset({"filter", "sort", "fields", "limit", "cursor", "count", "as_of"})
QUESTION = ("form", "id", "values")
ENTITY_TAG = re.compile(r'(?:W/)?"([0-9]{1,18})"')
PROMISE = "Idempotency-Key"
"""A header that nothing keeps yet: a caller who relies on it must know."""


def read_body(*, spared: str = "") -> Any:
    """Return the request's JSON, numbers with a point as Decimal; BadRequestError if it is none.

    Below the key ``spared`` there may be what is no character: its reader tells where.
    """
    if request.headers.get("Content-Encoding", "identity") != "identity":
        raise UnsupportedMediaType
    raw = request.get_data(cache=False)
    if request.content_length is None and len(raw) >= (request.max_content_length or len(raw) + 1):
        # A body without a length is cut off at the limit instead of being refused.
        raise RequestEntityTooLarge
    try:
        body = json.loads(
            raw,
            parse_int=_whole,
            parse_float=Decimal,
            parse_constant=_no_constant,
            object_pairs_hook=_unique,
        )
        _require_characters(body, spared)
    except json.JSONDecodeError as error:
        raise BadRequestError(NOT_JSON, line=error.lineno, column=error.colno) from error
    except UnicodeDecodeError as error:
        raise BadRequestError(NO_ENCODING) from error
    except RecursionError as error:
        raise BadRequestError(TOO_DEEP) from error
    return body


def _whole(digits: str) -> int | Decimal:
    """Return a whole number; one beyond every bound is only known to be that."""
    if len(digits) <= LONGEST_NUMBER:
        return int(digits)
    sign = "-" if digits.startswith("-") else ""
    return Decimal(f"{sign}1e{LONGEST_NUMBER}")


def _require_characters(body: object, spared: str) -> None:
    """Refuse half a surrogate pair: it passes as JSON but can be neither kept nor sent back."""
    if spared and isinstance(body, dict):
        body = {name: value for name, value in body.items() if name != spared}
    try:
        json.dumps(body, ensure_ascii=False, default=str).encode()
    except UnicodeEncodeError as error:
        raise BadRequestError(HALF_PAIR) from error


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return the object of these pairs; which of two values counts is nobody's to guess."""
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            # What cannot be shown in an answer is shown by its number.
            shown = key[:80].encode(errors="backslashreplace").decode()
            raise BadRequestError(KEY_TWICE, key=shown)
        found[key] = value
    return found


def _no_constant(word: str) -> NoReturn:
    raise BadRequestError(NO_NUMBER, word=word)


def read_id(text: str) -> UUID:
    """Return the id in an address; what is no id names no record."""
    try:
        return UUID(text)
    except ValueError:
        raise NotFoundError from None


def refuse_parameters(*known: str) -> None:
    """Raise InvalidError for a parameter not ``known``, or a header, that would be ignored."""
    if request.environ.get("QUERY_STRING"):
        for name in request.args:
            if name not in known:
                raise _refused(name, "unknown_parameter", NO_PARAMETERS, name=name)
            if len(request.args.getlist(name)) > 1:
                raise _refused(name, "repeated_parameter", PARAMETER_TWICE, name=name)
    if PROMISE in request.headers:
        text = N_("The header “{name}” is not supported yet.")
        raise _refused("", "unsupported_header", text, name=PROMISE)


def accepted_warnings() -> frozenset[str]:
    """Return the warnings that the caller accepts; InvalidError for any other parameter."""
    refuse_parameters(ACCEPT)
    return frozenset(_names(request.args.get(ACCEPT, "")))


def read_question(body: object) -> tuple[UUID | None, Question]:
    """Return of which record effects are asked, and with which values."""
    if not isinstance(body, dict):
        text = N_("An object is expected: values, and perhaps id and form.")
        raise _refused("", "not_an_object", text)
    for name in body:
        if name not in QUESTION:
            text = N_("There is no key “{name}” here; there are: {known}.")
            raise _refused(name, "unknown_key", text, name=name, known=", ".join(QUESTION))
    form = body.get("form", "")
    if not isinstance(form, str):
        raise _refused("form", "not_text", NOT_TEXT)
    id_ = body.get("id")
    if id_ is not None and not isinstance(id_, str):
        raise _refused("id", "not_text", NOT_TEXT)
    return read_id(id_) if id_ is not None else None, Question(
        values=body.get("values", {}), form=form
    )


def read_query(arguments: "MultiDict[str, str]") -> ListQuery:
    """Return the list query in the parameters; InvalidError for those that do not fit."""
    for name in arguments:
        if name not in PARAMETERS:
            text = N_("There is no parameter “{name}”; there are: {known}.")
            known = ", ".join(sorted(PARAMETERS))
            raise _refused(name, "unknown_parameter", text, name=name, known=known)
        if len(arguments.getlist(name)) > 1:
            raise _refused(name, "repeated_parameter", PARAMETER_TWICE, name=name)
    limit = arguments.get("limit", "50")
    if not re.fullmatch(r"[0-9]{1,6}", limit):
        text = N_("The limit is a whole number from 1 to {limit}.")
        raise _refused("limit", "bad_limit", text, limit=LARGEST_PAGE)
    count = arguments.get("count", "")
    if count not in ("", "exact"):
        text = N_("The only count that is supported is “exact”.")
        raise _refused("count", "bad_count", text)
    fields = arguments.get("fields")
    if fields is not None and not _names(fields):
        text = N_("Name the fields that are wanted, or leave the parameter out.")
        raise _refused("fields", "no_fields", text)
    return ListQuery(
        filter=arguments.get("filter", ""),
        sort=_names(arguments.get("sort", "")),
        fields=None if fields is None else _names(fields),
        limit=int(limit),
        cursor=arguments.get("cursor") or None,
        count=count == "exact",
    )


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())


def _refused(parameter: str, code: str, text: str, /, **context: object) -> InvalidError:
    pointer = "/" + parameter[:60].replace("~", "~0").replace("/", "~1") if parameter else ""
    context = {key: str(value)[:300] for key, value in context.items()}
    return InvalidError(problems=(Problem(code=code, text=text, pointer=pointer, context=context),))


def expected_version() -> int | None:
    """Return the version that ``If-Match`` asks for, None where it does not, -1 for none at all."""
    header = request.headers.get("If-Match")
    if header is None or header.strip() == "*":
        return None
    found = ENTITY_TAG.fullmatch(header.strip())
    return int(found[1]) if found else -1


def answer(data: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Return the answer with ``data`` as JSON."""
    return Response(json_text(data), status, headers, content_type="application/json")


def json_text(data: object) -> bytes:
    """Return ``data`` in the JSON form of the API."""
    return orjson.dumps(data, default=_plain, option=PLAIN_JSON)


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, Duration):
        return value.to_json()
    if isinstance(value, JsonText):
        return orjson.Fragment(value.encode())
    if isinstance(value, dict):
        return dict(value)
    if isinstance(value, str):
        return str(value)
    if isinstance(value, Localised):
        return value.to(current_locale())
    raise TypeError(f"{type(value).__name__} has no JSON form")


def answer_record(
    record: Mapping[str, Any], status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """Return the answer with one record and its entity tag."""
    return answer(record, status, {"ETag": f'"{record["version"]}"', **(headers or {})})


def answer_effects(found: Effects) -> Response:
    """Return the answer with what holds for the fields of a record."""
    data: dict[str, object] = {
        "fields": {
            name: {
                "visible": one.visible,
                "required": one.required,
                "readonly": one.readonly,
                **({} if one.options is None else {"options": one.options}),
            }
            for name, one in found.fields.items()
        },
        "fill": found.fill,
    }
    if found.computed:
        data["computed"] = found.computed
    if found.form is not None:
        data["form"] = found.form.name
    if found.completeness is not None:
        data["completeness"] = {
            "percent": found.completeness.percent,
            "missing": found.completeness.missing,
        }
    if found.problems:
        data["errors"] = [entry(problem) for problem in found.problems]
    return answer(data)
