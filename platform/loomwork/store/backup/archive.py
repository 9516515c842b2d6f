"""The archive: a zip file with a manifest, a file of lines per table, and files by their hash."""

import hashlib
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import orjson

from loomwork.errors import N_, InvalidError, LoomworkError, UnavailableError
from loomwork.store.backup.kinds import Digest, Kind, row_reader
from loomwork.store.backup.tables import SiteTable
from loomwork.store.files.storage import is_hash, place

FORMAT = 1
MANIFEST = "manifest.json"
KEY = "secret.key"
LARGEST_MANIFEST = 256 * 1024 * 1024
LONGEST_LINE = 256 * 1024 * 1024
PIECE = 1024 * 1024
PROGRAM = "loomwork"


class DamagedError(InvalidError):
    """The archive is not whole, or not one of ours."""

    code = "damaged_backup"
    text = N_("This is no whole backup of a site.")


@dataclass(frozen=True, slots=True, kw_only=True)
class TableEntry:
    """What an archive has of one table: how many rows, and their hash."""

    table: SiteTable
    rows: int
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What an archive holds. ``files`` are sizes by hash, ``missing`` was lost before it was made.

    ``version`` is that of the platform's tables, ``revision`` the hash of the newest revision,
    ``key`` tells the site's secret key from others without giving it away.
    """

    version: str
    engine: str
    made_at: str
    revision: str
    key: str
    tables: Mapping[str, TableEntry]
    files: Mapping[str, int]
    missing: tuple[str, ...] = ()
    with_key: bool = False
    format: int = field(default=FORMAT)

    @property
    def rows(self) -> int:
        """Return how many rows there are in all."""
        return sum(entry.rows for entry in self.tables.values())

    @property
    def hash(self) -> str:
        """Return one hash of all rows and files; a site that was restored has the same."""
        told = [[name, one.rows, one.hash] for name, one in sorted(self.tables.items())]
        return hashlib.sha256(orjson.dumps([told, sorted(self.files)])).hexdigest()

    def to_bytes(self) -> bytes:
        """Return the manifest as it stands in the archive."""
        return orjson.dumps(
            {
                "program": PROGRAM,
                "format": self.format,
                "version": self.version,
                "engine": self.engine,
                "made_at": self.made_at,
                "revision": self.revision,
                "key": self.key,
                "with_key": self.with_key,
                "hash": self.hash,
                "tables": {name: _entry(one) for name, one in sorted(self.tables.items())},
                "files": self.files,
                "missing": self.missing,
            },
            option=orjson.OPT_INDENT_2,
        )

    @classmethod
    def from_bytes(cls, body: bytes) -> "Manifest":
        """Read a manifest; DamagedError where it is none, UnavailableError for a newer format."""
        try:
            told = orjson.loads(body)
            if told["program"] != PROGRAM:
                raise DamagedError
            if told["format"] != FORMAT:
                raise UnavailableError(
                    N_("The backup has format {format}, this program reads {known}."),
                    format=str(told["format"])[:20],
                    known=FORMAT,
                )
            found = cls(
                version=told["version"],
                engine=told["engine"],
                made_at=told["made_at"],
                revision=told["revision"],
                key=told["key"],
                with_key=told["with_key"],
                tables={name: _table_entry(name, one) for name, one in told["tables"].items()},
                files={sha256: int(size) for sha256, size in told["files"].items()},
                missing=tuple(told["missing"]),
            )
        except LoomworkError:
            raise
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise DamagedError(N_("The backup's manifest cannot be read.")) from error
        if found.hash != told.get("hash") or not all(map(is_hash, found.files)):
            raise DamagedError(N_("The backup's manifest contradicts itself."))
        return found


def _entry(one: TableEntry) -> dict[str, Any]:
    columns = [
        {"name": name, "kind": kind.name, "places": kind.places, "length": kind.length}
        for name, kind in one.table.columns.items()
    ]
    return {"rows": one.rows, "hash": one.hash, "key": one.table.key, "columns": columns}


def _table_entry(name: str, told: Any) -> TableEntry:
    columns = {
        str(column["name"]): Kind(
            name=str(column["kind"]), places=int(column["places"]), length=column["length"]
        )
        for column in told["columns"]
    }
    # A kind that this program does not know is told here, not in the middle of a restore.
    row_reader(tuple(columns.values()))
    table = SiteTable(name=name, columns=columns, key=tuple(map(str, told["key"])))
    return TableEntry(table=table, rows=int(told["rows"]), hash=str(told["hash"]))


def table_place(name: str) -> str:
    """Return where an archive keeps the rows of a table."""
    return f"tables/{name}.jsonl"


def file_place(sha256: str) -> str:
    """Return where an archive keeps a file."""
    return f"files/{place(sha256)}"


class Archive:
    """An archive that is read. Nothing is ever unpacked by the name that stands in it."""

    def __init__(self, archive: zipfile.ZipFile, name: str) -> None:
        self._zip = archive
        self._name = name
        self._entries = self._listed()
        self.manifest = Manifest.from_bytes(self._whole(MANIFEST, LARGEST_MANIFEST))
        wanted = {
            MANIFEST,
            *(table_place(name) for name in self.manifest.tables),
            *(file_place(sha256) for sha256 in self.manifest.files),
            *((KEY,) if self.manifest.with_key else ()),
        }
        for odd in sorted(wanted ^ self._entries.keys()):
            raise DamagedError(N_("The backup lacks, or has too much: {entry}"), entry=odd[:200])

    def _listed(self) -> dict[str, zipfile.ZipInfo]:
        found: dict[str, zipfile.ZipInfo] = {}
        for info in self._zip.infolist():
            plain = info.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
            if info.filename in found or info.flag_bits & 1 or not plain:
                raise DamagedError(
                    N_("The backup has an entry that it cannot have: {entry}"),
                    entry=info.filename[:200],
                )
            found[info.filename] = info
        return found

    def lines(self, name: str) -> Iterator[bytes]:
        """Yield the lines of a table."""
        with self._opened(table_place(name)) as source:
            while line := source.readline(LONGEST_LINE):
                if not line.endswith(b"\n"):
                    raise DamagedError(
                        N_("In the backup, {entry} is damaged."), entry=table_place(name)
                    )
                yield line[:-1]

    def rows(self, entry: TableEntry) -> Iterator[list[Any]]:
        """Yield the rows of a table; DamagedError at the end if they are not those it names."""
        read, digest = row_reader(tuple(entry.table.columns.values())), Digest()
        place_ = table_place(entry.table.name)
        for line in self.lines(entry.table.name):
            digest.add(line)
            try:
                yield read(line)
            except (ValueError, TypeError, ArithmeticError) as error:
                raise DamagedError(
                    N_("In the backup, line {line} of {entry} is no row."),
                    line=digest.rows,
                    entry=place_,
                ) from error
        if (digest.rows, digest.hex()) != (entry.rows, entry.hash):
            raise DamagedError(N_("In the backup, {entry} is damaged."), entry=place_)

    def pieces(self, sha256: str) -> Iterator[bytes]:
        """Yield the content of a file; DamagedError at the end if it is another."""
        digest, size = hashlib.sha256(), 0
        with self._opened(file_place(sha256)) as source:
            while piece := source.read(PIECE):
                digest.update(piece)
                size += len(piece)
                yield piece
        if digest.hexdigest() != sha256 or size != self.manifest.files[sha256]:
            raise DamagedError(N_("In the backup, {entry} is damaged."), entry=file_place(sha256))

    def key(self) -> bytes:
        """Return the secret key that the archive holds."""
        return self._whole(KEY, 1000)

    def verify(self) -> None:
        """Read everything once; DamagedError names what is not as it should be."""
        for entry in self.manifest.tables.values():
            for _ in self.rows(entry):
                pass
        for sha256 in self.manifest.files:
            for _ in self.pieces(sha256):
                pass
        if self.manifest.with_key:
            self.key()

    def _whole(self, entry: str, most: int) -> bytes:
        if entry not in self._entries or self._entries[entry].file_size > most:
            raise DamagedError
        with self._opened(entry) as source:
            return source.read(most)

    @contextmanager
    def _opened(self, entry: str) -> Iterator[IO[bytes]]:
        try:
            with self._zip.open(self._entries[entry]) as source:
                yield source
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
            raise DamagedError(N_("In the backup, {entry} is damaged."), entry=entry) from error


@contextmanager
def opened(path: Path) -> Iterator[Archive]:
    """Give the archive in a file; DamagedError where it is none, UnavailableError if unreadable."""
    try:
        source = path.open("rb")
    except OSError as error:
        raise UnavailableError(
            N_("The file {file} cannot be read: {reason}."),
            file=str(path),
            reason=error.strerror or str(error),
        ) from error
    with source:
        try:
            archive = zipfile.ZipFile(source)
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
            raise DamagedError(
                N_("{file} is no backup, or its end is missing."), file=str(path)
            ) from error
        with archive:
            yield Archive(archive, str(path))
