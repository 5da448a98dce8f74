"""What caches may keep: nothing of a draft, nothing that is handed out unasked, and no page twice over the wire."""

import gzip

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.handlers.base import BaseHandler
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import reverse

from archive_site.caching import Compression, tell_caches
from documents.choices import Status
from tests.factories import (
    make_collection,
    make_curator,
    make_document,
    make_draft,
    make_full_document,
    make_scan,
    make_user,
)

pytestmark = pytest.mark.django_db


def said(response):
    return {each.strip() for each in response.get("Cache-Control", "").split(",")}


def varies(response):
    return {each.strip().lower() for each in response.get("Vary", "").split(",")}


@pytest.fixture
def document():
    return make_full_document("Talks on the islands", collections=[make_collection("Talks")])


def public_addresses(document):
    return [
        "/", "/search/", "/search/?q=talks", "/timeline/", "/documents/", "/collections/", "/people/", "/places/", "/subjects/",
        "/archives/", "/languages/", "/types/", "/themes/", "/help/", "/about/", "/list/", document.get_absolute_url(),
        document.collections.get().get_absolute_url(), document.repository.get_absolute_url(), "/people/zhou-enlai/",
    ]  # fmt: skip


def test_a_page_is_kept_but_asked_for_again_each_time(client, document):
    for address in public_addresses(document):
        response = client.get(address)
        assert response.status_code == 200, address
        assert "no-cache" in said(response), address
        assert "no-store" not in said(response), address
        assert "cookie" in varies(response), address
        assert not response.cookies, address
        again = client.get(address, headers={"If-None-Match": response["ETag"]})
        assert (again.status_code, again.content) == (304, b""), address
        assert said(again) == said(response), address
        assert varies(again) == varies(response), address


def headers_of(method, address, **headers):
    """The answer to a request as the server is handed it: the test client cuts the body off itself."""
    handler = BaseHandler()
    handler.load_middleware()
    return handler.get_response(getattr(RequestFactory(), method)(address, headers=headers))


@pytest.mark.parametrize("encoding", ["identity", "gzip"])
def test_head_is_answered_as_get_without_a_body(document, encoding, monkeypatch):
    # So many bytes at random hide how long a page is, and let a short one be packed or not.
    monkeypatch.setattr(Compression, "max_random_bytes", 0)
    for address in (
        *public_addresses(document),
        "/robots.txt",
        "/sitemap-documents.xml",
        "/healthz",
        "/nothing/",
    ):
        got = headers_of("get", address, accept_encoding=encoding)
        head = headers_of("head", address, accept_encoding=encoding)
        assert (head.status_code, head.content) == (got.status_code, b""), address
        assert dict(head.items()) == dict(got.items()), address
        if got.status_code == 200 and got.has_header("ETag"):
            again = headers_of("head", address, if_none_match=got["ETag"])
            assert again.status_code == 304, address


def test_head_of_a_scan_reads_nothing_of_it(document):
    address = make_scan(document).get_absolute_url()
    got, head = headers_of("get", address), headers_of("head", address)
    assert dict(head.items()) == dict(got.items())
    assert b"".join(got.streaming_content)
    assert b"".join(head.streaming_content) == b""


def test_a_page_that_changed_is_sent(client, document):
    address = document.get_absolute_url()
    known = client.get(address)["ETag"]
    document.summary = "They argue."
    document.save()
    response = client.get(address, headers={"If-None-Match": known})
    assert response.status_code == 200
    assert response["ETag"] != known


@pytest.mark.parametrize("kind", ["page", "scan", "list"])
def test_what_is_withdrawn_is_gone_for_those_who_knew_it(client, document, kind):
    address = {
        "page": document.get_absolute_url(),
        "scan": make_scan(document).get_absolute_url(),
        "list": "/documents/",
    }[kind]
    known = client.get(address)
    assert known.status_code == 200
    document.status, document.withdrawal_note = Status.WITHDRAWN, "At the owner's request."
    document.save()
    headers = {"If-None-Match": known["ETag"]}
    if known.has_header("Last-Modified"):
        headers["If-Modified-Since"] = known["Last-Modified"]
    response = client.get(address, headers=headers)
    assert (
        response.status_code == {"page": 410, "scan": 404, "list": 200}[kind] or response.status_code == 410
    )
    assert "public" not in said(response) or "no-cache" in said(response)
    if kind != "scan":
        assert b"Talks on the islands" not in response.content


def test_what_a_curator_sees_is_kept_by_nobody(client, document):
    draft = make_draft("Not yet", repository=document.repository)
    scan = make_scan(draft)
    client.force_login(make_curator())
    addresses = [
        *public_addresses(document), draft.get_absolute_url(), scan.get_absolute_url(), reverse("admin:index"),
        f"/documents/{draft.record_id}/", f"/document/{draft.record_id}", "/search/feed.atom", "/nothing/at/all/",
        reverse("interchange:reference", args=[draft.record_id, "ris"]),
    ]  # fmt: skip
    for address in addresses:
        response = client.get(address)
        assert {"private", "no-store"} <= said(response), address
        assert "public" not in said(response), address
        if address != scan.get_absolute_url():
            assert not response.has_header("ETag"), address


def test_a_reader_who_has_logged_in_without_rights_is_kept_apart_too(client, document):
    client.force_login(make_user("reader"))
    assert {"private", "no-store"} <= said(client.get(document.get_absolute_url()))


def test_a_draft_is_not_told_by_a_tag(client):
    draft = make_draft("Not yet")
    client.force_login(make_curator())
    client.get(draft.get_absolute_url())
    client.logout()
    response = client.get(draft.get_absolute_url(), headers={"If-None-Match": "*"})
    assert response.status_code == 404
    assert (
        client.get(
            draft.get_absolute_url(), headers={"If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"}
        ).status_code
        == 404
    )


def test_what_is_not_there_is_asked_for_again(client):
    make_document("Early", pk=None, record_id=4711, public_from=None)
    for address in ("/nothing/", "/documents/999999/x/", "/document/4711"):
        assert "no-cache" in said(client.get(address)), address


def test_errors_are_kept_by_nobody_and_cookies_are_ones_own():
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    assert said(tell_caches(lambda _request: HttpResponse(status=500))(request)) == {"private", "no-store"}

    def sets_a_cookie(_request):
        response = HttpResponse()
        response.set_cookie("research_list", "x")
        return response

    assert said(tell_caches(sets_a_cookie)(request)) == {"private", "no-cache"}

    def says_more(_request):
        return HttpResponse(headers={"Cache-Control": "private, max-age=60"})

    assert said(tell_caches(says_more)(request)) == {"private", "max-age=60"}


def test_a_page_is_compressed_for_who_can_read_it(client, document):
    address = document.get_absolute_url()
    plain = client.get(address)
    packed = client.get(address, headers={"Accept-Encoding": "gzip, br"})
    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content
    assert len(packed.content) < len(plain.content) / 2
    assert {"accept-encoding", "cookie"} <= varies(packed)
    assert "accept-encoding" in varies(plain)
    again = client.get(address, headers={"Accept-Encoding": "gzip", "If-None-Match": packed["ETag"]})
    assert again.status_code == 304


def test_files_and_secrets_are_not_compressed(client, document):
    scan = make_scan(document)
    whole = client.get(scan.get_absolute_url(), headers={"Accept-Encoding": "gzip"})
    assert not whole.has_header("Content-Encoding")
    part = client.get(scan.get_absolute_url(), headers={"Accept-Encoding": "gzip", "Range": "bytes=0-9"})
    assert (part.status_code, len(b"".join(part.streaming_content))) == (206, 10)
    assert not part.has_header("Content-Encoding")
    client.force_login(make_curator())
    for address in (reverse("admin:index"), document.get_absolute_url()):
        assert not client.get(address, headers={"Accept-Encoding": "gzip"}).has_header("Content-Encoding")


@pytest.mark.parametrize(("media_type", "is_packed"), [("text/csv; charset=utf-8", True), ("application/atom+xml", True), ("application/x-bibtex", True), ("application/pdf", False), ("image/png", False)])  # fmt: skip
def test_texts_are_compressed_and_nothing_else(media_type, is_packed):
    answer = HttpResponse(b"a" * 2000, content_type=media_type)
    packed = Compression(lambda _request: answer)(
        RequestFactory().get("/", headers={"Accept-Encoding": "gzip"})
    )
    assert packed.has_header("Content-Encoding") is is_packed
