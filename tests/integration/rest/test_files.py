"""Files over REST: what comes back, what is refused, and what nobody else may read."""

import hashlib
import io
import socket
import time
import zipfile
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from PIL import Image
from werkzeug.test import TestResponse

from loomwork.publishing.site import Site
from tests.integration.rest.conftest import KEY, Caller, problem
from tests.processes import serving

PDF = b"%PDF-1.7\n" + b"text of a contract\n" * 400
PAGE = b"<!doctype html><script>alert(1)</script>"
DRAWING = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def upload(caller: Caller, name: str, content: bytes, **options: Any) -> TestResponse:
    return caller.call("POST", "/files", query_string={"name": name}, data=content, **options)


def kept(caller: Caller, name: str, content: bytes) -> dict[str, Any]:
    answer = upload(caller, name, content)
    assert answer.status_code == 201, answer.json
    body: dict[str, Any] = answer.get_json()
    return body


def picture(width: int, height: int, format_: str = "PNG") -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (width, height), "teal").save(target, format_)
    return target.getvalue()


def kept_contents(site: Site) -> list[Path]:
    folder = site.settings.home / "files"
    return [path for path in folder.rglob("*") if path.is_file()]


def test_what_is_uploaded_comes_back(ann: Caller, site: Site) -> None:
    answer = upload(ann, "Vertrag Müller.pdf", PDF)
    assert answer.status_code == 201
    file = answer.get_json()
    assert answer.headers["Location"] == file["url"] == f"/api/v1/files/{file['id']}"
    assert (file["name"], file["size"]) == ("Vertrag Müller.pdf", len(PDF))
    assert file["type"] == "application/pdf"
    back = ann.get(f"/files/{file['id']}")
    assert back.data == PDF
    assert back.headers["ETag"] == f'"{hashlib.sha256(PDF).hexdigest()}"'
    assert back.headers["X-Content-Type-Options"] == "nosniff"
    assert [path.name for path in kept_contents(site)] == [hashlib.sha256(PDF).hexdigest()]


def test_a_form_with_a_file_does_too(ann: Caller) -> None:
    answer = ann.call("POST", "/files", data={"file": (io.BytesIO(PDF), "a.pdf")})
    assert answer.status_code == 201
    assert ann.get(f"/files/{answer.get_json()['id']}").data == PDF


def test_the_name_may_come_in_the_header(ann: Caller) -> None:
    named = {"Content-Disposition": "attachment; filename*=UTF-8''%E6%8A%A5%E4%BB%B7.txt"}
    answer = ann.call("POST", "/files", data=b"text", headers=named)
    assert answer.get_json()["name"] == "报价.txt"


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\ann\\plan.txt", "plan.txt"),
        ('a"\r\nSet-Cookie: x=1;.txt', "aSet-Cookie x=1;.txt"),
        ("..", "file"),
        ("", "file"),
        ("x" * 300 + ".pdf", "x" * 251 + ".pdf"),
    ],
)
def test_a_name_is_only_a_name(ann: Caller, given: str, name: str) -> None:
    file = kept(ann, given, b"text")
    assert file["name"] == name
    assert "\n" not in ann.get(f"/files/{file['id']}").headers["Content-Disposition"]


def test_equal_contents_are_kept_once(ann: Caller, bob: Caller, site: Site) -> None:
    assert kept(ann, "a.txt", b"the same")["id"] != kept(bob, "b.txt", b"the same")["id"]
    assert len(kept_contents(site)) == 1


@pytest.mark.parametrize(
    ("name", "content", "type_", "inline"),
    [
        ("a.png", picture(2, 2), "image/png", True),
        ("a.txt", picture(2, 2, "JPEG"), "image/jpeg", True),
        ("a.png", PAGE, "text/html", False),
        ("a.png", DRAWING, "image/svg+xml", False),
        ("a.csv", b"a;b\n1;2\n", "text/csv", False),
        ("a.bin", b"\x00\x01\x02", "application/octet-stream", False),
        ("a.pdf", PDF, "application/pdf", True),
        ("BM.txt", b"BMW is a maker of cars", "text/plain", False),
    ],
)
def test_the_content_says_what_a_file_is(
    ann: Caller, name: str, content: bytes, type_: str, inline: bool
) -> None:
    answer = upload(ann, name, content, content_type="image/png")
    back = ann.get(f"/files/{answer.get_json()['id']}")
    assert back.content_type.partition(";")[0] == type_ == answer.get_json()["type"]
    assert back.headers["Content-Disposition"].startswith("inline" if inline else "attachment")
    assert "default-src 'none'" in back.headers["Content-Security-Policy"]


def test_an_office_document_is_told_from_another_archive(ann: Caller) -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<document/>")
    assert kept(ann, "a.docx", target.getvalue())["type"].endswith("wordprocessingml.document")
    assert kept(ann, "a.docx", target.getvalue()[:40])["type"] == "application/zip"


@pytest.mark.parametrize(
    ("asked", "status", "part"),
    [
        ("bytes=0-3", 206, slice(0, 4)),
        ("bytes=5-", 206, slice(5, None)),
        ("bytes=-9", 206, slice(-9, None)),
        ("bytes=0-999999", 206, slice(0, None)),
        ("bytes=0-1,4-5", 200, slice(0, None)),
        ("bytes=x", 200, slice(0, None)),
        ("bytes=999999-", 416, slice(0, 0)),
    ],
)
def test_a_part_can_be_asked_for(ann: Caller, asked: str, status: int, part: slice) -> None:
    file = kept(ann, "a.pdf", PDF)
    back = ann.get(f"/files/{file['id']}", headers={"Range": asked})
    assert back.status_code == status
    assert back.data == PDF[part]
    assert int(back.headers["Content-Length"]) == len(PDF[part])


def test_what_the_caller_has_already_is_not_sent_again(ann: Caller) -> None:
    file = kept(ann, "a.pdf", PDF)
    tag = ann.get(f"/files/{file['id']}").headers["ETag"]
    again = ann.get(f"/files/{file['id']}", headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
    changed = {"Range": "bytes=0-3", "If-Range": '"something else"'}
    assert ann.get(f"/files/{file['id']}", headers=changed).status_code == 200


def test_until_a_record_holds_it_a_file_is_its_uploaders_alone(
    ann: Caller, bob: Caller, root: Caller
) -> None:
    file = kept(ann, "a.pdf", PDF)
    for other in (bob, root):
        problem(other.get(f"/files/{file['id']}"), 404)
        problem(other.get(f"/files/{file['id']}/thumbnail/96"), 404)
    assert ann.get(f"/files/{file['id']}").status_code == 200


def test_who_is_not_signed_in_gets_nothing(app: Flask, ann: Caller) -> None:
    file = kept(ann, "a.pdf", PDF)
    client = app.test_client()
    assert client.get(f"/api/v1/files/{file['id']}").status_code == 401
    assert client.post("/api/v1/files", data=b"x").status_code == 401


def test_a_file_beyond_the_limit_leaves_nothing(
    ann: Caller, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(site.files, "largest", 1000)
    refused = problem(upload(ann, "a.pdf", PDF), 413)
    assert "1000" in refused["detail"]
    in_form = ann.call("POST", "/files", data={"file": (io.BytesIO(PDF), "a.pdf")})
    problem(in_form, 413)
    assert kept_contents(site) == []


def test_an_upload_that_is_cut_off_leaves_nothing(ann: Caller, site: Site) -> None:
    cut = ann.call(
        "POST",
        "/files",
        input_stream=io.BytesIO(PDF),
        environ_overrides={"CONTENT_LENGTH": "99999"},
    )
    problem(cut, 400)
    assert kept_contents(site) == []


@pytest.mark.parametrize(
    "data", [b"", {}, {"a": (io.BytesIO(b"1"), "a"), "b": (io.BytesIO(b"2"), "b")}]
)
def test_not_just_one_file_is_refused(ann: Caller, data: Any) -> None:
    problem(ann.call("POST", "/files", data=data), 400)


def test_content_that_is_gone_from_the_storage_is_told(ann: Caller, site: Site) -> None:
    file = kept(ann, "a.pdf", PDF)
    kept_contents(site)[0].unlink()
    assert problem(ann.get(f"/files/{file['id']}"), 503)["code"] == "missing_content"


@pytest.mark.parametrize("format_", ["PNG", "JPEG", "GIF", "WEBP"])
def test_pictures_have_small_ones(ann: Caller, format_: str) -> None:
    file = kept(ann, "a", picture(1200, 600, format_))
    small = ann.get(f"/files/{file['id']}/thumbnail/96")
    assert small.content_type == "image/webp"
    assert Image.open(io.BytesIO(small.data)).size == (96, 48)
    tag = small.headers["ETag"]
    again = ann.get(f"/files/{file['id']}/thumbnail/96", headers={"If-None-Match": tag})
    assert again.status_code == 304


def test_a_picture_that_would_fill_the_memory_has_none(ann: Caller) -> None:
    # A few kilobytes as a file, 400 megabytes as pixels.
    target = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(target, "PNG")
    file = kept(ann, "bomb.png", target.getvalue())
    problem(ann.get(f"/files/{file['id']}/thumbnail/96"), 409)


def test_what_is_no_whole_picture_has_none(ann: Caller) -> None:
    broken = kept(ann, "a.png", picture(800, 800)[:60])
    problem(ann.get(f"/files/{broken['id']}/thumbnail/96"), 409)
    text = kept(ann, "a.png", b"text")
    problem(ann.get(f"/files/{text['id']}/thumbnail/96"), 404)
    problem(ann.get(f"/files/{text['id']}/thumbnail/97"), 404)


def test_a_served_upload_that_is_cut_off_leaves_nothing(site: Site, ann: Caller) -> None:
    site.close()
    with serving(
        site.settings.home, "--workers", "1", "--no-jobs", variables={"LOOMWORK_SECRET_KEY": KEY}
    ) as served:
        head = (
            f"POST /api/v1/files?name=a.pdf HTTP/1.1\r\nHost: localhost\r\n"
            f"Authorization: Bearer {ann.token}\r\nContent-Length: 999999\r\n\r\n"
        )
        with socket.create_connection(("127.0.0.1", served.port)) as connection:
            connection.sendall(head.encode() + PDF)
            time.sleep(0.3)
        whole = served.request("POST", "/api/v1/files?name=b.pdf", ann.token, content=PDF)
        chunked = served.request(
            "POST", "/api/v1/files?name=c.pdf", ann.token, content=iter([PDF, PDF])
        )
        assert whole.status_code == chunked.status_code == 201, chunked.text
        assert served.request("GET", whole.json()["url"], ann.token).content == PDF
        assert served.request("GET", chunked.json()["url"], ann.token).content == PDF * 2
    assert len(kept_contents(site)) == 2
