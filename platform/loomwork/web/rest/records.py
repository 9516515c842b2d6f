"""Records over REST: one set of routes for every entity."""

from dataclasses import replace

from flask import Response, request

from loomwork.records.service import Records
from loomwork.web.identity import current_site, with_current_rights
from loomwork.web.rest.history import AS_OF, read_moment
from loomwork.web.rest.message import (
    accepted_warnings,
    answer,
    answer_effects,
    answer_record,
    expected_version,
    read_body,
    read_id,
    read_query,
    read_question,
    refuse_parameters,
)
from loomwork.web.routing import Routes

routes = Routes("records", __name__, url_prefix="/api/v1/records", refresh=False)


def _records() -> Records:
    return current_site().records


@routes.route("/<entity>", permission="entity")
def list_records(entity: str) -> Response:
    """Answer with one page of records."""
    query = replace(read_query(request.args), as_of=read_moment())
    page = with_current_rights(lambda actor: _records().page(actor, entity, query))
    data: dict[str, object] = {"items": page.items, "next": page.next}
    if page.count is not None:
        data["count"] = page.count
    return answer(data)


@routes.route("/<entity>", permission="entity", methods=["POST"])
def create_record(entity: str) -> Response:
    """Create a record."""
    accepted, body = accepted_warnings(), read_body()
    record = with_current_rights(
        lambda actor: _records().create(actor, entity, body, accepted=accepted)
    )
    place = f"/api/v1/records/{entity}/{record['id']}"
    return answer_record(record, 201, {"Location": place})


@routes.route("/<entity>/effects", permission="entity", methods=["POST"])
def tell_effects(entity: str) -> Response:
    """Answer with what the conditions say of a record as it is being edited."""
    refuse_parameters()
    id_, question = read_question(read_body())
    return answer_effects(
        with_current_rights(lambda actor: _records().effects(actor, entity, id_, question))
    )


@routes.route("/<entity>/<id_>", permission="entity")
def read_record(entity: str, id_: str) -> Response:
    """Answer with one record.

    Never with 304: the body also holds titles of other records, and fields that came with another
    revision of the metadata, so an equal version does not mean an equal body.
    """
    refuse_parameters(AS_OF)
    key, moment = read_id(id_), read_moment()
    return answer_record(
        with_current_rights(lambda actor: _records().read(actor, entity, key, as_of=moment))
    )


@routes.route("/<entity>/<id_>", permission="entity", methods=["PATCH"])
def update_record(entity: str, id_: str) -> Response:
    """Change the given fields."""
    accepted = accepted_warnings()
    key, version, body = read_id(id_), expected_version(), read_body()
    return answer_record(
        with_current_rights(
            lambda actor: _records().update(
                actor, entity, key, body, version=version, accepted=accepted
            )
        )
    )


@routes.route("/<entity>/<id_>", permission="entity", methods=["DELETE"])
def delete_record(entity: str, id_: str) -> Response:
    """Delete a record."""
    refuse_parameters()
    key, version = read_id(id_), expected_version()
    with_current_rights(lambda actor: _records().delete(actor, entity, key, version=version))
    return Response(status=204)


@routes.route("/<entity>/<id_>/restore", permission="entity", methods=["POST"])
def restore_record(entity: str, id_: str) -> Response:
    """Bring a record back from the recycle bin."""
    refuse_parameters()
    key = read_id(id_)
    return answer_record(with_current_rights(lambda actor: _records().restore(actor, entity, key)))
