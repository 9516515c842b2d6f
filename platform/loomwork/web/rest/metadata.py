"""Documents over REST: as all layers together make them, or as one layer wrote them."""

from collections.abc import Iterator
from typing import Any

from flask import Response, request

from loomwork.catalog.documents import ATTACHMENT, KINDS, SITE
from loomwork.catalog.origins import origins_by_pointer
from loomwork.errors import N_, InvalidError, NotFoundError, Problem
from loomwork.publishing.site import Site
from loomwork.web.identity import current_site
from loomwork.web.rest.message import answer
from loomwork.web.routing import Routes

routes = Routes("metadata", __name__, url_prefix="/api/v1/metadata")

EFFECTIVE = "effective"
PARAMETERS = frozenset({"layer", "origin"})


@routes.route("/<kind>", permission="admin")
def list_documents(kind: str) -> Response:
    """Answer with every document of a kind."""
    return answer({"items": list(_documents(current_site(), kind))})


@routes.route("/<kind>/<name>", permission="admin")
def read_document(kind: str, name: str) -> Response:
    """Answer with one document."""
    for found in _documents(current_site(), kind):
        if found["name"] == name:
            return answer(found)
    raise NotFoundError(N_("There is no document {kind}/{name}."), kind=kind, name=name)


def _documents(site: Site, kind: str) -> Iterator[dict[str, Any]]:
    layer, origin = _parameters(site)
    if kind not in KINDS:
        raise NotFoundError(N_("There is no kind “{kind}” of documents."), kind=kind)
    if layer == EFFECTIVE:
        for folded in site.folded.get(kind, {}).values():
            found: dict[str, Any] = {"kind": kind, "name": folded.name, "document": folded.body}
            if origin:
                found["origin"] = origins_by_pointer(folded)
            yield found
        return
    for document in site.documents:
        if (document.pack, document.kind) == (layer, kind) and document.kind != ATTACHMENT:
            place = f"{document.pack}/{document.file}"
            yield {"kind": kind, "name": document.name, "document": document.body, "file": place}


def _parameters(site: Site) -> tuple[str, bool]:
    for name in request.args:
        if name not in PARAMETERS:
            known = ", ".join(sorted(PARAMETERS))
            text = N_("There is no parameter “{name}”; there are: {known}.")
            raise _refused(name, "unknown_parameter", text, name=name[:60], known=known)
    layer, origin = request.args.get("layer", EFFECTIVE), request.args.get("origin", "0")
    layers = (EFFECTIVE, SITE, *site.model.packs)
    if layer not in layers:
        text = N_("There is no layer “{name}”; there are: {known}.")
        raise _refused("layer", "unknown_layer", text, name=layer[:60], known=", ".join(layers))
    if origin not in ("0", "1") or (origin == "1" and layer != EFFECTIVE):
        text = N_("Origins are shown with origin=1, and only of effective documents.")
        raise _refused("origin", "bad_origin", text)
    return layer, origin == "1"


def _refused(parameter: str, code: str, text: str, /, **context: object) -> InvalidError:
    place = "/" + parameter[:60].replace("~", "~0").replace("/", "~1")
    return InvalidError(problems=(Problem(code=code, text=text, pointer=place, context=context),))
