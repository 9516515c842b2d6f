"""Static files: addresses with a content hash, compressed, cached for a year; icons inline."""

import gzip
import hashlib
import json
import mimetypes
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Self

from flask import Flask, Response, current_app, request
from markupsafe import Markup, escape
from werkzeug.exceptions import NotFound

from loomwork.web.routing import Routes

EXTENSION = "loomwork.assets"
FOREVER = "public, max-age=31536000, immutable"
COMPRESSED = frozenset((".css", ".html", ".js", ".json", ".mjs", ".svg", ".txt", ".webmanifest"))
SMALLEST = 512
"""Bytes below which compression is not worth its header."""
HASH_LENGTH = 12
ICONS = "vendor/icons.json"
TYPES = {".js": "text/javascript", ".mjs": "text/javascript", ".woff2": "font/woff2"}

routes = Routes("assets", __name__, url_prefix="/assets", refresh=False)


@dataclass(frozen=True, slots=True)
class Body:
    """One file as it is sent: plain, and compressed where that is smaller."""

    kind: str
    plain: bytes
    packed: bytes | None

    @classmethod
    def of(cls, file: Path) -> Self:
        """Read ``file``; a ``.gz`` beside it saves the work."""
        plain = file.read_bytes()
        kind = TYPES.get(file.suffix) or mimetypes.guess_type(file.name)[0]
        ready = file.with_name(f"{file.name}.gz")
        packed = None
        if ready.is_file():
            packed = ready.read_bytes()
        elif file.suffix in COMPRESSED and len(plain) >= SMALLEST:
            packed = gzip.compress(plain, 9, mtime=0)
        kind = kind or "application/octet-stream"
        return cls(f"{kind}; charset=utf-8" if kind.startswith("text/") else kind, plain, packed)


@dataclass
class Folder:
    """The static folder of one blueprint.

    One hash stands for all of its files, so that what a script imports or a style sheet refers to
    by a relative path has the right address too.
    """

    path: Path
    bodies: dict[str, Body] = field(default_factory=dict)

    @cached_property
    def names(self) -> frozenset[str]:
        """Return the files' paths below the folder."""
        return frozenset(
            file.relative_to(self.path).as_posix()
            for file in self.path.rglob("*")
            if file.is_file() and file.suffix != ".gz"
        )

    @cached_property
    def hash(self) -> str:
        """Return the hash of all names and contents."""
        total = hashlib.sha256()
        for name in sorted(self.names):
            content = hashlib.sha256((self.path / name).read_bytes()).digest()
            total.update(name.encode() + b"\0" + content)
        return total.hexdigest()[:HASH_LENGTH]

    def body(self, name: str) -> Body:
        """Return a file of the folder; it is read once."""
        found = self.bodies.get(name)
        if found is None:
            found = self.bodies[name] = Body.of(self.path / name)
        return found

    @cached_property
    def icons(self) -> dict[str, str]:
        """Return the drawings of the icons by name."""
        if ICONS not in self.names:
            return {}
        drawings: dict[str, str] = json.loads((self.path / ICONS).read_text(encoding="utf-8"))
        return drawings


def install(app: Flask) -> None:
    """Serve the static folders of all blueprints that ``app`` has by now."""
    app.extensions[EXTENSION] = _folders(app)
    app.register_blueprint(routes)
    app.jinja_env.globals.update(asset=asset, icon=icon)


def asset(name: str) -> str:
    """Return the address of a static file, such as ``vendor/htmx.min.js``."""
    folder = _holder(name)
    return f"/assets/{folder.hash if folder else 'missing'}/{name}"


def icon(name: str, size: int = 16) -> Markup:
    """Return an icon as inline SVG; an unknown one is an empty drawing of the same size."""
    drawing = next((f.icons[name] for f in _present() if name in f.icons), "")
    return Markup(  # the drawing is of our own build; the size is escaped
        '<svg class="icon" width="{size}" height="{size}" viewBox="0 0 24 24" fill="none"'
        ' stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"'
        ' aria-hidden="true">{drawing}</svg>'
    ).format(size=escape(size), drawing=Markup(drawing))  # noqa: S704


@routes.route("/<hash_>/<path:name>", permission="public")
def file(hash_: str, name: str) -> Response:
    """Send a static file; only under its right address may it be kept."""
    folder = _holder(name)
    if folder is None:
        raise NotFound
    body = folder.body(name)
    response = Response(body.plain, content_type=body.kind)
    if body.packed is not None:
        response.headers["Vary"] = "Accept-Encoding"
        if "gzip" in request.headers.get("Accept-Encoding", ""):
            response.data = body.packed
            response.headers["Content-Encoding"] = "gzip"
    if hash_ == folder.hash:
        response.headers["Cache-Control"] = FOREVER
    return response


def _folders(app: Flask) -> tuple[Folder, ...]:
    return tuple(
        Folder(blueprint.assets_folder)
        for blueprint in app.blueprints.values()
        if isinstance(blueprint, Routes) and blueprint.assets_folder
    )


def _present() -> tuple[Folder, ...]:
    if current_app.debug:
        current_app.extensions[EXTENSION] = _folders(current_app)
    folders: tuple[Folder, ...] = current_app.extensions[EXTENSION]
    return folders


def _holder(name: str) -> Folder | None:
    return next((folder for folder in _present() if name in folder.names), None)
