"""Lists, the filter builder's inputs, and the typeahead of links."""

from flask import Response, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from loomwork.errors import NotFoundError
from loomwork_ui.forms.answering import found_by_title
from loomwork_ui.listing.address import ListAddress
from loomwork_ui.listing.builder import condition_input, with_condition
from loomwork_ui.listing.page import list_page
from loomwork_ui.pages.blueprint import routes
from loomwork_ui.request import VARY, Visit, visit, wants_fragment
from loomwork_ui.widgets.base import Widget

SEARCH_FORM = "search-form"


@routes.route("/app/<entity>", permission="entity")
def records_list(entity: str) -> AnyResponse:
    """Show a list; htmx gets the part that changes, or only the rows after a cursor."""
    here = visit()
    address = ListAddress.read(entity, request.args)
    if "filter_field" in request.args:
        address = _narrowed(here, address)
        if not wants_fragment():
            return redirect(address.url)
    if not wants_fragment():
        return _answer("list.html", here, address)
    if address.cursor:
        return _answer("list_rows.html", here, address)
    response = _answer("list_body.html", here, address)
    typing = request.headers.get("HX-Trigger") == SEARCH_FORM
    response.headers["HX-Replace-Url" if typing else "HX-Push-Url"] = address.url
    return response


@routes.route("/app/<entity>/condition", permission="entity")
def condition(entity: str) -> str:
    """Return the filter builder's inputs for the chosen field."""
    here = visit()
    widget = _chosen(here, entity)
    return render_template("condition.html", condition=condition_input(widget, here.reader))


@routes.route("/app/lookup/<entity>", permission="entity")
def lookup(entity: str) -> Response:
    """Return the records whose title a typed text may mean, as JSON."""
    return make_response(found_by_title(visit(), entity, request.args.get("q", "")))


def _answer(template: str, here: Visit, address: ListAddress) -> Response:
    page = list_page(here, address, whole=template != "list_rows.html")
    response = make_response(render_template(template, page=page))
    response.headers["Vary"] = VARY
    return response


def _narrowed(here: Visit, address: ListAddress) -> ListAddress:
    return with_condition(
        address,
        _chosen(here, address.entity),
        request.args.get("filter_operator", ""),
        request.args.getlist("filter_value"),
        here.reader,
    )


def _chosen(here: Visit, entity: str) -> Widget:
    name = request.args.get("filter_field", "")
    found = here.prepared.filters(here.prepared.entity(entity)).get(name)
    if found is None:
        raise NotFoundError
    return found
