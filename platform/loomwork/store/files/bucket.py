"""Contents in a bucket that speaks S3, through fsspec. Name and secret are the environment's."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from loomwork.errors import N_, UnavailableError
from loomwork.store.files.storage import MissingContentError, is_hash, place

PIECE = 4 * 1024 * 1024
CONNECT_SECONDS = 5
READ_SECONDS = 30
TRIES = 3
OPTIONS = frozenset(("endpoint_url", "region"))


class Bucket:
    """A bucket, or the part of it below a prefix. An object appears whole or not at all."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        options = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        if parts.scheme != "s3" or not parts.hostname or not options.keys() <= OPTIONS:
            raise UnavailableError(
                N_(
                    "LOOMWORK_FILES_URL is no address for files. One is, for example:"
                    " s3://bucket/prefix?endpoint_url=https://s3.example.com"
                )
            )
        self.root = f"{parts.netloc.rpartition('@')[2]}/{parts.path.strip('/')}".rstrip("/")
        self._options = options
        self._found: Any = None

    @property
    def _system(self) -> Any:
        # Made at the first use, in the process that uses it: its thread does not survive a fork.
        if self._found is None:
            try:
                from s3fs import S3FileSystem
            except ImportError as error:
                raise UnavailableError(
                    N_(
                        "The driver {driver} is not installed: add the extra “{extra}” of loomwork."
                    ),
                    driver="s3fs",
                    extra="s3",
                ) from error
            region = self._options.get("region")
            self._found = S3FileSystem(
                endpoint_url=self._options.get("endpoint_url"),
                client_kwargs={"region_name": region} if region else {},
                config_kwargs={
                    "connect_timeout": CONNECT_SECONDS,
                    "read_timeout": READ_SECONDS,
                    "retries": {"max_attempts": TRIES, "mode": "standard"},
                },
                use_listings_cache=False,
                skip_instance_cache=True,
            )
            # Its own repetition would come on top of the client's.
            self._found.retries = 1
        return self._found

    def has(self, sha256: str, size: int) -> bool:
        """Tell whether the content is there, in this size."""
        with _translated():
            try:
                found: int = self._system.info(self._path(sha256))["size"]
            except FileNotFoundError:
                return False
            return found == size

    def put(self, sha256: str, source: Path) -> None:
        """Keep the content of the file ``source``, all of it or nothing."""
        with _translated():
            try:
                self._system.put_file(str(source), self._path(sha256), chunksize=2 * PIECE)
            except FileNotFoundError as error:
                raise UnavailableError(
                    N_("The bucket of files cannot be used: {reason}."),
                    reason=str(error).rstrip("."),
                ) from error
        if not self.has(sha256, source.stat().st_size):
            raise UnavailableError(N_("The bucket did not keep the file."))

    def pieces(self, sha256: str, start: int, end: int) -> Iterator[bytes]:
        """Yield the bytes from ``start`` up to ``end``; MissingContentError if there are fewer."""
        while start < end:
            until = min(start + PIECE, end)
            with _translated():
                try:
                    piece: bytes = self._system.cat_file(self._path(sha256), start=start, end=until)
                except FileNotFoundError as error:
                    raise MissingContentError from error
            if len(piece) != until - start:
                raise MissingContentError
            start = until
            yield piece

    def remove(self, sha256: str) -> None:
        """Remove the content, if it is there."""
        with _translated():
            try:
                self._system.rm_file(self._path(sha256))
            except FileNotFoundError:
                return

    def contents(self) -> Iterator[tuple[str, int]]:
        """Yield hash and size of everything that is kept."""
        for digit in "0123456789abcdef":
            # A part of the listing at a time: a bucket may hold more than fits in memory.
            with _translated():
                try:
                    found = self._system.find(self.root, prefix=digit, detail=True)
                except FileNotFoundError:
                    continue
            for path, info in found.items():
                name = path.rpartition("/")[2]
                if is_hash(name):
                    yield name, int(info["size"])

    def _path(self, sha256: str) -> str:
        return f"{self.root}/{place(sha256)}"


@contextmanager
def _translated() -> Iterator[None]:
    # Only here are they sure to be installed.
    from aiohttp import ClientError
    from botocore.exceptions import BotoCoreError
    from botocore.exceptions import ClientError as RefusedError

    try:
        yield
    except FileNotFoundError:
        raise
    except (OSError, TimeoutError, BotoCoreError, RefusedError, ClientError) as error:
        raise UnavailableError(
            N_("The bucket of files cannot be used: {reason}."),
            reason=(str(error).strip().splitlines() or [type(error).__name__])[0][:300].rstrip("."),
        ) from error
