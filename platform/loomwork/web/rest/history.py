"""Looking back over REST: the changes of a record, and the moment that a read is about."""

import re
from datetime import UTC, datetime, timedelta

from flask import Response, request

from loomwork.errors import N_, InvalidError, Problem
from loomwork.records.lists.listing import LARGEST_PAGE
from loomwork.web.identity import current_site, with_current_rights
from loomwork.web.rest.message import answer, read_id, refuse_parameters
from loomwork.web.routing import Routes

routes = Routes("history", __name__, url_prefix="/api/v1/records", refresh=False)
AS_OF = "as_of"
NO_MOMENT = N_("Write a day (2026-03-31) or a time with its zone (2026-03-31T18:00:00Z).")
NO_LIMIT = N_("The limit is a whole number from 1 to {limit}.")
WRITTEN = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
    r"(?P<time>T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?(Z|[+-][0-9]{2}:[0-9]{2}))?"
)
LAST = timedelta(days=1, microseconds=-1)


@routes.route("/<entity>/<id_>/history", permission="entity")
def read_history(entity: str, id_: str) -> Response:
    """Answer with a page of what was changed in a record, by whom and when."""
    refuse_parameters("limit", "cursor")
    key, limit = read_id(id_), _limit()
    cursor = request.args.get("cursor") or None
    records = current_site().records
    page = with_current_rights(
        lambda actor: records.history(actor, entity, key, limit=limit, cursor=cursor)
    )
    return answer({"items": page.items, "next": page.next})


def _limit() -> int:
    given = request.args.get("limit", "50")
    if not (given.isascii() and given.isdecimal() and 1 <= int(given[:9]) <= LARGEST_PAGE):
        raise _refused("limit", "bad_limit", NO_LIMIT, limit=LARGEST_PAGE)
    return int(given)


def read_moment() -> datetime | None:
    """Return the moment of ``as_of``, None without one: of a day, its end where the site is."""
    given = request.args.get(AS_OF)
    if given is None:
        return None
    # In an address, a plus sign that nobody has escaped is a space.
    found = WRITTEN.fullmatch(given.replace(" ", "+"))
    if found is None:
        raise _refused(AS_OF, "bad_moment", NO_MOMENT)
    try:
        moment = datetime.fromisoformat(found[0])
        if found["time"] is None:
            moment = (moment + LAST).replace(tzinfo=current_site().settings.time_zone)
        return moment.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise _refused(AS_OF, "bad_moment", NO_MOMENT) from error


def _refused(parameter: str, code: str, text: str, **context: object) -> InvalidError:
    problem = Problem(code=code, text=text, pointer=f"/{parameter}", context=context)
    return InvalidError(problems=(problem,))
