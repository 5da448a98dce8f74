"""The sample archive: what the two model pages name stands as it stands there, and the specimens show what they claim."""

import re
from io import StringIO

from django.core.management import call_command
from django.test import TestCase

from archive_site.collections.models import Collection
from documents.choices import Role, Status
from documents.models import Document, Place, Scan, Text
from people.models import Person
from records.dating import DateCertainty
from tests.search.holdings import reindex
from tests.search.pages import links_of, text_of
from themes.models import Theme

# As the collection page has them, in its order.
SINO_JAPANESE = [
    (
        "May 06, 1946",
        "From the Diary of V.M. Molotov, Reception of the Chinese Ambassador to France, Jing Tai, on 6 May 1946 at 3:00 p.m. in the Soviet Embassy in Paris",
    ),
    (
        "June 20, 1948",
        "Memorandum of Conversation, Soviet Ambassador to China, N. V. Roshchin with the President of the Chinese Republic Jiang Jieshi [Chiang Kai-shek] on 2 June 1948",
    ),
    ("February 01, 1949", "Memorandum of Conversation between Anastas Mikoyan and Zhou Enlai"),
    ("January 14, 1950", "Telegram, Mao Zedong to Hu Qiaomu"),
    (
        "January 22, 1950",
        "Record of Talks between I.V. Stalin and Chairman of the Central People's Government of the People’s Republic of China Mao Zedong",
    ),
    ("1955", "Information on Japan’s Participation in the Asian-African Conference"),
    (
        "January 30, 1969",
        "Note Gérard de la Villesbrunne to the Foreign Minister, 'New Interest of Western Diplomacy towards China: Hopes and Illusions'",
    ),
    (
        "December 12, 1970",
        "Memorandum of Conversation between Romanian Deputy Premier Gheorghe Radulescu and Zhou Enlai during a Visit to China between 20-26 November 1970",
    ),
    ("March 07, 1971", "Discussion between Zhou Enlai, Le Duan, and Pham Van Dong"),
    (
        "June 25, 1971",
        "Minutes of the Romanian Politburo Meeting Concerning Nicolae Ceauşescu's Visit to China, North Korea, Mongolia, and Vietnam",
    ),
    ("July 27, 1972", "Record of the First Meeting between Takeiri Yoshikatsu and Zhou Enlai"),
    ("July 28, 1972", "Record of the Second Meeting between Takeiri Yoshikatsu and Zhou Enlai"),
    ("July 29, 1972", "Zhou Enlai's Remarks about the Lin Biao Issue"),
    ("July 29, 1972", "Record of the Third Meeting between Takeiri Yoshikatsu and Zhou Enlai"),
    (
        "September, 1972",
        "Tacit Agreement between the Government of the People’s Republic of China and the Government of Japan",
    ),
    ("September, 1972", "Outline Proposal for the Japan-China Joint Declaration"),
    (
        "September, 1972",
        "Joint Declaration between the Government of the People’s Republic of China and the Government of Japan",
    ),
    (
        "September, 1972",
        "Joint Declaration between the Government of the People’s Republic of China and the Government of Japan (Draft)",
    ),
    (
        "September, 1972",
        "Explanation for China regarding the Japanese Delegation’s Proposal for the Japan-China Joint Declaration",
    ),
    (
        "September 25, 1972",
        "Record of the First Meeting between Prime Minister Tanaka and Premier Zhou Enlai",
    ),
]
# The ten of the page of results.
RESULTS = [
    (
        "June 10, 1991",
        "The Chancellor's [Helmut Kohl's] Meeting with British Prime Minister Major on Sunday, 9 June 1991, in Chequers",
    ),
    (
        "September 14, 1961",
        "Reception by N.S. Khrushchev of Japanese Ambassador H. Yamada, September 14, 1961",
    ),
    (
        "August 29, 1960",
        "Record of Conversation of N.S. Khrushchev with Prominent Political Figure of Japan M. Suzuki on August 29, 1960",
    ),
    (
        "May 10, 1960",
        "Record of Conversation: Chairman of the Council of Ministers of the USSR N.S. Khrushchev with the Minister of Farming and Forestry of Japan T. Fukuda and Chairman of the Association of Fisheries T. Takasaki May 10, 1960",
    ),
    ("January 25, 1960", "N.S. Khrushchev’s Note on a Memorandum to Japan"),
    ("January 24, 1960", "Comrade N.S. Khrushchev’s Note on a Memorandum to Japan"),
    (
        "August 10, 1988",
        "Ichiro Suetsugu, Secretary General, Council on National Security Problems, 'Results of Nakasone-Gorbachev Meeting and Future Issues: Putting the Northern Territories Issue at the Center'",
    ),
    (
        "November 9, 1986",
        "Cable No. 3757, Ambassador Nakae to the Foreign Minister, 'The Prime Minister’s Visit to China (Meeting with General Secretary Hu - Japan-China Relations)'",
    ),
    ("October 18, 1956", "Memorandum of Conversation between N.S. Khrushchev and Kono on October 18, 1956"),
    ("October 17, 1956", "Memorandum of Conversation of N.S. Khrushchev with I. Kono on October 17, 1956"),
]
SUMMARISED_THERE = 10  # the first ten have a summary there, the other ten none


def load(**options) -> str:
    """What the command prints."""
    said = StringIO()
    call_command("load_sample", stdout=said, **options)
    return said.getvalue()


class SampleTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.said = load()
        cls.collection = Collection.objects.get(slug="sino-japanese-relations")

    def sino_japanese(self) -> list[Document]:
        return list(self.collection.documents.visible_to(None).in_order_of_date())

    def people(self, reference_code: str, role: Role) -> list[str]:
        document = Document.objects.get(reference_code=reference_code)
        return [p.person.name for p in document.participations.filter(role=role).order_by("order")]

    def test_collection_has_the_twenty_in_the_order_of_the_page(self) -> None:
        self.assertEqual([(d.date_display, d.title) for d in self.sino_japanese()], SINO_JAPANESE)

    def test_record_ids_ascend_in_that_order(self) -> None:
        ids = [document.record_id for document in self.sino_japanese()]
        self.assertEqual(ids, sorted(ids))
        self.assertTrue(all(ids))

    def test_there_are_summaries_where_the_page_has_some(self) -> None:
        documents = self.sino_japanese()
        self.assertTrue(all(d.summary for d in documents[:SUMMARISED_THERE]))
        self.assertFalse(any(d.summary for d in documents[SUMMARISED_THERE:]))

    def test_nothing_is_invented_about_real_documents(self) -> None:
        real = Document.objects.filter(reference_code__startswith="SAMPLE-")
        self.assertEqual(real.count(), 30)
        self.assertFalse(real.exclude(classification=None).exists())
        self.assertFalse(real.exclude(repository=None).exists())
        self.assertFalse(real.exclude(archival_reference="").exists())
        self.assertFalse(Text.objects.filter(document__in=real).exists())
        self.assertFalse(Scan.objects.filter(document__in=real).exists())

    def test_collection_has_a_description_and_no_image(self) -> None:
        self.assertIn("Takeiri", self.collection.description)
        self.assertFalse(self.collection.image)
        self.assertTrue(self.collection.is_published)

    def test_the_ten_of_the_results_page_stand_in_collections(self) -> None:
        for date, title in RESULTS:
            with self.subTest(title):
                document = Document.objects.public().get(title=title)
                self.assertEqual(document.date_display, date)
                self.assertTrue(document.summary)
                self.assertTrue(document.collections.filter(is_published=True).exists())
                self.assertNotIn(self.collection, document.collections.all())
        named = {"soviet-japanese-relations": 8, "the-end-of-the-cold-war": 2}
        for slug, count in named.items():
            self.assertEqual(Collection.objects.get(slug=slug).documents.public().count(), count)

    def test_every_date_is_understood(self) -> None:
        for record in [*Document.objects.all(), *Person.objects.all()]:
            self.assertNotEqual(record.date_certainty, DateCertainty.UNREAD, record)
        undated = Document.objects.filter(date_certainty=DateCertainty.UNDATED)
        self.assertEqual([d.reference_code for d in undated], ["SPECIMEN-02"])

    def test_dates_that_contradict_their_title_stand(self) -> None:
        roshchin = Document.objects.get(title__contains="on 2 June 1948")
        self.assertEqual(roshchin.date_edtf, "1948-06-20")

    def test_people_have_the_names_by_which_they_are_looked_for(self) -> None:
        for name, variants in {
            "Mao Zedong": {"毛泽东", "毛澤東", "Mao Tse-tung", "Мао Цзэдун"},
            "Zhou Enlai": {"周恩来", "周恩來", "Chou En-lai", "Чжоу Эньлай"},
            "Nikita Khrushchev": {"Никита Хрущёв", "N.S. Khrushchev", "Nikita Chruschtschow"},
            "Chiang Kai-shek": {"蔣介石", "Jiang Jieshi"},
            "Nicolae Ceaușescu": {"Nicolae Ceauşescu"},
            "Kōno Ichirō": {"河野一郎", "I. Kono"},
        }.items():
            with self.subTest(name):
                person = Person.objects.get(name=name)
                self.assertLessEqual(variants, set(person.variant_names.values_list("name", flat=True)))
        self.assertEqual(Person.objects.get(name="Zhou Enlai").name_in_original_script, "周恩来")

    def test_roles_are_those_of_the_titles(self) -> None:
        self.assertEqual(self.people("SAMPLE-004", Role.CREATOR), ["Mao Zedong"])
        self.assertEqual(self.people("SAMPLE-004", Role.ADDRESSEE), ["Hu Qiaomu"])
        self.assertEqual(self.people("SAMPLE-009", Role.PRESENT), ["Zhou Enlai", "Le Duan", "Pham Van Dong"])
        self.assertEqual(self.people("SAMPLE-010", Role.MENTIONED), ["Nicolae Ceaușescu"])

    def test_documents_name_nobody_and_no_place_that_has_no_record_of_its_own(self) -> None:
        # A slip of the pen in documents.csv would make a second, empty record.
        lone = Person.objects.exclude(biography__gt="").exclude(variant_names__isnull=False)
        self.assertFalse(lone.exists(), list(lone))
        roots = Place.objects.filter(parent=None).order_by("name")
        self.assertEqual(
            [place.name for place in roots], ["Asia", "Europe", "Invented places", "Soviet Union"]
        )

    def test_specimens_say_what_they_are(self) -> None:
        specimens = Document.objects.filter(reference_code__startswith="SPECIMEN-")
        self.assertEqual(specimens.count(), 8)
        for document in specimens:
            self.assertTrue(document.title.startswith("Specimen: "), document)
            self.assertIn("written for this software", document.summary)
            self.assertEqual([c.slug for c in document.collections.all()], ["specimens-of-the-reader"])

    def test_transcript_and_translation_correspond_paragraph_by_paragraph(self) -> None:
        for code, lang, direction in [
            ("SPECIMEN-01", "de", "ltr"),
            ("SPECIMEN-03", "ru", "ltr"),
            ("SPECIMEN-04", "zh-Hans", "ltr"),
            ("SPECIMEN-05", "ar", "rtl"),
        ]:
            with self.subTest(code):
                transcript, translation = Document.objects.get(reference_code=code).texts.order_by("kind")
                self.assertEqual((transcript.lang, transcript.dir), (lang, direction))
                self.assertEqual(translation.lang, "en")
                self.assertEqual(len(transcript.paragraphs()), len(translation.paragraphs()))
                self.assertGreaterEqual(len(transcript.paragraphs()), 8)
                self.assertTrue(transcript.credit and translation.credit)

    def test_scans_are_what_their_files_hold(self) -> None:
        scans = {scan.original_name: scan for scan in Scan.objects.all()}
        self.assertEqual(len(scans), 7)
        self.assertEqual(scans["station-clock.pdf"].media_type, "application/pdf")
        self.assertEqual(scans["station-clock.pdf"].pages, 2)
        self.assertEqual(scans["black-rock.png"].media_type, "image/png")
        for scan in scans.values():
            with scan.file.open("rb") as stored:
                self.assertEqual(len(stored.read()), scan.size)

    def test_states_that_only_curators_see(self) -> None:
        self.assertEqual(
            list(
                Document.objects.exclude(pk__in=Document.objects.public().values("pk"))
                .order_by("reference_code")
                .values_list("reference_code", "status")
            ),
            [
                ("SPECIMEN-06", Status.DRAFT),
                ("SPECIMEN-07", Status.PUBLISHED),  # under embargo
                ("SPECIMEN-08", Status.WITHDRAWN),
            ],
        )
        withdrawn = Document.objects.withdrawn().get()
        self.assertEqual(withdrawn.reference_code, "SPECIMEN-08")
        self.assertTrue(withdrawn.withdrawal_note)

    def test_documents_lead_to_one_another(self) -> None:
        note = Document.objects.get(reference_code="SPECIMEN-01")
        self.assertEqual([d.reference_code for d in note.attachments.all()], ["SPECIMEN-02"])
        declaration = Document.objects.get(reference_code="SAMPLE-017")
        self.assertEqual(
            sorted(d.reference_code for d in declaration.related.all()), ["SAMPLE-016", "SAMPLE-018"]
        )

    def test_themes_lead_to_documents(self) -> None:
        theme = Theme.objects.public().get(slug="ten-weeks-of-1972")
        self.assertEqual([c.slug for c in theme.collections.all()], ["sino-japanese-relations"])
        told = [entry.document.title for entry in theme.entries.all() if entry.document]
        self.assertEqual(len(told), 10)
        self.assertEqual(told[-1], SINO_JAPANESE[-1][1])

    def test_loading_again_changes_nothing(self) -> None:
        def state() -> list:
            return [
                list(model.objects.order_by("pk").values())
                for model in (Document, Person, Collection, Place, Text, Scan, Theme)
            ] + [list(entry) for entry in Theme.objects.order_by("entries__pk").values_list("entries__pk")]

        before = state()
        said = load()
        self.assertEqual(state(), before)
        for word in ("created", "updated", "rejected"):
            self.assertNotIn(word, said)
        self.assertIn("30 unchanged", said)

    def test_a_lost_record_comes_back_as_it_was(self) -> None:
        Theme.objects.get(slug="ten-weeks-of-1972").entries.all()[0].delete()
        Document.objects.filter(reference_code="SAMPLE-006").update(summary="Changed by hand.")
        said = load()
        self.assertIn("1 updated", said)
        self.assertNotEqual(Document.objects.get(reference_code="SAMPLE-006").summary, "Changed by hand.")
        self.assertEqual(Theme.objects.get(slug="ten-weeks-of-1972").entries.count(), 11)

    def test_an_archive_with_documents_is_left_alone_if_asked(self) -> None:
        Person.objects.filter(name="Lin Biao").update(biography="")
        said = load(if_empty=True)
        self.assertIn("documents already", said)
        self.assertEqual(Person.objects.get(name="Lin Biao").biography, "")

    def test_the_command_says_what_it_did(self) -> None:
        for line in ("people.csv: 44 created", "documents.csv: 30 created", "specimens.jsonl: 8 created"):
            self.assertIn(line, self.said)


class EmptyArchiveTests(TestCase):
    def test_an_empty_archive_is_filled_if_asked(self) -> None:
        said = load(if_empty=True)
        self.assertIn("documents.csv: 30 created", said)
        self.assertEqual(Document.objects.count(), 38)


class FoundTests(TestCase):
    """The sample in the search and on its pages."""

    @classmethod
    def setUpTestData(cls) -> None:
        load()
        reindex()

    def test_the_ten_are_found_by_the_words_of_their_titles(self) -> None:
        for _date, title in RESULTS:
            with self.subTest(title):
                response = self.client.get("/search/", {"q": re.sub(r"[^\w'’.]+", " ", title)})
                address = Document.objects.get(title=title).get_absolute_url()
                self.assertTrue(any(link.startswith(address) for link in links_of(response)))

    def test_every_example_of_the_help_page_finds_something(self) -> None:
        examples = [link for link in links_of(self.client.get("/help/")) if link.startswith("/search/?q=")]
        self.assertGreater(len(examples), 15)
        for example in examples:
            with self.subTest(example):
                page = self.client.get(example).context["page"]
                self.assertGreater(page.total, 0)
                self.assertEqual(page.notes, ())

    def test_a_date_as_it_is_written_finds_what_bears_it(self) -> None:
        dated = {title for date, title in SINO_JAPANESE if "1972" in date}
        for words, wanted in {
            "1972": dated,
            "September 1972": {title for date, title in SINO_JAPANESE if date.startswith("September")},
            "July 29, 1972": {title for date, title in SINO_JAPANESE if date == "July 29, 1972"},
        }.items():
            with self.subTest(words):
                page = self.client.get("/search/", {"q": words, "per_page": 50}).context["page"]
                self.assertLessEqual(wanted, {hit.entry.title for hit in page.hits})

    def test_a_search_for_japan_has_a_first_page_of_ten(self) -> None:
        response = self.client.get("/search/", {"q": "Japan"})
        self.assertRegex(text_of(response), r"\b1 - 10 of 1\d\b")

    def test_the_collection_page_shows_the_twenty_in_order(self) -> None:
        shown = text_of(self.client.get("/collections/sino-japanese-relations/"))
        self.assertIn("No image found.", shown)
        self.assertIn("1 - 20 of 20", shown)
        place = 0
        for date, title in SINO_JAPANESE:
            place = shown.index(date, place)
            place = shown.index(title, place)

    def test_a_name_in_another_script_finds_the_documents(self) -> None:
        telegram = "Telegram, Mao Zedong to Hu Qiaomu"
        for name in ("毛泽东", "Мао Цзэдун", "Mao Tse-tung"):
            self.assertIn(telegram, text_of(self.client.get("/search/", {"q": name})), name)

    def test_hidden_specimens_answer_as_they_should(self) -> None:
        for code, status in {
            "SPECIMEN-05": 200,
            "SPECIMEN-06": 404,
            "SPECIMEN-07": 404,
            "SPECIMEN-08": 410,
        }.items():
            url = Document.objects.get(reference_code=code).get_absolute_url()
            self.assertEqual(self.client.get(url).status_code, status, code)
        draft = Scan.objects.get(original_name="draft-letter.pdf")
        self.assertEqual(self.client.get(draft.get_absolute_url()).status_code, 404)
