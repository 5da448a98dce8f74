"""Archival references: read where their form is known, the same file however it is spelt, nothing guessed."""

import time
from importlib import import_module

import pytest
from django.apps import apps

from documents.models import Document
from documents.search_indexes import DocumentIndex
from documents.shelfmarks import KEY_LENGTH, file_key, keys_to, label_of_key, read_shelfmark
from tests.factories import make_document, make_draft, make_repository
from tests.interchange.importing import jsonl, run
from tests.search.engines_of_site import SITE_ENGINES, site_on
from tests.search.holdings import reindex
from tests.search.pages import links_of, text_of

# Spellings of one file each, its key, and the first of them in words.
FILES = {
    "Russia": (
        "f-5~op-30~d-116",
        "Fonds 5, inventory (opis) 30, file 116, leaves 4–9",
        "RGANI, f. 5, op. 30, d. 116, ll. 4-9",
        "fond 5, opis 30, delo 116",
        "Fond 5, Opis' 30, Delo 116, List 14ob",
        "Ф. 5. Оп. 30. Д. 116. Л. 14 об.",
        "РГАНИ, фонд 5, опись 30, дело 116, листы 4–9",
        "f. 5 op. 30 d. 116 p. 12",
        "RGANI, f. 5, op. 30, d. 116, ll. 79-80; published in a bulletin",
    ),
    "Russia's foreign ministry": (
        "f-0100~op-46~p-362~d-12",
        "Fonds 0100, inventory (opis) 46, folder (papka) 362, file 12, leaf 24",
        "f. 0100, op. 46, p. 362, d. 12, l. 24",
        "AVPRF, fond 0100, opis 46, papka 362, delo 12",
        "АВП РФ, ф. 0100, оп. 46, п. 362, д. 12, лл. 24-30",
        "AVPRF f.0100 op.46 d.12 p.362 ll.1-2",
    ),
    "letters of fonds": (
        "f-r9401~op-2~d-66",
        "Fonds R-9401, inventory (opis) 2, file 66",
        "GARF, f. R-9401, op. 2, d. 66",
        "ГАРФ, ф. Р-9401, оп. 2, д. 66, лл. 293-300",
    ),
    "Bulgaria": (
        "f-1b~op-6~d-1",
        "Fonds 1-B, inventory (opis) 6, file 1",
        "TsDA, Fond 1-B, Opis 6, a.e. 1",
        "ЦДА, ф. 1Б, оп. 6, а.е. 1, л. 3",
    ),
    "Hungary": (
        "f-288~s-5~d-30",
        "Fonds 288, series 5, file 30",
        "MOL, M-KS 288 f. 5/30 ő.e.",
        "MNL OL M-KS 288. f. 5. cs. 30. ő. e., 12 o.",
    ),
    "Hungary's foreign ministry": (
        "f-xix-j1j~n-korea~s-1956~box-5",
        "Fonds XIX-J-1-j, Korea, series 1956, box 5, document 5/f, 006054/1959",
        "MOL, XIX-J-1-j Korea, 1956, 5. doboz, 5/f, 006054/1959",
        "XIX-J-1-j Korea, 1956, 5. d.",
    ),
    "Poland": (
        "f-kcpzpr~d-xia/30",
        "Fonds KC PZPR, file XIA/30, leaf 12",
        "AAN, KC PZPR, XIA/30, k. 12",
        "KC PZPR, sygn. XIA/30",
    ),
    "Poland's foreign ministry": (
        "f-11~b-25~d-385",
        "Fonds 11, bundle 25, file 385, leaves 1–3",
        "AMSZ, z. 11, w. 25, t. 385, k. 1-3",
        "AMSZ, zespół 11, wiązka 25, teczka 385",
    ),
    "Czechoslovakia": (
        "f-02/1~vol-20~d-27",
        "Fonds 02/1, volume 20, file 27, document 3",
        "NA, A ÚV KSČ, f. 02/1, sv. 20, a.j. 27, bod 3",
        "fond 02/1, svazek 20, ar. j. 27",
    ),
    "Romania": (
        "f-ccalpcr~s-sectia relatii externe~d-12/1956",
        "Fonds C.C. al P.C.R., series Secția Relații Externe, file 12/1956, leaves 3–5",
        "ANIC, fond C.C. al P.C.R., Secția Relații Externe, dosar 12/1956, f. 3-5",
        "fond CC al PCR, Secția Relații Externe, dosar nr. 12/1956",
    ),
    "Germany, the party": (
        "f-dy30~d-iv2/2.035/69",
        "Fonds DY 30, file IV 2/2.035/69, leaves 12–14",
        "SAPMO-BArch, DY 30/IV 2/2.035/69, Bl. 12-14",
        "DY 30/IV 2/2.035/69",
    ),
    "Germany, the GDR's foreign ministry": (
        "f-mfaa~d-c917/76",
        "Fonds MfAA, file C 917/76, leaf 12",
        "PA AA, MfAA, C 917/76, Bl. 12",
        "MfAA, C917/76",
    ),
    "Germany, the Federal Archives": ("f-b136~d-4567", "Fonds B 136, file 4567, leaf 3", "BArch, B 136/4567, Bl. 3"),
    "Germany, the Stasi": (
        "f-mfs~s-ha ii~d-12345",
        "Fonds MfS, series HA II, file 12345",
        "BStU, MfS, HA II, Nr. 12345",
        "MfS, HA II 12345, Bl. 1-3",
    ),
    "China": (
        "f-105~d-00604",
        "Fonds 105, file 00604, document 01, pages 1–5",
        "PRC FMA 105-00604-01, 1-5",
        "PRCFMA 105-00604-03",
        "外交部档案馆 105-00604-01(1)",
    ),
    "Britain": (
        "f-fo371~d-110225",
        "Fonds FO 371, file 110225, document FC1041",
        "TNA, FO 371/110225/FC1041",
        "FO 371/110225, ff. 12-14",
    ),
    "America, by decimals": (
        "rg-59~dec-611.93",
        "Record group 59, decimal file 611.93, Central Files 1955–60, document 8-155",
        "NARA, RG 59, Central Files 1955–60, 611.93/8-155",
        "Central Files, 611.93/11–459",
        "611.93/1–651: Telegram",
    ),
    "America, by subjects": (
        "rg-59~subj-pol chicom-us",
        "Record group 59, subject file POL CHICOM-US",
        "Central Files, POL CHICOM-US",
        "Central Files POL ChiCom–US",
        "RG 59, Central Files 1964–66, POL CHICOM-US",
    ),
    "America, lots": (
        "rg-59~lot-62d181~t-cf 889",
        "Record group 59, lot 62 D 181, “CF 889”",
        "Conference Files: Lot 62 D 181, CF 889",
        "RG 59, Conference Files: Lot 62D181: CF 889",
    ),
    "America, lots of embassies": (
        "lot-64f106~t-350 weekly notes",
        "Lot 64 F 106, “350 Weekly Notes”",
        "Tokyo Post Files: Lot 64 F 106, 350 Weekly Notes",
        "Lot 64F106: 350 weekly notes",
    ),
    "America, accessions": (
        "rg-330~acc-62a1698~t-091.3 korea",
        "Record group 330, accession 62 A 1698, “091.3 Korea”",
        "RG 330, OASD/ISA Files: FRC 62 A 1698,091.3 Korea",
        "Washington National Records Center, RG 330, ISA: FRC 62A1698, 091.3 Korea",
    ),
    "America, jobs": (
        "job-80b01285a~box-6~folder-10~t-dci mtgs with the pres, oct-dec 1964",
        "Job 80-B01285A, box 6, folder 10, “DCI Mtgs with the Pres, Oct-Dec 1964”",
        "DCI (McCone) Files: Job 80–B01285A, Box 6, Folder 10, DCI Mtgs with the Pres, Oct–Dec 1964",
        "DCI (McCone) Files, Job 80 B 01285 A, Box 6, Folder 10, DCI Mtgs with the Pres, Oct-Dec 1964",
    ),
    "America, boxes": (
        "n-nixon presidential materials~n-nsc files~box-849~t-china exchanges, july 1971-oct 20, 1971",
        "Nixon Presidential Materials, NSC Files, box 849, “China Exchanges, July 1971-Oct 20, 1971”",
        "Nixon Presidential Materials, NSC Files, Box 849, China Exchanges, July 1971–Oct 20, 1971",
    ),
    "America, entries": (
        "rg-59~n-entry a1-1613~box-5~folder-2",
        "Record group 59, Entry A1-1613, box 5, folder 2",
        "NARA, RG 59, Entry A1-1613, Box 5, Folder 2",
        "National Archives, Record Group 59, Entry A1–1613, Box 5, Folder 2",
    ),
    "plain words": (
        "f-3~box-12~folder-4",
        "Fonds 3, box 12, folder 4, leaves 7–8",
        "SPEC, fonds 3, box 12, folder 4, leaves 7-8",
        "fonds 3, box 12, folder 4, leaf 9",
    ),
}  # fmt: skip
SPELLINGS = [(name, spelling) for name, (_key, _words, *spellings) in FILES.items() for spelling in spellings]


@pytest.mark.parametrize(("name", "spelling"), SPELLINGS)
def test_a_file_has_one_key_however_it_is_spelt(name, spelling):
    assert read_shelfmark(spelling).key == FILES[name][0]


@pytest.mark.parametrize("name", FILES)
def test_it_is_told_in_words(name):
    _key, words, first, *_rest = FILES[name]
    shelfmark = read_shelfmark(first)
    assert (
        ", ".join([*(step.label for step in shelfmark.path), *shelfmark.beside]).casefold()
        == words.casefold()
    )


@pytest.mark.parametrize(
    "reference",
    [
        "f. 1",  # too little
        "National Security File, Country File, China, Vol. 5",
        "JCS Records, CCS .092 Japan (12–12–50)",
        "Whitman File, DDE Diaries",
        "793.00/13-1658",  # no month 13
        "611.93/8-3255",  # no day 32
        "Box",
        "第12号",
    ],
)
def test_what_is_of_no_known_form_is_not_guessed(reference):
    shelfmark = read_shelfmark(reference)
    assert not shelfmark.is_understood
    assert not shelfmark.names_a_file
    assert len(shelfmark.path) == 1
    assert shelfmark.spellings() == []


def test_pages_of_an_unknown_form_are_no_part_of_the_file():
    assert file_key("Whitman File, DDE Diaries, p. 7") == file_key("Whitman  File, DDE diaries, pp. 8–9")
    assert file_key("Whitman File, Box seven") != file_key("Whitman File")


def test_other_files_have_other_keys():
    different = [
        "f. 100, op. 46, d. 12", "f. 0100, op. 46, d. 12", "f. 0100, op. 46, p. 362, d. 12", "f. 0100, op. 46, d. 12, part 2",
        "f. 0100, op. 46, d. 12a", "f. 0100, op. 4, d. 612", "105-00604-01", "105-00605-01", "DY 30/3667", "DY 3/03667",
        "611.93/8-155", "611.94/8-155", "Lot 64 D 199", "Lot 64 D 199, Folder X",
    ]  # fmt: skip
    assert len({file_key(each) for each in different}) == len(different)


def test_what_stands_above_a_file_has_keys_of_its_own():
    key = file_key("f. 5, op. 30, d. 116")
    assert keys_to(key) == ["f-5", "f-5~op-30", "f-5~op-30~d-116"]
    assert keys_to("") == []
    assert [step.key for step in read_shelfmark("f. 5, op. 30, d. 116").path] == keys_to(key)


def test_a_key_alone_is_told_in_words():
    assert label_of_key("f-5~op-30") == "fonds 5, inventory (opis) 30"
    assert label_of_key("rg-59~subj-pol chicom-us") == "record group 59, subject file POL CHICOM-US"
    assert label_of_key("n-nsc files~box-849~t-president's file") == "NSC Files, box 849, “President's File”"
    assert label_of_key("n-prc embassy~t-mrs. sun's papers") == "PRC Embassy, “Mrs. Sun's Papers”"
    for hostile in ("", "~", "f-", "zz-9", "f-1~~d-2", "<b>", "f"):
        assert label_of_key(hostile) == ""


@pytest.mark.parametrize(
    "reference", ["", "   ", ",;.", "~", "x" * 300, "f. 1 " * 60, "a, " * 100, "793." + "1" * 296, "fond " + "a, " * 98, "Box " * 75, "Ф" * 300, "字" * 300, "p. 1-" * 60]
)  # fmt: skip
def test_anything_can_stand_in_a_reference(reference):
    started = time.perf_counter()
    shelfmark = read_shelfmark(reference)
    assert time.perf_counter() - started < 0.5
    assert len(shelfmark.key) <= KEY_LENGTH
    assert all(label_of_key(step.key) for step in shelfmark.path)


# ---- kept with the document ----


@pytest.mark.django_db
def test_the_key_follows_the_reference_however_it_is_written():
    document = make_document(archival_reference="f. 5, op. 30, d. 116")
    assert Document.objects.get().file_key == "f-5~op-30~d-116"
    document.archival_reference = "f. 5, op. 30, d. 117"
    document.save(update_fields=["archival_reference"])
    assert Document.objects.get().file_key == "f-5~op-30~d-117"
    Document.objects.update(archival_reference="f. 5, op. 30, d. 118")
    assert Document.objects.get().file_key == "f-5~op-30~d-118"
    Document.objects.bulk_create([Document(title="Other", record_id=77, archival_reference="DY 30/3667")])
    assert Document.objects.get(record_id=77).file_key == "f-dy30~d-3667"
    deferred = Document.objects.defer("archival_reference").get(record_id=77)
    deferred.title = "Another"
    deferred.save()
    assert Document.objects.get(record_id=77).file_key == "f-dy30~d-3667"


@pytest.mark.django_db
def test_records_from_before_there_were_keys_get_theirs():
    make_document("Kept", archival_reference="f. 5, op. 30, d. 116")
    make_document("Without")
    super(type(Document.objects.all()), Document.objects.all()).update(file_key="")
    import_module("documents.migrations.0005_file_key").read_references(apps, None)
    assert set(Document.objects.values_list("title", "file_key")) == {
        ("Kept", "f-5~op-30~d-116"),
        ("Without", ""),
    }


@pytest.mark.django_db
def test_the_index_has_the_file_and_what_stands_above_it():
    make_document(repository=make_repository("RGANI"), archival_reference="f. 5, op. 30, d. 116, l. 4")
    make_document("No archive", archival_reference="f. 5, op. 30, d. 116")
    index = DocumentIndex()
    records = index.records(Document.objects.values_list("pk", flat=True))
    unheld, held = sorted(records, key=lambda record: record.repository is not None)
    entry = index.full_prepare(held)
    assert entry["files"] == ["rgani~f-5", "rgani~f-5~op-30", "rgani~f-5~op-30~d-116"]
    assert "fond 5 opis 30 delo 116" in entry["reference"]
    assert "files" not in index.full_prepare(unheld)


# ---- on pages ----


@pytest.mark.django_db
def test_other_documents_of_the_file_whatever_the_spelling(client):
    archive = make_repository("RGANI")
    first = make_document("First", repository=archive, archival_reference="f. 5, op. 30, d. 116, ll. 4-9")
    make_document("Second", repository=archive, archival_reference="fond 5, opis 30, delo 116, list 12")
    make_document("Third", repository=archive, archival_reference="Ф. 5. Оп. 30. Д. 117. Л. 1")
    make_document("Elsewhere", repository=make_repository("GARF"), archival_reference="f. 5, op. 30, d. 116")
    make_draft("Hidden", repository=archive, archival_reference="f. 5, op. 30, d. 116")
    response = client.get(first.get_absolute_url())
    text = text_of(response)
    assert "f. 5, op. 30, d. 116, ll. 4-9" in text
    assert "Fonds 5, inventory (opis) 30, file 116, leaves 4–9" in text.replace(" ,", ",")
    assert "1 more of this file" in text
    for key, titles in (("f-5~op-30~d-116", ["First", "Second"]), ("f-5", ["First", "Second", "Third"])):
        assert f"/search/?file=rgani~{key}" in links_of(response)
        address = f"{archive.get_absolute_url()}?file={key}"
        page = client.get(address)
        assert sorted(each.title for each in page.context["page"].object_list) == titles
    assert "Fonds 5, inventory (opis) 30, file 116" in text_of(
        client.get(f"{archive.get_absolute_url()}?file=f-5~op-30~d-116")
    )


@pytest.mark.django_db
def test_a_key_that_is_none_narrows_nothing(client):
    archive = make_repository("RGANI")
    make_document("First", repository=archive, archival_reference="f. 5, op. 30, d. 116")
    for key in ("%00", "zz", "<script>", "~", "f-5~%25"):
        response = client.get(f"{archive.get_absolute_url()}?file={key}")
        assert response.status_code == 200
    assert "First" in text_of(client.get(f"{archive.get_absolute_url()}?file=zz"))


@pytest.mark.django_db
def test_an_unknown_reference_is_left_as_it_is(client):
    archive = make_repository("Kennedy Library")
    make_document("One", repository=archive, archival_reference="National Security Files, China")
    two = make_document("Two", repository=archive, archival_reference="National Security Files, China")
    response = client.get(two.get_absolute_url())
    text = text_of(response)
    assert "1 more with this reference" in text
    assert "of this file" not in text
    assert 'class="shelfmark"' not in response.content.decode()


# ---- in the search, on both engines ----


def titles_of(response):
    return sorted(hit.entry.title for hit in response.context["page"].hits)


@pytest.mark.django_db
@pytest.mark.parametrize("engine", SITE_ENGINES)
def test_a_file_and_its_fonds_are_searched_in(client, engine):
    archive = make_repository("Russian State Archive", short_name="RGANI")
    for title, reference in (
        ("First", "f. 5, op. 30, d. 116, ll. 4-9"),
        ("Second", "fond 5, opis 30, delo 116, list 12"),
        ("Third", "Ф. 5. Оп. 30. Д. 117. Л. 1"),
    ):
        make_document(title, repository=archive, archival_reference=reference)
    make_document("Elsewhere", repository="GARF", archival_reference="f. 5, op. 30, d. 116")
    make_document("Whole", repository="Kennedy Library", archival_reference="National Security Files, China")
    make_draft("Hidden", repository=archive, archival_reference="f. 5, op. 30, d. 116")
    slug = archive.slug
    with site_on(engine):
        reindex()
        for value, titles in (
            (f"{slug}~f-5~op-30~d-116", ["First", "Second"]),
            (f"{slug}~F-5~op-30", ["First", "Second", "Third"]),
            (f"{slug}~f-5", ["First", "Second", "Third"]),
            (f"{slug}~f-50", []),
            ("kennedy-library~ref-national security files, china", ["Whole"]),
        ):
            assert titles_of(client.get("/search/", {"file": value}, follow=True)) == titles, value
        response = client.get("/search/", {"file": f"{slug}~f-5~op-30~d-116", "q": "first"})
        assert "from RGANI, fonds 5, inventory (opis) 30, file 116" in text_of(response)
        # It has no boxes beside the hits, and is carried by the form.
        assert (
            f'<input type="hidden" name="file" value="{slug}~f-5~op-30~d-116">' in response.content.decode()
        )
        assert titles_of(client.get("/search/", {"f": "reference:fond 5 opis 30 delo 116"}, follow=True)) == [
            "Elsewhere",
            "First",
            "Second",
        ]
        listed = text_of(client.get("/search/facet/file/", {"archive": slug, "by": "name"}))
        assert "RGANI, fonds 5, inventory (opis) 30, file 117" in listed
        assert "GARF" not in listed


@pytest.mark.django_db
def test_a_file_that_nobody_may_know_of_is_not_named(client):
    make_draft("Hidden", repository="Secret Archive", archival_reference="f. 5, op. 30, d. 116")
    reindex()
    text = text_of(client.get("/search/", {"file": "secret-archive~f-5"}))
    assert "Secret Archive" not in text
    assert "the archive has no “secret-archive~f-5”" in text


@pytest.mark.django_db
def test_an_import_that_changes_the_reference_changes_the_key():
    for reference, key in (
        ("f. 5, op. 30, d. 116", "f-5~op-30~d-116"),
        ("DY 30/3667", "f-dy30~d-3667"),
        ("", ""),
    ):
        report = run(jsonl({"reference_code": "A-1", "title": "Talks", "archival_reference": reference}))
        assert report.problems == []
        assert Document.objects.get().file_key == key
