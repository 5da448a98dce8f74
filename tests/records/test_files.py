"""Files go out whole or in ranges, are asked for again only when they changed, and are never run."""

import pytest
from django.core.files.base import ContentFile
from django.http import Http404
from django.test import RequestFactory

from documents.models import Text
from records.files import file_response, media_type_of
from tests.factories import image_bytes, make_document, make_text, pdf_bytes

pytestmark = pytest.mark.django_db
CONTENT = bytes(range(256)) * 4


@pytest.fixture
def upload(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    text = make_text(make_document())
    text.file.save("notes.bin", ContentFile(CONTENT))
    return Text.objects.get(pk=text.pk).file


def ask(upload, method="get", *, is_public=True, query="", name="7-text", **headers):
    request = getattr(RequestFactory(), method)(f"/x{query}", headers=headers)
    return file_response(request, upload, name=name, is_public=is_public)


def body(response) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def test_the_whole_file_streams_with_what_a_cache_needs(upload):
    response = ask(upload)
    assert response.status_code == 200
    assert response.streaming
    assert body(response) == CONTENT
    assert response["Content-Length"] == str(len(CONTENT))
    assert response["Accept-Ranges"] == "bytes"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["ETag"].startswith('"')
    assert response["Cache-Control"] == "public, no-cache"


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [("bytes=0-0", 0, 0), ("bytes=10-19", 10, 19), ("bytes=1000-", 1000, 1023), ("bytes=-24", 1000, 1023),
     ("bytes=1020-9999", 1020, 1023), ("bytes=-5000", 0, 1023)],
)  # fmt: skip
def test_a_range_is_answered_with_its_bytes(upload, asked, first, last):
    response = ask(upload, Range=asked)
    assert response.status_code == 206
    assert response["Content-Range"] == f"bytes {first}-{last}/1024"
    assert body(response) == CONTENT[first : last + 1]
    assert response["Content-Length"] == str(last - first + 1)


@pytest.mark.parametrize("asked", ["bytes=1024-", "bytes=5000-6000", "bytes=-0"])
def test_a_range_beyond_the_end_is_refused_with_the_size(upload, asked):
    response = ask(upload, Range=asked)
    assert response.status_code == 416
    assert response["Content-Range"] == "bytes */1024"


@pytest.mark.parametrize(
    "asked", ["bytes=0-1,5-6", "lines=1-2", "bytes=9-3", "bytes=-", "bytes=x-y", f"bytes={'9' * 400}-"]
)
def test_what_is_no_single_range_gets_the_whole_file(upload, asked):
    response = ask(upload, Range=asked)
    assert response.status_code == 200
    assert body(response) == CONTENT


def test_an_unchanged_file_is_not_sent_again(upload):
    first = ask(upload)
    assert ask(upload, **{"If-None-Match": first["ETag"]}).status_code == 304
    assert ask(upload, **{"If-Modified-Since": first["Last-Modified"]}).status_code == 304
    assert ask(upload, **{"If-None-Match": '"other"'}).status_code == 200
    assert ask(upload, **{"If-None-Match": first["ETag"]})["ETag"] == first["ETag"]


def test_a_range_of_another_version_gets_the_whole_file(upload):
    etag = ask(upload)["ETag"]
    assert ask(upload, Range="bytes=0-9", **{"If-Range": etag}).status_code == 206
    assert ask(upload, Range="bytes=0-9", **{"If-Range": '"older"'}).status_code == 200


def test_what_is_not_drawn_is_saved_and_not_named_html(upload):
    response = ask(upload)
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"] == 'attachment; filename="7-text.bin"'


def test_a_page_that_calls_itself_an_image_is_saved_not_shown(upload, settings, tmp_path):
    text = make_text(make_document())
    text.file.save("evil.png", ContentFile(b"<script>alert(1)</script>"))
    response = ask(text.file)
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"].startswith("attachment")


def test_a_file_of_a_draft_is_kept_nowhere(upload):
    assert ask(upload, is_public=False)["Cache-Control"] == "private, no-store"


def test_download_saves_what_would_be_shown(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    text = make_text(make_document())
    text.file.save("a.pdf", ContentFile(pdf_bytes()))
    assert ask(text.file)["Content-Disposition"] == 'inline; filename="7-text.pdf"'
    assert ask(text.file, query="?download")["Content-Disposition"] == 'attachment; filename="7-text.pdf"'


def test_a_file_that_is_gone_is_not_found(upload):
    upload.storage.delete(upload.name)
    with pytest.raises(Http404):
        ask(upload)


def test_media_types_are_read_from_the_first_bytes():
    assert media_type_of(pdf_bytes()[:16]) == "application/pdf"
    for kind in ("PNG", "JPEG", "GIF", "WEBP"):
        assert media_type_of(image_bytes(kind)[:16]) == f"image/{kind.lower()}"
    assert media_type_of(b"<html>") == "application/octet-stream"
