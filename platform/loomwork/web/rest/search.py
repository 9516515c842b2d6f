"""Search over REST: one call over all entities that the caller may read."""

import re

from flask import Response, request

from loomwork.errors import N_, InvalidError, Problem
from loomwork.records.lists.searching import MOST_HITS
from loomwork.web.identity import current_site, with_current_rights
from loomwork.web.rest.message import answer, refuse_parameters
from loomwork.web.routing import Routes

routes = Routes("search", __name__, url_prefix="/api/v1/search", refresh=False)

USUAL_LIMIT = 20


@routes.route("", permission="entity")
def search() -> Response:
    """Answer with the best hits, those first that fit best."""
    refuse_parameters("q", "entity", "limit")
    names = [name.strip() for name in request.args.get("entity", "").split(",") if name.strip()]
    sought, limit = request.args.get("q", ""), _limit()
    found = with_current_rights(
        lambda actor: current_site().records.search(actor, sought, names or None, limit)
    )
    return answer({"items": found})


def _limit() -> int:
    text = request.args.get("limit", str(USUAL_LIMIT))
    if not re.fullmatch(r"[0-9]{1,6}", text):
        problem = Problem(
            code="bad_limit",
            text=N_("The limit is a whole number from 1 to {limit}."),
            pointer="/limit",
            context={"limit": MOST_HITS},
        )
        raise InvalidError(problems=(problem,))
    return int(text)
