"""Files over REST: sent and received in pieces, whatever their size."""

from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import quote

from flask import Response, request
from werkzeug.exceptions import ClientDisconnected, UnsupportedMediaType
from werkzeug.http import parse_options_header

from loomwork.errors import N_, BadRequestError, NotFoundError
from loomwork.records.files import may_read_file, told
from loomwork.store.files.files import StoredFile
from loomwork.store.files.spool import PIECE
from loomwork.store.files.thumbnails import SIZES
from loomwork.web.identity import current_actor, current_site
from loomwork.web.rest.message import answer, read_id, refuse_parameters
from loomwork.web.routing import Routes

if TYPE_CHECKING:
    from uuid import UUID

routes = Routes("files", __name__, url_prefix="/api/v1/files")

INLINE_IMAGES = frozenset(("image/png", "image/jpeg", "image/gif", "image/webp"))
PDF = "application/pdf"
SANDBOX = "sandbox; default-src 'none'"
FOR_PDF = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'"
"""Browsers show no PDF in a sandbox; its scripts never run as the site's own."""
FORM_ROOM = 64 * 1024
"""Bytes of a multipart body beside the file."""
MULTIPART = "multipart/form-data"


@routes.route("", permission="signed_in", methods=["POST"])
def upload_file() -> Response:
    """Keep a file that no record holds yet; the body is the file, or a form with one."""
    actor, files = current_actor(), current_site().files
    refuse_parameters("name")
    if request.headers.get("Content-Encoding", "identity") != "identity":
        raise UnsupportedMediaType
    # The length is checked while the bytes arrive, so that the answer can name the limit.
    request.max_content_length = None
    multipart = request.mimetype == MULTIPART
    if multipart:
        request.max_content_length = files.largest + FORM_ROOM
        name, pieces = _in_form()
        file = files.add(request.args.get("name") or name, pieces, by=actor.user)
    else:
        name = request.args.get("name") or _disposition_name()
        file = files.add(name, _body(), by=actor.user, length=request.content_length)
    return answer(told(file), 201, {"Location": f"/api/v1/files/{file.id}"})


def _disposition_name() -> str:
    _, options = parse_options_header(request.headers.get("Content-Disposition", ""))
    return options.get("filename", "")


def _body() -> Iterator[bytes]:
    try:
        while piece := request.stream.read(PIECE):
            yield piece
    except ClientDisconnected as error:
        raise BadRequestError(N_("The file is cut off.")) from error


def _in_form() -> tuple[str, Iterator[bytes]]:
    found = [one for name in request.files for one in request.files.getlist(name)]
    if len(found) != 1:
        raise BadRequestError(
            N_("One file is expected in the form, not {count}."), count=len(found)
        )
    return found[0].filename or "", iter(lambda: found[0].stream.read(PIECE), b"")


@routes.route("/<id_>", permission="signed_in")
def download_file(id_: str) -> Response:
    """Answer with a file, or the part of it that is asked for."""
    refuse_parameters()
    file = _readable(read_id(id_))
    return _sent(file)


@routes.route("/<id_>/thumbnail/<int:size>", permission="signed_in")
def download_thumbnail(id_: str, size: int) -> Response:
    """Answer with a small picture of a file that is one."""
    refuse_parameters()
    if size not in SIZES:
        raise NotFoundError
    file = _readable(read_id(id_))
    tag = f"{file.sha256}-{size}"
    if tag in request.if_none_match:
        return Response(status=304, headers={"ETag": f'"{tag}"'})
    picture = current_site().thumbnails.make(file, size)
    headers = {"ETag": f'"{tag}"', "Content-Security-Policy": SANDBOX}
    return Response(picture, headers=headers, content_type="image/webp")


def _readable(id_: "UUID") -> StoredFile:
    site = current_site()
    file = site.files.find(id_)
    if not may_read_file(site.current(), current_actor(), file):
        raise NotFoundError
    return file


def _sent(file: StoredFile) -> Response:
    tag = f'"{file.sha256}"'
    inline = file.media_type in INLINE_IMAGES or file.media_type == PDF
    headers = {
        "ETag": tag,
        "Accept-Ranges": "bytes",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": FOR_PDF if file.media_type == PDF else SANDBOX,
        "Content-Disposition": disposition(file.name, inline=inline),
    }
    if file.sha256 in request.if_none_match:
        return Response(status=304, headers=headers)
    start, end, status = 0, file.size, 200
    asked = request.range
    if asked is not None and _range_counts(file) and len(asked.ranges) == 1:
        found = asked.range_for_length(file.size)
        if found is None:
            headers["Content-Range"] = f"bytes */{file.size}"
            return Response(status=416, headers=headers)
        start, end, status = found[0], found[1], 206
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{file.size}"
    headers["Content-Length"] = str(end - start)
    pieces = _begun(current_site().files.pieces(file, start, end))
    return Response(pieces, status, headers, content_type=_content_type(file.media_type))


def _content_type(media_type: str) -> str:
    """Return the header's value without the charset that Flask would guess."""
    return media_type if not media_type.startswith("text/") else f"{media_type}; charset=utf-8"


def _range_counts(file: StoredFile) -> bool:
    condition = request.headers.get("If-Range")
    return condition is None or condition.strip() == f'"{file.sha256}"'


def _begun(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Read the first piece now, while an answer that it is missing is still possible."""
    first = next(pieces, b"")

    def rest() -> Iterator[bytes]:
        yield first
        yield from pieces

    return rest()


def disposition(name: str, *, inline: bool) -> str:
    """Return the header that names the file (RFC 6266), for old readers in ASCII too."""
    plain = "".join(sign if " " <= sign <= "~" and sign not in '"\\%' else "_" for sign in name)
    kind = "inline" if inline else "attachment"
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
