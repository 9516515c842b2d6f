"""What a file is, whatever bytes it is made of."""

import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loomwork.errors import TooLargeError
from loomwork.store.files.files import safe_name
from loomwork.store.files.sniffing import IN_ZIP, STARTS, sniff
from loomwork.store.files.spool import spooled
from loomwork.store.files.tables import LONGEST_NAME
from loomwork.web.rest.files import INLINE_IMAGES, PDF, disposition

MEGABYTE = 1024 * 1024
BEGINNINGS = [start for start, _ in STARTS] + [b"<svg", b"<!DOCTYPE html", b"RIFF", b""]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("sniffed") / "file"


@given(start=st.sampled_from(BEGINNINGS), rest=st.binary(max_size=200), name=st.text(max_size=20))
def test_any_bytes_have_a_type(place: Path, start: bytes, rest: bytes, name: str) -> None:
    place.write_bytes(start + rest)
    type_ = sniff(place, name)
    assert "/" in type_
    assert type_.isascii()


@given(
    before=st.text(alphabet=" \n\r\tabc", max_size=50),
    tag=st.sampled_from(["<svg onload=x>", "<script>", "<HTML>", "<!doctype html>", "<iframe>"]),
    name=st.sampled_from(["a.png", "a.pdf", "a.txt", "a"]),
)
def test_no_page_is_ever_shown_in_the_browser(
    place: Path, before: str, tag: str, name: str
) -> None:
    place.write_text(before + tag)
    assert sniff(place, name) not in {*INLINE_IMAGES, PDF, "text/plain"}


@given(name=st.text(max_size=400))
def test_any_name_becomes_one_that_can_be_kept(name: str) -> None:
    kept = safe_name(name)
    assert 0 < len(kept) <= LONGEST_NAME
    assert not {"/", "\\", '"', "\x00", "\n"} & set(kept)
    assert safe_name(kept) == kept
    header = disposition(kept, inline=False)
    assert header.isascii()
    assert header.isprintable()


def test_types_within_an_archive_are_short_enough_to_keep() -> None:
    assert all(len(type_) <= 120 for _, type_ in IN_ZIP)


def test_a_large_upload_never_is_in_memory(tmp_path: Path) -> None:
    pieces = (bytes(MEGABYTE) for _ in range(64))
    tracemalloc.start()
    with spooled(tmp_path, pieces, limit=64 * MEGABYTE) as draft:
        assert draft.size == 64 * MEGABYTE
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8 * MEGABYTE
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_an_endless_upload_ends_at_the_limit(tmp_path: Path) -> None:
    endless = iter(lambda: bytes(MEGABYTE), b"")
    with pytest.raises(TooLargeError), spooled(tmp_path, endless, limit=3 * MEGABYTE):
        pass
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
