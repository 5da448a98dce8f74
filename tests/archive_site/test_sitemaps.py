"""Sitemaps and robots.txt: every public record once, at its own address, and nothing else."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from archive_site.sitemaps import PAGES, SITEMAPS
from tests.factories import (
    make_collection,
    make_document,
    make_draft,
    make_full_document,
    make_many_documents,
    make_person,
    make_theme,
    make_withdrawn,
)

pytestmark = pytest.mark.django_db


def addresses(client, path: str) -> list[str]:
    response = client.get(path)
    assert response.status_code == 200
    assert response.headers["Content-Type"].startswith("application/xml")
    return re.findall(r"<loc>(.*?)</loc>", response.content.decode())


def everything(client) -> list[str]:
    return [each for path in addresses(client, "/sitemap.xml") for each in addresses(client, path)]


def test_every_public_record_stands_there_once_and_can_be_opened(client):
    document = make_full_document()
    make_theme()
    found = everything(client)
    assert f"http://testserver{document.get_absolute_url()}" in found
    assert len(found) == len(set(found))
    kinds = ("/collections/", "/people/", "/places/", "/subjects/", "/archives/", "/themes/")
    for kind in kinds:
        assert any(
            address.startswith(f"http://testserver{kind}") and not address.endswith(kind) for address in found
        )
    for address in found:
        response = client.get(address)
        assert response.status_code == 200
        assert f'<link rel="canonical" href="{address}">' in response.content.decode()


def test_what_is_not_public_is_not_there(client):
    make_draft(people={"present": ["Hidden Person"]}, places=["Hidden City"], subjects=["Hidden subject"])
    make_withdrawn("Hidden withdrawn")
    make_document("Hidden by embargo", public_from=timezone.localdate() + timedelta(days=1))
    make_collection("Hidden collection", is_published=False)
    make_theme("Hidden theme", is_published=False)
    kept = make_person("Zhou Enlai")
    make_person("Hidden double", (), merged_into=kept)
    make_document(people={"present": [kept]})
    make_person("Hidden since nobody names them", ())
    found = everything(client)
    assert len(found) == len(PAGES) + 2
    assert not [address for address in found if "hidden" in address]


def test_the_index_leads_to_every_page_of_every_kind(client, monkeypatch):
    monkeypatch.setattr(type(SITEMAPS["documents"]), "limit", 2)
    make_many_documents(5)
    index = addresses(client, "/sitemap.xml")
    of_documents = [path for path in index if "sitemap-documents" in path]
    assert [path.partition(".xml")[2] for path in of_documents] == ["", "?p=2", "?p=3"]
    assert [len(addresses(client, path)) for path in of_documents] == [2, 2, 1]
    assert client.get("/sitemap-documents.xml?p=4").status_code == 404
    assert client.get("/sitemap-nothing.xml").status_code == 404


def test_the_day_of_the_last_change_is_told(client):
    document = make_document()
    html = client.get("/sitemap-documents.xml").content.decode()
    assert f"<lastmod>{document.changed:%Y-%m-%d}</lastmod>" in html
    assert f"<lastmod>{document.changed:%Y-%m-%d}" in client.get("/sitemap.xml").content.decode()


def test_addresses_carry_the_host_that_citations_carry(client, settings):
    settings.SITE_URL = "https://archive.example"
    make_document()
    assert all(
        address.startswith("https://archive.example/")
        for address in addresses(client, "/sitemap-documents.xml")
    )
    assert "Sitemap: https://archive.example/sitemap.xml" in client.get("/robots.txt").content.decode()


def test_queries_do_not_grow(client):
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            everything(client)
        return len(queries)

    make_full_document()
    few = asked()
    for _each in range(6):
        make_full_document()
    assert asked() == few


def test_robots_are_told_of_the_sitemaps_and_kept_out_of_combinations(client):
    lines = client.get("/robots.txt").content.decode().splitlines()
    assert "Sitemap: http://testserver/sitemap.xml" in lines
    assert {"Disallow: /search/", "Disallow: /timeline/?*", "Disallow: /documents/?*"} <= set(lines)
    assert reverse("sitemaps") == "/sitemap.xml"


@pytest.mark.parametrize("end", ["", "/"])
def test_old_addresses_lead_to_the_records(client, end):
    make_collection("Sino-Japanese Relations")
    make_collection("Not shown", is_published=False)
    response = client.get(f"/collection/87/sino-japanese-relations{end}")
    assert (response.status_code, response.url) == (301, "/collections/sino-japanese-relations/")
    assert client.get(f"/collection/87/not-shown{end}").status_code == 404
    assert client.get(f"/collection/87/nothing{end}").status_code == 404
    document = make_document("Record of Talks", record_id=110019)
    assert client.get("/document/110019/an-older-title").url == document.get_absolute_url()
    assert client.get("/document/110020/an-older-title").status_code == 404
