"""CSV files as people have them: any of the usual encodings and separators."""

import codecs
import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from charset_normalizer import from_bytes

from loomwork.errors import N_, InvalidError, UnavailableError
from loomwork.records.importing.rejects import added_columns, plain, row_before

ENCODINGS = ("gb18030", "cp1252", "big5", "shift_jis")
"""What a file may be in that is neither UTF-8 nor UTF-16, most frequent first."""
SEPARATORS = ",;\t|"
SAMPLE = 256 * 1024
LONGEST_CELL = 1_000_000
NOT_CSV = (".xlsx", ".xls", ".ods", ".jsonl", ".json")
ARCHIVE = b"PK\x03\x04"
"""How spreadsheets begin, which are archives."""
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A CSV file with its encoding and separator. ``rows`` is their number, without the header.

    ``added`` are the columns that it has only as a file of rejects; ``columns`` are the others.
    """

    path: Path
    encoding: str
    separator: str
    columns: tuple[str, ...]
    rows: int
    added: tuple[str, ...] = ()


def open_source(path: Path, encoding: str = "") -> Source:
    """Return the file at ``path``, read once from end to end.

    Without ``encoding`` it is detected. Raises InvalidError where the file is no CSV text, and
    UnavailableError where it cannot be read.
    """
    sample = _sample(path)
    if path.suffix.lower() in NOT_CSV or sample.startswith(ARCHIVE):
        raise InvalidError(N_("Only CSV files can be imported: save the table as CSV first."))
    if not sample.strip():
        raise InvalidError(N_("The file is empty."))
    encoding = _known(encoding) if encoding else _detect(path, sample)
    separator = _separator(sample, encoding)
    numbered = _records(path, encoding, separator)
    try:
        header = next(numbered, None)
        rows = sum(1 for _ in numbered)
    except csv.Error as error:
        raise InvalidError(N_("The file is not CSV: {reason}."), reason=str(error)) from error
    except UnicodeError as error:
        raise InvalidError(
            N_("The file is not in the encoding “{encoding}”."), encoding=encoding
        ) from error
    if header is None:
        raise InvalidError(N_("The file is empty."))
    columns = tuple(name.strip() for name in header[1])
    added = added_columns(columns)
    if added:
        columns = tuple(map(plain, columns[: -len(added)]))
    return Source(
        path=path, encoding=encoding, separator=separator, columns=columns, rows=rows, added=added
    )


def _sample(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(SAMPLE)
    except OSError as error:
        raise UnavailableError(
            N_("The file {file} cannot be read: {reason}."),
            file=str(path),
            reason=error.strerror or str(error),
        ) from error


def read_rows(source: Source) -> Iterator[tuple[int, list[str]]]:
    """Yield each row with the number of its last line; blank rows are left out."""
    numbered = _records(source.path, source.encoding, source.separator)
    next(numbered)
    if source.added:
        width = len(source.columns)
        numbered = ((line, row_before(cells, width, source.added)) for line, cells in numbered)
    yield from numbered


def _records(path: Path, encoding: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    csv.field_size_limit(LONGEST_CELL)
    with path.open(encoding=encoding, newline="") as file:
        reader = csv.reader(file, delimiter=separator)
        for row in reader:
            if any(cell.strip() for cell in row):
                yield reader.line_num, row


def _known(encoding: str) -> str:
    try:
        # Not every codec is one of texts.
        b"x".decode(encoding, "ignore")
        name = str(codecs.lookup(encoding).name)
    except (LookupError, ValueError):
        raise InvalidError(
            N_("The encoding “{encoding}” is not known; usual are utf-8, gb18030, cp1252, big5."),
            encoding=encoding,
        ) from None
    return "utf-8-sig" if name == "utf-8" else name


def _detect(path: Path, sample: bytes) -> str:
    for mark, encoding in MARKS:
        if sample.startswith(mark):
            return encoding
    if b"\0" in sample:
        return _sixteen_bits(path, sample)
    if _decodes(path, "utf-8"):
        return "utf-8"
    best = from_bytes(sample, cp_isolation=list(ENCODINGS)).best()
    likely = (best.encoding,) if best is not None else ()
    for candidate in (*likely, *ENCODINGS):
        if _decodes(path, candidate):
            return str(candidate)
    raise InvalidError(N_("The encoding of the file cannot be told: give it with --encoding."))


def _sixteen_bits(path: Path, sample: bytes) -> str:
    """Return the encoding of a UTF-16 file without a mark, told from where its zero bytes are.

    Nearly all of them are halves of commas, digits and line ends, so they stand on one side.
    """
    zeros = {"utf-16-be": sample[::2].count(0), "utf-16-le": sample[1::2].count(0)}
    likely = max(zeros, key=zeros.__getitem__)
    if sum(zeros.values()) * 3 <= zeros[likely] * 4 and _decodes(path, likely):
        return likely
    raise InvalidError(N_("The file is not text: save the table as CSV first."))


def _decodes(path: Path, encoding: str) -> bool:
    try:
        with path.open(encoding=encoding, newline="") as file:
            while file.read(SAMPLE):
                pass
    except UnicodeDecodeError:
        return False
    return True


def _separator(sample: bytes, encoding: str) -> str:
    """Return the separator that the first line uses most."""
    text = sample.decode(encoding, errors="ignore").lstrip("\ufeff\r\n ")
    line = (text.splitlines() or [""])[0]
    return max(SEPARATORS, key=line.count)
