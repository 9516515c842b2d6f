"""Record pages: create, read, change, delete, restore."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Response, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from loomwork.errors import N_, ForbiddenError, NotFoundError
from loomwork.model.entity import Entity
from loomwork.web.language import gettext
from loomwork_ui.forms import saving
from loomwork_ui.forms.answering import answer, linkable
from loomwork_ui.forms.record import RecordPage, permitted, record_page
from loomwork_ui.forms.related import related
from loomwork_ui.forms.sent import sent_form
from loomwork_ui.forms.submission import writable
from loomwork_ui.forms.used import used_tags
from loomwork_ui.pages.blueprint import routes
from loomwork_ui.request import VARY, Visit, visit, wants_fragment
from loomwork_ui.toasts import Toast, at_once, later

CREATED = N_("{title} was created.")
SAVED = N_("Saved.")
DELETED = N_("{title} was deleted.")
RESTORED = N_("{title} is back.")
UNTITLED = N_("Untitled")


@routes.route("/app/<entity>/new", permission="entity")
def new_record(entity: str) -> Response:
    """Show an empty form; the address may suggest values by field name."""
    here = visit()
    definition = here.prepared.entity(entity)
    if "create" not in permitted(here, definition, None):
        raise ForbiddenError
    names = writable(definition, definition.fields, permitted(here, definition, None))
    suggested = sent_form(request.args)
    given = {name: suggested[name] for name in names if name in suggested}
    return _page(record_page(here, definition, None, given=given))


@routes.route("/app/<entity>/new", permission="entity", methods=["POST"])
def create_record(entity: str) -> AnyResponse:
    """Create a record from the form."""
    here = visit()
    definition = here.prepared.entity(entity)
    outcome = saving.create(here, definition, sent_form(request.form))
    if isinstance(outcome, RecordPage):
        return _page(outcome, 422)
    later(Toast(text=gettext(CREATED, title=_title(definition, outcome))))
    again = request.form.get("_then") == "new"
    return _go(f"/app/{entity}/{'new' if again else outcome['id']}")


@routes.route("/app/<entity>/<uuid:record>", permission="entity")
def record(entity: str, record: UUID) -> Response:
    """Show a record."""
    here = visit()
    definition = here.prepared.entity(entity)
    return _page(record_page(here, definition, here.site.records.read(here.actor, entity, record)))


@routes.route("/app/<entity>/<uuid:record>", permission="entity", methods=["POST"])
def update_record(entity: str, record: UUID) -> AnyResponse:
    """Save a record from the form."""
    here = visit()
    definition = here.prepared.entity(entity)
    outcome = saving.update(here, definition, record, sent_form(request.form))
    if isinstance(outcome, RecordPage):
        return _page(outcome, 422 if outcome.conflict is None else 412)
    toast = Toast(text=gettext(SAVED))
    if not wants_fragment():
        later(toast)
        return redirect(f"/app/{entity}/{record}", 303)
    response = _page(record_page(here, definition, outcome))
    at_once(response, toast)
    return response


@routes.route("/app/<entity>/effects", permission="entity", methods=["POST"])
def effects(entity: str) -> Response:
    """Return what follows from what is typed so far, for the form to follow."""
    here = saving.as_shown(visit(), sent_form(request.form))
    definition = here.prepared.entity(entity)
    return make_response(
        answer(here, definition, _edited(here, definition), sent_form(request.form))
    )


@routes.route("/app/<entity>/lookup/<field>", permission="entity", methods=["POST"])
def lookup_for_field(entity: str, field: str) -> Response:
    """Return the records that a link of the record being edited may lead to, as JSON."""
    here = saving.as_shown(visit(), sent_form(request.form))
    definition = here.prepared.entity(entity)
    return make_response(
        linkable(here, definition, field, _edited(here, definition), sent_form(request.form))
    )


@routes.route("/app/<entity>/used/<field>", permission="entity")
def used_in_field(entity: str, field: str) -> Response:
    """Return the tags that records have in a field, as suggestions, as JSON."""
    here = visit()
    definition = here.prepared.entity(entity)
    return make_response(used_tags(here, definition, field, request.args.get("q", "")))


@routes.route("/app/<entity>/<uuid:record>/delete", permission="entity", methods=["POST"])
def delete_record(entity: str, record: UUID) -> AnyResponse:
    """Delete a record and offer to take it back where that is possible."""
    here = visit()
    definition = here.prepared.entity(entity)
    title = _title(definition, here.site.records.read(here.actor, entity, record))
    here.site.records.delete(here.actor, entity, record)
    undo = f"/app/{entity}/{record}/restore" if definition.recycle else ""
    later(Toast(text=gettext(DELETED, title=title), undo=undo))
    return _go(f"/app/{entity}")


@routes.route("/app/<entity>/<uuid:record>/restore", permission="entity", methods=["POST"])
def restore_record(entity: str, record: UUID) -> AnyResponse:
    """Take a deleted record back."""
    here = visit()
    restored = here.site.records.restore(here.actor, entity, record)
    title = _title(here.prepared.entity(entity), restored)
    later(Toast(text=gettext(RESTORED, title=title)))
    return _go(f"/app/{entity}/{record}")


@routes.route("/app/<entity>/<uuid:record>/related", permission="entity")
def related_records(entity: str, record: UUID) -> str:
    """Return the lists of records that link to this one."""
    here = visit()
    lists = related(here, here.prepared.entity(entity), record)
    return render_template("related.html", lists=lists)


def _edited(here: Visit, entity: Entity) -> Mapping[str, Any] | None:
    """Return the record that the form is about; None for a new one."""
    try:
        id_ = UUID(request.args["record"])
    except KeyError:
        return None
    except ValueError:
        raise NotFoundError from None
    return here.site.records.read(here.actor, entity.name, id_)


def _page(page: RecordPage, status: int = 200) -> Response:
    template = "record_body.html" if wants_fragment() else "record.html"
    response = make_response(render_template(template, page=page), status)
    response.headers["Vary"] = VARY
    return response


def _go(url: str) -> AnyResponse:
    if wants_fragment():
        return Response(headers={"HX-Redirect": url})
    return redirect(url, 303)


def _title(entity: Entity, values: Mapping[str, Any]) -> str:
    return str(values.get(entity.title) or gettext(UNTITLED))
