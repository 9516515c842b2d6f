"""What a file is, by its first bytes; what a caller says of it counts for nothing."""

import codecs
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path

HEAD = 4096
"""Bytes that are looked at."""
UNKNOWN = "application/octet-stream"
OFFICE = "application/vnd.openxmlformats-officedocument."

STARTS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"BM", "image/bmp"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"\x1f\x8b", "application/gzip"),
    (b"BZh", "application/x-bzip2"),
    (b"\xfd7zXZ\x00", "application/x-xz"),
    (b"(\xb5/\xfd", "application/zstd"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"PK\x03\x04", "application/zip"),
    (b"PK\x05\x06", "application/zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (b"SQLite format 3\x00", "application/vnd.sqlite3"),
    (b"\x7fELF", "application/x-executable"),
    (b"MZ", "application/vnd.microsoft.portable-executable"),
    (b"OggS", "audio/ogg"),
    (b"fLaC", "audio/flac"),
    (b"ID3", "audio/mpeg"),
    (b"\xff\xfb", "audio/mpeg"),
    (b"\x1aE\xdf\xa3", "video/webm"),
    (b"{\\rtf", "application/rtf"),
)
RIFF: Mapping[bytes, str] = {
    b"WEBP": "image/webp",
    b"WAVE": "audio/wav",
    b"AVI ": "video/x-msvideo",
}
BRANDS: Mapping[bytes, str] = {
    b"avif": "image/avif",
    b"heic": "image/heic",
    b"mif1": "image/heif",
    b"M4A ": "audio/mp4",
    b"qt  ": "video/quicktime",
}
IN_ZIP: tuple[tuple[str, str], ...] = (
    ("word/", OFFICE + "wordprocessingml.document"),
    ("xl/", OFFICE + "spreadsheetml.sheet"),
    ("ppt/", OFFICE + "presentationml.presentation"),
)
OPEN_DOCUMENT = "application/vnd.oasis.opendocument."
OLE: Mapping[str, str] = {
    ".doc": "application/msword",
    ".xls": "application/vnd.ms-excel",
    ".ppt": "application/vnd.ms-powerpoint",
    ".msg": "application/vnd.ms-outlook",
}
TEXTS: Mapping[str, str] = {
    ".csv": "text/csv",
    ".md": "text/markdown",
    ".json": "application/json",
    ".ics": "text/calendar",
    ".vcf": "text/vcard",
    ".eml": "message/rfc822",
}
MARKUP = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|script|iframe|svg|[a-z]+:svg|\?xml|!--)", re.IGNORECASE
)


def sniff(path: Path, name: str) -> str:
    """Return the media type of the content at ``path``.

    The ending of ``name`` only tells apart what looks alike, such as kinds of plain text.
    """
    with path.open("rb") as source:
        head = source.read(HEAD)
    found = _by_start(head)
    ending = Path(name).suffix.lower()
    if found == "application/zip":
        return _in_zip(path)
    if found == "application/x-ole-storage":
        return OLE.get(ending, found)
    return found or _as_text(head, ending)


def _by_start(head: bytes) -> str:
    if head[:4] == b"RIFF":
        return RIFF.get(head[8:12], UNKNOWN)
    if head[4:8] == b"ftyp":
        return BRANDS.get(head[8:12], "video/mp4")
    for start, type_ in STARTS:
        # Two or three letters may also be the beginning of a text.
        if head.startswith(start) and not (len(start) <= 3 and start.isascii() and _is_text(head)):
            return type_
    return ""


def _in_zip(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            if names and names[0] == "mimetype" and archive.getinfo("mimetype").file_size < 200:
                told = archive.read("mimetype").decode("ascii", "replace")
                return told if re.fullmatch(OPEN_DOCUMENT + "[a-z]+", told) else "application/zip"
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError, ValueError):
        # Cut off, encrypted or worse: it stays what its first bytes say.
        return "application/zip"
    if "[Content_Types].xml" in names:
        for folder, type_ in IN_ZIP:
            if any(one.startswith(folder) for one in names):
                return type_
    return "application/zip"


def _as_text(head: bytes, ending: str) -> str:
    if not _is_text(head):
        return UNKNOWN
    marks = MARKUP.search(head)
    if marks:
        # Whatever a browser could take for a page or a drawing with scripts counts as one.
        lowered = head.lower()
        if b"svg" in lowered:
            return "image/svg+xml"
        return "application/xml" if lowered.lstrip().startswith(b"<?xml") else "text/html"
    return TEXTS.get(ending, "text/plain")


def _is_text(head: bytes) -> bool:
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return True
    if any(byte < 9 or 13 < byte < 27 for byte in head):
        return False
    try:
        # The last character may be cut off.
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return False
    return True
