"""Contents in a folder and in a bucket: the same promises, and what failures look like."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest

from loomwork.errors import UnavailableError
from loomwork.store.files import bucket as bucket_module
from loomwork.store.files.bucket import Bucket
from loomwork.store.files.storage import Folder, MissingContentError, Storage
from tests.integration.files.conftest import S3

SMALL = b"Loomwork" * 100
LARGE = bytes(range(256)) * 50_000


def hash_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@pytest.fixture(params=["folder", "bucket"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    if request.param == "folder":
        return Folder(tmp_path / "kept")
    s3: S3 = request.getfixturevalue("s3")
    return Bucket(s3.url(f"bucket-{uuid4().hex[:12]}"))


@pytest.fixture
def bucket(s3: S3) -> Bucket:
    return Bucket(s3.url(f"bucket-{uuid4().hex[:12]}"))


@pytest.fixture
def keep(tmp_path: Path) -> Callable[[Storage, bytes], str]:
    def put(storage: Storage, content: bytes) -> str:
        source = tmp_path / uuid4().hex
        source.write_bytes(content)
        storage.put(hash_of(content), source)
        return hash_of(content)

    return put


Keep = Callable[[Storage, bytes], str]


@pytest.mark.parametrize("content", [b"xyz", SMALL, LARGE], ids=["three bytes", "small", "large"])
def test_what_was_put_comes_back(storage: Storage, keep: Keep, content: bytes) -> None:
    sha256 = keep(storage, content)
    assert storage.has(sha256, len(content))
    assert not storage.has(sha256, len(content) + 1)
    assert b"".join(storage.pieces(sha256, 0, len(content))) == content
    assert list(storage.contents()) == [(sha256, len(content))]


def test_a_part_is_just_that_part(storage: Storage, keep: Keep) -> None:
    sha256 = keep(storage, LARGE)
    assert b"".join(storage.pieces(sha256, 1000, 9_000_000)) == LARGE[1000:9_000_000]
    assert b"".join(storage.pieces(sha256, len(LARGE) - 1, len(LARGE))) == LARGE[-1:]


def test_what_is_not_there_is_told(storage: Storage, keep: Keep) -> None:
    keep(storage, SMALL)
    nothing = hash_of(b"never put")
    assert not storage.has(nothing, 9)
    with pytest.raises(MissingContentError):
        list(storage.pieces(nothing, 0, 9))
    with pytest.raises(MissingContentError):
        list(storage.pieces(hash_of(SMALL), 0, len(SMALL) + 1))


def test_what_is_removed_is_gone_and_may_be_removed_again(storage: Storage, keep: Keep) -> None:
    sha256 = keep(storage, SMALL)
    storage.remove(sha256)
    storage.remove(sha256)
    assert not storage.has(sha256, len(SMALL))
    assert list(storage.contents()) == []


def test_putting_the_same_again_changes_nothing(storage: Storage, keep: Keep) -> None:
    keep(storage, SMALL)
    sha256 = keep(storage, SMALL)
    assert list(storage.contents()) == [(sha256, len(SMALL))]


def test_a_bucket_that_fails_a_moment_is_asked_again(s3: S3, bucket: Bucket, keep: Keep) -> None:
    sha256 = keep(bucket, SMALL)
    s3.fail("error", 1)
    assert b"".join(bucket.pieces(sha256, 0, len(SMALL))) == SMALL


@pytest.mark.parametrize("how", ["error", "slow"])
def test_a_bucket_that_goes_on_failing_is_unavailable(
    s3: S3, bucket: Bucket, keep: Keep, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bucket_module, "READ_SECONDS", 0.5)
    monkeypatch.setattr(bucket_module, "TRIES", 1)
    sha256 = keep(bucket, SMALL)
    s3.fail(how, 100)
    for call in (
        lambda: keep(bucket, b"other"),
        lambda: list(bucket.pieces(sha256, 0, len(SMALL))),
        lambda: bucket.has(sha256, len(SMALL)),
        lambda: bucket.remove(sha256),
        lambda: list(bucket.contents()),
    ):
        with pytest.raises(UnavailableError, match="bucket"):
            call()
    s3.fail("none", 0)
    assert list(bucket.contents()) == [(sha256, len(SMALL))]


def test_an_answer_that_is_cut_off_is_never_taken_for_the_file(
    s3: S3, bucket: Bucket, keep: Keep
) -> None:
    sha256 = keep(bucket, SMALL)
    s3.fail("short", 100)
    with pytest.raises(UnavailableError):
        list(bucket.pieces(sha256, 0, len(SMALL)))


def test_a_bucket_that_does_not_exist_or_answer_is_told(s3: S3, keep: Keep) -> None:
    missing = Bucket(f"s3://never-made/site?endpoint_url={s3.address}")
    with pytest.raises(UnavailableError):
        keep(missing, SMALL)
    silent = Bucket("s3://bucket/site?endpoint_url=http://127.0.0.1:9")
    with pytest.raises(UnavailableError, match="bucket of files cannot be used"):
        keep(silent, SMALL)


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path, keep: Keep) -> None:
    (tmp_path / "kept").write_text("a file where the folder should be")
    with pytest.raises(UnavailableError, match="folder of files cannot be used"):
        keep(Folder(tmp_path / "kept"), SMALL)


@pytest.mark.parametrize("url", ["s3:///prefix", "s3://bucket?endpoint=x", "s3://"])
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(UnavailableError, match="LOOMWORK_FILES_URL"):
        Bucket(url)
