"""Images of scans' pages: made once, whole or not at all, and shown to those who may see the scan."""

import io
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as settings_of_site
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.utils import timezone
from PIL import Image

from documents import page_images
from documents.models import PageImages, Scan
from records.uploads import examine
from search.background import work_a_little
from tests.factories import (
    image_bytes,
    make_curator,
    make_document,
    make_draft,
    make_scan,
    make_withdrawn,
    pdf_bytes,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def uploads(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    return tmp_path


def make_all() -> list[page_images.Step]:
    steps = []
    while (step := page_images.make_some()) is not None:
        steps.append(step)
        assert len(steps) < 100
    return steps


def pages_of(scan: Scan) -> list[tuple[int, int, str]]:
    pages = PageImages.objects.get(scan=scan).known_pages()
    assert [page.number for page in pages] == list(range(1, len(pages) + 1))
    return [(page.width, page.height, page.problem) for page in pages]


def opened(scan: Scan, name: str) -> Image.Image:
    return Image.open(default_storage.path(f"{scan.page_images.folder}/{name}"))


def address(scan: Scan, number: int = 1, size: str = "large") -> str:
    return f"/documents/{scan.document.record_id}/scans/{scan.pk}/pages/{number}/{size}"


def tiff_bytes() -> bytes:
    out = io.BytesIO()
    first, second = Image.new("1", (60, 90), 1), Image.new("I;16", (90, 60), 40000)
    first.save(out, format="TIFF", save_all=True, append_images=[second])
    return out.getvalue()


def pdf_with(*pages: bytes) -> bytes:
    """A PDF whose pages are these objects; an empty one is missing from the file."""
    kids = b" ".join(b"%d 0 R" % number for number in range(3, 3 + len(pages)))
    head = b"%%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[%s]/Count %d>>endobj\n"
    objects = b"".join(b"%d 0 obj%sendobj\n" % (3 + n, page) for n, page in enumerate(pages) if page)
    return head % (kids, len(pages)) + objects + b"trailer<</Root 1 0 R>>\n%%EOF\n"


SOUND = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 400]>>"
STRIP = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 10 9000]>>"


def scan_unseen(content: bytes, pages: int) -> Scan:
    """A scan that came in without being looked at, as what is hostile may."""
    scan = make_scan(make_document())
    scan.file.save("hostile.pdf", ContentFile(content), save=False)
    scan.sha256, scan.pages = f"{hash(content):064x}"[-64:], pages
    scan.save()
    return scan


# ---- making ----


def test_every_page_of_a_pdf_has_a_large_and_a_small_image():
    scan = make_scan(make_document(), content=pdf_bytes(3))
    make_all()
    assert pages_of(scan) == [(1696, 2400, "")] * 3
    for number in (1, 2, 3):
        large, small = opened(scan, f"{number}-large.webp"), opened(scan, f"{number}-small.webp")
        assert (large.format, large.size) == ("WEBP", (1696, 2400))
        assert (small.format, small.size) == ("WEBP", (170, 240))
    card = opened(scan, "1-card.jpg")
    assert (card.format, max(card.size)) == ("JPEG", 800)


def test_images_keep_their_size_and_a_tiff_all_its_pages():
    image = make_scan(make_document(), "page.png", image_bytes(size=(400, 300)))
    large = make_scan(make_document(), "page.jpg", image_bytes("JPEG", (3000, 1500)))
    tiff = make_scan(make_document(), "pages.tif", tiff_bytes())
    make_all()
    assert pages_of(image) == [(400, 300, "")]
    assert pages_of(large) == [(2400, 1200, "")]
    assert pages_of(tiff) == [(60, 90, ""), (90, 60, "")]
    # A one-bit page is white, 40000 of 65535 is a light grey.
    assert opened(tiff, "1-large.webp").convert("L").getpixel((5, 5)) > 250
    assert 145 < opened(tiff, "2-large.webp").convert("L").getpixel((5, 5)) < 170


def test_transparency_becomes_white_and_a_turned_photograph_is_turned():
    out = io.BytesIO()
    Image.new("RGBA", (40, 30), (0, 0, 0, 0)).save(out, format="PNG")
    clear = make_scan(make_document(), "clear.png", out.getvalue())
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(out, format="JPEG", exif=exif)
    turned = make_scan(make_document(), "turned.jpg", out.getvalue())
    make_all()
    assert opened(clear, "1-large.webp").convert("L").getpixel((5, 5)) > 250
    assert pages_of(turned) == [(30, 40, "")]
    assert not opened(turned, "1-large.webp").getexif()  # nor where it was taken


def test_nothing_is_made_twice():
    scan = make_scan(make_document(), content=pdf_bytes(2))
    make_all()
    name = default_storage.path(f"{scan.page_images.folder}/1-large.webp")
    before = Path(name).stat().st_mtime_ns
    assert make_all() == []
    call_command("make_page_images", verbosity=0)
    assert Path(name).stat().st_mtime_ns == before
    call_command("make_page_images", "--all", verbosity=0)
    assert Path(name).stat().st_mtime_ns > before


def test_a_long_file_is_made_in_pieces(monkeypatch):
    monkeypatch.setattr(page_images, "PAGES_AT_ONCE", 2)
    scan = make_scan(make_document(), content=pdf_bytes(3))
    assert page_images.make_some().tried == 2
    assert len(pages_of(scan)) == 2
    assert page_images.waiting().exists()
    assert page_images.make_some().tried == 1
    assert not page_images.waiting().exists()


def test_no_more_pages_than_the_limit(monkeypatch):
    monkeypatch.setattr(page_images, "PAGES_AT_MOST", 2)
    scan = make_scan(make_document(), content=pdf_bytes(4))
    make_all()
    assert len(pages_of(scan)) == 2


def test_a_file_in_hand_is_left_to_whom_it_is_in_hand():
    scan = make_scan(make_document())
    row = PageImages.objects.create(
        scan=scan, claimed_by="another", claimed_until=timezone.now() + timedelta(seconds=60)
    )
    assert page_images.make_some() is None
    PageImages.objects.filter(pk=row.pk).update(claimed_until=timezone.now() - timedelta(seconds=1))
    assert page_images.make_some().tried == 1


def test_a_file_that_is_replaced_has_new_images_and_the_old_ones_go(uploads, monkeypatch):
    scan = make_scan(make_document(), content=pdf_bytes(2))
    make_all()
    old = default_storage.path(PageImages.objects.get(scan=scan).folder)
    content = image_bytes(size=(50, 40))
    scan.take_facts(examine(io.BytesIO(content)), "new.png")
    scan.file.save("new.png", ContentFile(content))
    assert PageImages.objects.get(scan=scan).known_pages() == []
    make_all()
    assert pages_of(scan) == [(50, 40, "")]
    assert Path(old).exists()
    call_command("make_page_images", verbosity=0)
    assert not Path(old).exists()
    new = default_storage.path(PageImages.objects.get(scan=scan).folder)
    assert Path(new).exists()
    scan.delete()
    monkeypatch.setattr(page_images, "_tidied", time.monotonic())
    work_a_little()
    assert Path(new).exists()  # the worker looks now and then
    monkeypatch.setattr(page_images, "_tidied", time.monotonic() - page_images.TIDY_SECONDS - 1)
    work_a_little()
    assert not Path(new).exists()


def test_what_is_lost_is_made_again():
    scan = make_scan(make_document())
    make_all()
    folder = Path(default_storage.path(scan.page_images.folder))
    for image in folder.iterdir():
        image.unlink()
    folder.rmdir()
    call_command("make_page_images", verbosity=0)
    assert (folder / "1-large.webp").exists()


def test_the_worker_makes_what_an_upload_brought(monkeypatch):
    monkeypatch.setattr(page_images, "PAGES_AT_ONCE", 1)
    scan = make_scan(make_document(), content=pdf_bytes(2))
    assert work_a_little() == {"page images": 1}
    assert work_a_little() == {"page images": 1}
    assert work_a_little() == {}
    assert len(pages_of(scan)) == 2
    other = make_scan(make_document())
    with pytest.raises(CommandError, match="cannot be told"):
        call_command("sync_index", verbosity=0)  # there is no index here, which is no reason not to draw
    assert len(pages_of(other)) == 1


# ---- what cannot be drawn ----


def test_a_broken_page_is_named_and_the_others_are_made(capsys):
    scan = scan_unseen(pdf_with(SOUND, b"", SOUND, STRIP), pages=4)
    with pytest.raises(CommandError, match="2 pages"):
        call_command("make_page_images")
    assert pages_of(scan) == [(1800, 2400, ""), (0, 0, "broken"), (1800, 2400, ""), (0, 0, "too-large")]
    said = capsys.readouterr().err
    assert f"record {scan.document.record_id}, scan {scan.pk}" in said
    assert "page 2: This page is broken in the file." in said
    assert make_all() == []  # and not tried for ever
    call_command("make_page_images", verbosity=0)
    with pytest.raises(CommandError, match="2 pages"):
        call_command("make_page_images", "--again", verbosity=0)


def test_a_record_that_is_not_there_is_named():
    scan = scan_unseen(pdf_with(SOUND), pages=1)
    number = scan.document.record_id
    with pytest.raises(CommandError, match=f"there is no record {number + 1}, {number + 2}"):
        call_command("make_page_images", record=[number + 2, number, number + 1])


def test_a_file_that_cannot_be_opened_is_refused_once():
    scan = scan_unseen(b"%PDF-1.7 nothing else", pages=3)
    assert [step.refused for step in make_all()] == ["broken"]
    assert pages_of(scan) == []
    assert make_all() == []


def test_what_the_drawing_dies_of_is_the_page_it_was_at(monkeypatch, tmp_path):
    program = tmp_path / "dies.py"
    program.write_text(
        "import json, os, signal, sys\n"
        "print(json.dumps({'pages': 3}), flush=True)\n"
        "for number in range(int(sys.argv[3]), 4):\n"
        "    if number == 2:\n"
        "        os.kill(os.getpid(), signal.SIGALRM)\n"
        "    print(json.dumps({'page': number, 'width': 1, 'height': 1}), flush=True)\n"
    )
    monkeypatch.setattr(page_images, "DRAWING", program)
    scan = make_scan(make_document(), content=pdf_bytes(3))
    steps = make_all()
    assert [step.problems for step in steps] == [((2, "slow"),), ()]
    assert pages_of(scan) == [(1, 1, ""), (0, 0, "slow"), (1, 1, "")]


def test_a_worker_that_is_stopped_blames_no_page(monkeypatch, tmp_path):
    program = tmp_path / "stopped.py"
    program.write_text(
        "import json, os, signal\n"
        "print(json.dumps({'pages': 3}), flush=True)\n"
        "print(json.dumps({'page': 1, 'width': 1, 'height': 1}), flush=True)\n"
        "os.kill(os.getpid(), signal.SIGTERM)\n"
    )
    monkeypatch.setattr(page_images, "DRAWING", program)
    scan = make_scan(make_document(), content=pdf_bytes(3))
    assert page_images.make_some().problems == ()
    assert pages_of(scan) == [(1, 1, "")]
    assert page_images.waiting().get() == scan


def test_what_fails_for_another_reason_is_tried_again_some_times():
    scan = make_scan(make_document())
    Path(scan.file.path).rename(scan.file.path + ".away")
    step = page_images.make_some()
    assert "No such file" in step.error
    assert page_images.make_some() is None  # not at once
    PageImages.objects.update(retry_at=None)
    assert page_images.make_some() is not None
    Path(scan.file.path + ".away").rename(scan.file.path)
    PageImages.objects.update(retry_at=None, failures=page_images.FAILURES_AT_MOST)
    assert page_images.make_some() is None  # given up
    call_command("make_page_images", "--again", verbosity=0)
    assert len(pages_of(scan)) == 1


@pytest.mark.parametrize(
    ("way", "ends"),
    [
        ("drawing.PAGE_SECONDS = 0.1\ndrawing.limit_time()\nwhile True: pass", -signal.SIGPROF),
        (
            "drawing.PAGE_SECONDS_IN_ALL = 1\ndrawing.limit_time()\nimport time\ntime.sleep(60)",
            -signal.SIGALRM,
        ),
    ],
)
def test_the_system_ends_what_does_not_end(way, ends):
    program = [sys.executable, "-c", f"from documents import drawing\n{way}"]
    assert subprocess.run(program, cwd=settings_of_site.BASE_DIR, timeout=30).returncode == ends


def test_what_draws_knows_no_secret(monkeypatch, tmp_path):
    program = tmp_path / "tells.py"
    program.write_text(
        "import os, pathlib, sys\n"
        "pathlib.Path(sys.argv[2], 'environment').write_text(' '.join(os.environ))\n"
        'print(\'{"refused": "broken"}\')\n'
    )
    monkeypatch.setattr(page_images, "DRAWING", program)
    monkeypatch.setenv("DATABASE_URL", "postgres://archive:secret@db/archive")
    scan = make_scan(make_document())
    make_all()
    known = Path(default_storage.path(scan.page_images.folder), "environment").read_text().split()
    assert "PATH" in known
    assert not {"SECRET_KEY", "DATABASE_URL", "SEARCH_URL"} & set(known)


# ---- on the document's page ----


def page_of(client, document) -> str:
    response = client.get(document.get_absolute_url())
    assert response.status_code == 200
    return response.content.decode()


def test_pages_stand_on_the_page_with_their_sizes(client):
    document = make_document()
    first, second = make_scan(document, content=pdf_bytes(2)), make_scan(document, "p.png", image_bytes())
    make_all()
    html = page_of(client, document)
    for number, scan, page in ((1, first, 1), (2, first, 2), (3, second, 1)):
        assert f'id="scan-p{number}" data-small="{address(scan, page, "small")}"' in html
        assert f'<img src="{address(scan, page)}" width="' in html
    assert 'width="1696" height="2400" loading="lazy"' in html


def test_a_page_not_yet_made_says_so_and_offers_the_file(client, monkeypatch):
    document = make_document()
    scan = make_scan(document, content=pdf_bytes(3))
    html = page_of(client, document)
    assert "Images of the pages have not been made yet." in html
    assert 'class="viewer ' not in html
    assert f'href="{scan.get_absolute_url()}?download"' in html
    monkeypatch.setattr(page_images, "PAGES_AT_ONCE", 1)
    page_images.make_some()
    html = page_of(client, document)
    assert "2 pages of this file cannot be shown here yet" in html
    assert 'class="viewer ' in html


def test_a_page_that_cannot_be_drawn_says_so_in_its_place(client):
    scan = scan_unseen(pdf_with(SOUND, b""), pages=2)
    make_all()
    html = page_of(client, scan.document)
    assert "This page is broken in the file." in html
    assert address(scan, 1) in html
    assert address(scan, 2) not in html
    hopeless = scan_unseen(b"%PDF-1.7 nothing else", pages=3)
    make_all()
    html = page_of(client, hopeless.document)
    assert "The pages of this file cannot be shown here." in html
    assert "not been made" not in html


def test_the_card_is_told_to_those_who_link_to_a_public_document(client, settings):
    settings.SITE_URL = "https://archive.example"
    document = make_document('Talks on "coal"')
    scan = make_scan(document, content=pdf_bytes(2))
    assert "og:image" not in page_of(client, document)
    make_all()
    html = page_of(client, document)
    assert f'<meta property="og:image" content="https://archive.example{address(scan, 1, "card")}">' in html
    assert '<meta property="og:image:width" content="565">' in html
    assert '<meta property="og:image:height" content="800">' in html
    assert '<meta property="og:title" content="Talks on &quot;coal&quot;">' in html
    assert opened(scan, "1-card.jpg").size == (565, 800)
    draft = make_draft()
    make_scan(draft, "page.png", image_bytes())
    make_all()
    client.force_login(make_curator())
    assert "og:" not in page_of(client, draft)


# ---- who sees them ----


def test_a_page_goes_out_as_its_scan_does(client):
    scan = make_scan(make_document(), content=pdf_bytes(2))
    assert client.get(address(scan)).status_code == 404  # not made yet
    make_all()
    for size, media_type in (("large", "image/webp"), ("small", "image/webp"), ("card", "image/jpeg")):
        response = client.get(address(scan, 1, size))
        assert (response.status_code, response["Content-Type"]) == (200, media_type)
        assert response["Cache-Control"] == "public, no-cache"
        assert response["X-Content-Type-Options"] == "nosniff"
        again = client.get(address(scan, 1, size), headers={"If-None-Match": response["ETag"]})
        assert again.status_code == 304
    for missing in (address(scan, 3), address(scan, 0), address(scan, 2, "card"), address(scan, 1, "other")):
        assert client.get(missing).status_code == 404
    other = make_document()
    assert client.get(f"/documents/{other.record_id}/scans/{scan.pk}/pages/1/large").status_code == 404


def test_pages_of_what_is_hidden_are_hidden(client):
    embargoed = make_document(public_from=timezone.localdate() + timedelta(days=9))
    hidden = [(make_draft(), 404), (embargoed, 404), (make_withdrawn(), 410)]
    scans = [(make_scan(document, "page.png", image_bytes()), status) for document, status in hidden]
    make_all()
    for scan, status in scans:
        for size in ("large", "small", "card"):
            assert client.get(address(scan, 1, size)).status_code == status
    client.force_login(make_curator())
    for scan, _status in scans:
        response = client.get(address(scan))
        assert (response.status_code, response["Cache-Control"]) == (200, "private, no-store")


def test_there_is_no_other_way_to_a_page(client):
    scan = make_scan(make_document())
    make_all()
    for prefix in ("/media/", "/files/", "/static/", "/"):
        assert client.get(f"{prefix}{scan.page_images.folder}/1-large.webp").status_code == 404
