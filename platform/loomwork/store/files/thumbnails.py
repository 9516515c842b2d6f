"""Small pictures of large ones, made when they are first asked for and kept in the home folder."""

import secrets
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

from loomwork.errors import N_, ConflictError, NotFoundError
from loomwork.store.files.files import Files, StoredFile
from loomwork.store.files.storage import place

SIZES = (96, 480)
"""Pixels of the longer side."""
FORMATS = {"image/png": "PNG", "image/jpeg": "JPEG", "image/gif": "GIF", "image/webp": "WEBP"}
MOST_PIXELS = 40_000_000
"""A picture may be small as a file and fill the memory once it is unpacked."""
FOLDER = "thumbnails"
TOO_MANY = N_("The picture has too many pixels for a small one: {pixels}.")
BROKEN = N_("The picture is broken.")


class Thumbnails:
    """Makes small pictures, one at a time: each takes some memory."""

    def __init__(self, files: Files, home: Path) -> None:
        self._files = files
        self._root = home / FOLDER
        self._one = threading.Lock()

    def make(self, file: StoredFile, size: int) -> bytes:
        """Return the picture as WebP; NotFoundError for what is none, ConflictError if broken."""
        if file.media_type not in FORMATS:
            raise NotFoundError(N_("There is no small picture of this file."))
        kept = self._root / f"{place(file.sha256)}-{size}"
        try:
            return kept.read_bytes()
        except FileNotFoundError:
            pass
        with self._one:
            self._write(kept, lambda target: self._draw(file, size, target))
            return kept.read_bytes()

    def _draw(self, file: StoredFile, size: int, target: IO[bytes]) -> None:
        # Not loaded by a worker that never shows a picture: it takes memory.
        from PIL import Image, ImageOps

        # The library's bound only warns at first; ours stands below, before it unpacks.
        Image.MAX_IMAGE_PIXELS = None
        with tempfile.TemporaryFile() as source:
            for piece in self._files.pieces(file):
                source.write(piece)
            source.seek(0)
            try:
                with Image.open(source, formats=(FORMATS[file.media_type],)) as picture:
                    pixels = picture.width * picture.height
                    if pixels > MOST_PIXELS:
                        raise ConflictError(TOO_MANY, pixels=pixels)
                    picture.draft("RGB", (size, size))
                    upright = ImageOps.exif_transpose(picture)
                    upright.thumbnail((size, size))
                    upright.convert("RGBA").save(target, "WEBP", quality=80, exif=b"")
            except (OSError, SyntaxError, ValueError) as error:
                raise ConflictError(BROKEN) from error

    def _write(self, kept: Path, draw: Callable[[IO[bytes]], None]) -> None:
        kept.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = kept.with_name(f"{secrets.token_hex(8)}.part")
        try:
            with draft.open("xb") as target:
                draw(target)
            draft.replace(kept)
        finally:
            draft.unlink(missing_ok=True)

    def remove(self, contents: Iterator[str]) -> None:
        """Remove the small pictures of contents that are gone."""
        for sha256 in contents:
            for size in SIZES:
                (self._root / f"{place(sha256)}-{size}").unlink(missing_ok=True)
