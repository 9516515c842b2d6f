"""The change feed over REST."""

import re

from flask import Response, request

from loomwork.errors import N_, InvalidError, Problem
from loomwork.records.lists.changes import LARGEST_PAGE, Change
from loomwork.web.identity import current_site, with_current_rights
from loomwork.web.rest.message import answer, refuse_parameters
from loomwork.web.routing import Routes

routes = Routes("changes", __name__, url_prefix="/api/v1", refresh=False)


@routes.route("/changes", permission="entity")
def list_changes() -> Response:
    """Answer with what happened to records after a cursor, in the order of the commits."""
    refuse_parameters("after", "entity", "limit")
    after = request.args.get("after") or None
    entity = request.args.get("entity") or None
    limit = _limit(request.args.get("limit", "100"))
    found = with_current_rights(
        lambda actor: current_site().records.changes(actor, after=after, entity=entity, limit=limit)
    )
    items = [_entry(change) for change in found.items]
    return answer({"items": items, "next": found.next, "more": found.more})


def _entry(change: Change) -> dict[str, object]:
    entry: dict[str, object] = {
        "event": change.event,
        "entity": change.entity,
        "id": change.record,
        "at": change.at,
        "by": None if change.by is None else {"id": change.by},
    }
    return {**entry, "changed": change.changed} if change.changed else entry


def _limit(text: str) -> int:
    if re.fullmatch(r"[0-9]{1,6}", text):
        return int(text)
    said = N_("The limit is a whole number from 1 to {limit}.")
    context = {"limit": LARGEST_PAGE}
    problem = Problem(code="bad_limit", text=said, pointer="/limit", context=context)
    raise InvalidError(problems=(problem,))
