"""The search page: what it shows, what it survives, how much it asks."""

import re
from datetime import date
from html import unescape
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from search.engines.errors import IndexMissingError
from search.facets import FACETS
from search.state import SearchState
from tests.search.pages import links_of, search, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]


def test_the_first_page_counts_as_the_archive_does(client, records):
    response = search(client)
    assert response.status_code == 200
    text = text_of(response)
    assert "1 - 10 of 40" in text
    assert "40 documents" in text
    assert len(re.findall(r'<article class="entry"', response.content.decode())) == 10


def test_the_last_page_holds_the_rest(client, records):
    assert "31 - 40 of 40" in text_of(search(client, "page=4"))
    assert "26 - 40 of 40" in text_of(search(client, "page=2&per_page=25"))


def test_a_page_beyond_the_end_says_so_and_leads_back(client, records):
    for page in ("5", "999999999999999999999999"):
        response = client.get(f"/search/?page={page}", follow=True)
        assert response.status_code == 200
        assert "There is no page" in text_of(response)
        assert "?page=4" in links_of(response)


def test_the_sentence_says_what_was_searched_and_each_part_can_be_taken_out(client, records):
    response = search(client, "q=peace&language=rus&from=1955&to=1957")
    total = response.context["page"].total
    assert total > 0
    heading = re.search(r"<h1.*?</h1>", response.content.decode(), re.DOTALL).group()
    words = " ".join(unescape(re.sub(r"<[^>]+>", " ", heading)).replace("×", "").split())
    assert words == f"{total} documents with peace in Russian that could be from 1955 to 1957"
    assert re.findall(r'aria-label="(Remove[^"]*)"', heading) == [
        "Remove peace",
        "Remove Russian",
        "Remove 1955 to 1957",
    ]
    for link in re.findall(r'href="\?([^"]*)"', heading):
        assert search(client, unescape(link)).status_code == 200


def test_found_words_are_marked(client, records):
    assert "<mark>Peace</mark>" in search(client, "q=peace").content.decode()


def test_facets_count_every_value_and_show_the_chosen_ones_first(client, records):
    response = search(client, "language=ger")
    panels = {panel.facet.name: panel for panel in response.context["page"].panels}
    counts = {item.value: item.count for item in panels["language"].values}
    # A facet's own choice does not narrow its counts.
    assert counts == {
        code: sum(code in record.languages for record in records) for code in ("rus", "chi", "ger")
    }
    assert panels["language"].values[0].value == "ger"
    assert panels["language"].values[0].is_chosen
    people = {item.label: item.count for item in panels["person"].values}
    assert people == {
        name: count
        for name in ("Zhou Enlai", "Nikita Khrushchev")
        if (count := sum(name in record.people and "ger" in record.languages for record in records))
    }


def test_every_control_of_the_page_keeps_the_search(client, records):
    html = search(
        client, "q=peace&language=rus&in=everything&sort=title&from=1955&per_page=25"
    ).content.decode()
    assert re.search(r'name="q"[^>]*value="peace"', html)
    assert re.search(r'name="language" value="rus"[^>]* checked', html)
    assert re.search(r'<option value="everything" selected', html)
    assert re.search(r'<option value="title" selected', html)
    assert re.search(r'name="from"[^>]*value="1955"', html)
    assert re.search(r'<option value="25" selected', html)
    # The forms that keep a hit in the reader's list carry what they need.
    form = html.partition('id="search-form"')[2].partition("</form>")[0]
    assert not re.findall(r'type="hidden"', form)


def test_what_a_page_does_not_draw_is_carried_hidden(client, records):
    html = search(client, "q=nothinglikethis&sort=title&per_page=25").content.decode()
    assert '<input type="hidden" name="sort" value="title">' in html
    assert '<input type="hidden" name="per_page" value="25">' in html


def test_a_form_that_was_sent_leads_to_the_address_of_its_search(client, records):
    sent = "in=documents&q=peace&f-join=and&f-field=title&f-value=japan&from=&to=&certain=&sort=relevance&per_page=10"
    response = search(client, sent)
    assert response.status_code == 302
    assert response.url == "/search/?q=peace&f=and:title:japan"
    added = search(client, sent + "&add=1")
    assert added.url == "/search/?q=peace&f=and:title:japan&f=and:any:"
    html = client.get(added.url).content.decode()
    assert len(re.findall(r'<input type="text" name="f-value"', html.split("<template")[0])) == 2
    assert search(client, sent + "&cancel=0").url == "/search/?q=peace"


def test_an_empty_result_says_what_would_be_found(client, records):
    response = search(client, "q=border+fishing&language=ger")
    text = text_of(response)
    assert "No document with both border and fishing in German" in text
    for word in ("border", "fishing"):
        total = search(client, urlencode({"q": word, "language": "ger"})).context["page"].total
        offers = response.context["advice"].offers
        offered = [offer for offer in offers if offer.state.words == word and offer.state.chosen]
        assert [offer.total for offer in offered] == ([total] if total else [])
        unfiltered = [offer for offer in offers if offer.state.words == word and not offer.state.chosen]
        assert [offer.total for offer in unfiltered] == [search(client, f"q={word}").context["page"].total]
    assert all(offer.total for offer in response.context["advice"].offers)


def test_of_words_that_are_never_together_each_is_offered_alone(client, records):
    response = search(client, 'q=Khrushchev+"fishing+grounds"+-trade+Hamburg')
    assert response.context["page"].total == 0
    offers = {offer.label: offer.total for offer in response.context["advice"].offers}
    assert offers["With “Khrushchev” alone"] == sum(
        "Nikita Khrushchev" in record.people for record in records
    )
    assert offers["With “fishing grounds” alone"] == sum("Fishing" in record.title for record in records)
    assert not any(f"With “{word}” alone" in offers for word in ("Hamburg", "trade"))


def test_where_nothing_is_found_each_condition_less_is_offered_once(client, records):
    response = search(client, "q=peace+Hamburg&language=rus")
    peace = search(client, "q=peace&language=rus").context["page"].total
    rus = search(client, "language=rus").context["page"].total
    offers = [(offer.label, offer.total) for offer in response.context["advice"].offers]
    assert offers == [("With “peace” alone", peace), ("Without “peace Hamburg”", rus)]
    # What was not to be there: the search is offered with it.
    response = search(client, "q=peace+-treaty&language=rus")
    offers = [(offer.label, offer.total) for offer in response.context["advice"].offers]
    assert offers == [("Also with “treaty”", peace), ("Without “peace -treaty”", rus)]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("border or fishing", "border OR fishing"),
        ("treaty not japan", "treaty NOT japan"),
        ("zhou and khrushchev", "zhou AND khrushchev"),
    ],
)
def test_an_operator_in_small_letters_may_have_been_meant(client, records, typed, meant):
    response = search(client, urlencode({"q": typed}))
    offer = response.context["meant"]
    assert offer.label == meant
    assert offer.total == search(client, offer.query_string).context["page"].total > 0
    assert f"Did you mean {meant} ?" in text_of(response)
    assert "With “or” alone" not in text_of(response)


@pytest.mark.parametrize("typed", ["or", "border or", '"border or fishing"', "border OR fishing", "peace"])
def test_a_word_that_is_no_operator_is_left_alone(client, records, typed):
    assert search(client, urlencode({"q": typed})).context["meant"] is None


@pytest.mark.parametrize(
    ("typed", "words", "first", "last"),
    [
        ("spring 1955", "", "1955-03-01", "1955-05-31"),
        ("japan 1955", "japan", "1955-01-01", "1955-12-31"),
        ("peace OR trade May 1955", "peace OR trade", "1955-05-01", "1955-05-31"),
        ("before 1956", "", None, "1955-12-31"),
        ("peace since 1956", "peace", "1956-01-01", None),
    ],
)
def test_a_date_at_the_end_may_have_been_meant_as_one(client, records, typed, words, first, last):
    response = search(client, urlencode({"q": typed, "in": "everything"}))
    meant = response.context["meant"]
    assert (meant.state.words, meant.state.scope) == (words, "documents")
    earliest, latest = meant.state.date_range
    assert (earliest and str(earliest), latest and str(latest)) == (first, last)
    assert meant.total == search(client, meant.query_string).context["page"].total > 0
    assert "a date that could be" in text_of(response)


@pytest.mark.parametrize(
    "query",
    [
        {"q": '"spring 1955"'},
        {"q": "peace OR 1955"},
        {"q": "peace | 1955"},
        {"q": "peace -1955"},
        {"q": "year:1955"},
        {"q": "05/06/1946"},
        {"q": '"peace 1955'},
        {"q": "31"},
        {"q": "1955 peace"},
        {"q": "peace 1955", "from": "1950"},
        {"q": "1955", "in": "people"},
        {"q": "japan 1823"},
    ],
)
def test_what_is_no_date_at_the_end_or_asks_for_dates_already_is_left_alone(client, records, query):
    assert search(client, urlencode(query)).context["meant"] is None


def test_choices_that_are_as_usual_are_led_to_the_address_without_them(client, records):
    response = search(client, "in=documents&q=peace&language=RUS&sort=relevance&per_page=10")
    assert response.status_code == 302
    assert response.url == "/search/?q=peace&language=rus"


def test_the_sentence_agrees_with_its_number(client, records):
    def said(query: str) -> str:
        return search(client, query).context["plain_sentence"]

    assert said("q=japan&from=1955&to=1955&certain=1").endswith("that are certainly from 1955")
    one = "q=%22No.+0%22&from=1955&to=1955&certain=1"
    assert said(one) == "1 document with “No. 0” that is certainly from 1955"
    assert said("dated=none") == "5 documents that are undated"
    assert said("q=nothinglikeit&dated=none") == "No document with nothinglikeit that is undated"
    assert said("to=before+1956").endswith("that could be from 1955 or earlier")
    assert said("from=between+1955+and+1957&to=between+1955+and+1957").endswith("from 1955 to 1957")
    assert said("has=scan&has=transcript").endswith("with a scan or a transcript")
    assert said("q=japan&place=tokyo").endswith("with japan about the place Tokyo")


def test_people_and_collections_stand_in_order_of_name_and_offer_no_date(client, records):
    for scope in ("people", "collections"):
        response = search(client, f"in={scope}")
        titles = [hit.entry.title for hit in response.context["page"].hits]
        assert titles == sorted(titles) and len(titles) > 1
        assert "date, earliest first" not in text_of(response)
        assert search(client, f"in={scope}&sort=date").url == f"/search/?in={scope}"


def test_a_value_that_the_archive_has_not_is_named_and_can_be_taken_away(client, records):
    response = search(client, "place=atlantis&q=japan")
    assert "Places: the archive has no “atlantis”" in text_of(response)
    assert "?q=japan" in links_of(response)
    assert search(client, "place=tokyo").context["page"].notes == ()


def test_a_date_of_two_readings_is_refused_without_the_words_of_importers(client, records):
    text = text_of(search(client, "from=05/06/1946"))
    assert "write 5 June 1946, May 6, 1946 or 1946-05-06" in text
    assert "mapping" not in text
    assert "another day tomorrow" in text_of(search(client, "from=today"))
    assert "before the year 1" in text_of(search(client, "to=-500"))
    assert "in the other box, To" in text_of(search(client, "from=before+1949"))


def test_boxes_without_a_range_are_not_printed(client, records):
    assert 'class="strip-range"' in search(client, "q=peace").content.decode()
    assert 'class="strip-range is-set"' in search(client, "q=peace&to=1957").content.decode()


def test_a_misspelt_word_is_answered_with_one_that_has_hits(client, records):
    response = search(client, "q=tready")
    spelling = response.context["advice"].spelling
    assert spelling is not None
    assert spelling.total == search(client, spelling.query_string).context["page"].total > 0
    assert "Did you mean" in text_of(response)


def test_a_date_that_is_none_is_not_offered_as_another_that_is_none(client, records):
    """ "date:tready" is read as a word, and so would be "date:treaty"."""
    offered = search(client, "q=tready").context["advice"].spelling
    assert offered is not None
    assert offered.state.words == "treaty"
    assert search(client, "q=(tready").context["advice"].spelling is not None
    response = search(client, "q=date:tready")
    assert "“tready” is no date" in text_of(response)
    assert response.context["advice"].spelling is None


def test_an_empty_result_offers_the_whole_archive(client, records):
    response = search(client, "q=Khrushchev&in=collections")
    assert response.context["advice"].everything.state.scope == "everything"
    assert response.context["advice"].everything.total > 0


def test_drafts_and_withdrawn_records_are_nowhere(client, records, admin_client):
    for visitor in (client, admin_client):
        for query in (
            "",
            "q=draft",
            "q=withdrawn",
            "in=everything",
            "person=mao-zedong",
            "q=Mao",
            "in=people&q=Mao",
        ):
            for page in range(1, 6):
                text = text_of(search(visitor, f"{query}&page={page}".strip("&")))
                assert "Draft on the Peace" not in text
                assert "Withdrawn Note" not in text


def test_a_hit_the_database_hides_is_not_drawn_even_if_index_and_outbox_are_late(client, records):
    from documents.models import Document
    from search.models import OutboxEntry

    title = records[0].title
    Document.objects.filter(title=title).update(status="draft")
    OutboxEntry.objects.all().delete()
    assert title not in text_of(search(client, "per_page=100"))


HOSTILE = [
    'q="unbalanced',
    "q=((((((",
    "q=AND OR NOT",
    "q=*",
    "q=%00%ff%fe",
    "q=title:",
    "q=year:99999",
    "q=" + "a " * 1500,
    "q=" + "(" * 900,
    "q='; DROP TABLE documents_document; --",
    "q=%F0%9F%92%A9&language=%F0%9F%92%A9",
    "page=-1",
    "page=0",
    "page=" + "9" * 400,
    "page=1e9",
    "per_page=0&page=abc",
    "per_page=100000",
    "sort=date_sort;drop",
    "in=collection:",
    "in=collection:no-such-collection",
    "in=collection:%00",
    "in[]=everything",
    "from=5/6/46&to=never",
    "from=" + "1" * 500,
    "to=-99999999",
    "from=9999-12-31&to=0001-01-01",
    "from=0001-01-01&to=9999-12-31&certain=1",
    "certain=yes&undated=1&from=1955",
    "f=and:title:&f=xx:yy:zz&f=::&f=&f=not",
    "f=not:any:",
    "f-value=a&f-value=b&f-join=not",
    "cancel=99&add=",
    "&".join(f"f=or:title:{n}" for n in range(200)),
    "&".join(f"person={n}" for n in range(500)),
    "language=&language=,&language='\"<script>",
    "has=everything",
    "type=%E2%80%AE&archive=%0d%0a",
    "q=<script>alert(1)</script>&from=<b>",
    "utm_source=x&&&=&=&",
    "q=%",
    "s=1&n=2",
    "place=-&place=--&place=-_none&place=_none&place-match=all&place-match=some",
    "dated=none&dated=roughly&undated=1&from=1955",
    "f=and:date:between:..&f=and:date:after:9999-12-31&f=or:person:is:%00&f=not:date:between:a%20and%20b",
    "f-op=is&f-op=xx&f-value=a&f-value=b&f-field=record",
    "&".join(f"person=-{n}" for n in range(500)),
]


@pytest.mark.parametrize("query", HOSTILE)
def test_whatever_the_address_says_there_is_a_page(client, records, query):
    response = client.get(f"/search/?{query}", follow=True)
    assert response.status_code == 200
    assert "<script>alert" not in response.content.decode()
    for link in links_of(response):
        if link.startswith("?") and len(link) < 3000:
            # Whatever the page offers is an address in its canonical form.
            state = SearchState.parse_text(link[1:])
            assert SearchState.parse_text(state.query_string) == state


@pytest.mark.parametrize("facet", FACETS, ids=str)
@pytest.mark.parametrize(
    "query", ["", "find=%00&letter=%ff&by=x&values_page=9999", "letter=zz&values_page=-1", *HOSTILE[:6]]
)
def test_every_facet_has_a_page_of_its_own(client, records, facet, query):
    assert client.get(f"/search/facet/{facet.name}/?{query}").status_code == 200


def test_there_is_no_page_of_a_facet_that_is_not(client):
    assert client.get("/search/facet/nothing/").status_code == 404
    assert client.post("/search/").status_code == 405


def test_values_chosen_elsewhere_stay_chosen_on_the_page_of_a_facet(client, records):
    html = client.get("/search/facet/place/?place=moscow&language=rus&find=tok").content.decode()
    assert '<input type="hidden" name="place" value="moscow">' in html
    assert '<input type="hidden" name="language" value="rus">' in html


def test_the_number_of_queries_does_not_grow_with_the_hits(client, records):
    search(client)

    def asked(query: str) -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert search(client, query).status_code == 200
        return len(queries)

    ten, all_of_them = asked("q=the&in=everything"), asked("q=the&in=everything&per_page=100")
    assert ten == all_of_them
    assert asked("per_page=100") <= 20


def test_the_years_of_a_search_are_drawn_and_told(client, records):
    response = search(client, "from=1956&to=1956")
    strip = response.context["page"].strip
    for bar in strip.bars:
        certain = sum(
            record.written in (bar.label, "May 06, 1955", "1956-03-01", "September, 1972")
            and bar.label in (record.written[:4], record.written[-4:])
            for record in records
        )
        assert bar.certain == certain, bar.label
    assert strip.total == len(records)
    assert strip.undated == sum(not record.written for record in records)
    html = response.content.decode()
    assert html.count("<svg") == 2  # by years, and the one asked for by months
    assert "style=" not in html


def test_a_date_that_cannot_be_read_is_told_beside_its_box(client, records):
    html = search(client, "from=Feb.+30,+1951&to=1956").content.decode()
    assert re.search(r'id="search-from"[^>]*aria-invalid="true" aria-describedby="problem-from"', html)
    assert 'id="problem-from"' in html
    assert 'value="Feb. 30, 1951"' in html
    assert "1956 or earlier" in text_of(search(client, "from=Feb.+30,+1951&to=1956"))


def test_a_hit_whose_date_may_lie_outside_the_range_says_so(client, records):
    hits = search(client, "from=1956&to=1956&per_page=100").context["page"].hits
    notes = {record.title: record.is_certainly(date(1956, 1, 1), date(1956, 12, 31)) for record in records}
    assert {notes[hit.entry.title] for hit in hits} == {True, False}
    for hit in hits:
        says_so = hit.entry.date_note.startswith(("could be in this range", "date uncertain"))
        assert says_so == (not notes[hit.entry.title])
    assert all(
        hit.entry.date_note != "could be in this range" for hit in search(client, "").context["page"].hits
    )


def test_hits_that_are_no_documents_say_what_they_are(client, records):
    assert "Nikita Khrushchev People" in text_of(search(client, "q=Khrushchev&in=everything"))
    assert "Nikita Khrushchev People" not in text_of(search(client, "q=Khrushchev&in=people"))


def test_with_the_engine_down_the_catalogue_answers(client, records, engine_fails):
    engine_fails(IndexMissingError("no index"))
    response = search(client, "q=fishing")
    assert response.status_code == 200
    text = text_of(response)
    assert "cannot be reached" in text
    fishing = {record.title for record in records if "Fishing" in record.title}
    assert {hit.entry.title for hit in response.context["page"].hits} == fishing
    assert response.context["page"].total == len(fishing)
    assert "Draft on" not in text_of(search(client, "q=peace"))
    assert client.get("/search/facet/person/").status_code == 200


def test_a_hit_leads_to_its_record_with_the_place_in_the_result(client, records):
    response = search(client, "q=peace&page=2")
    hit = response.context["page"].hits[0]
    asked = parse_qs(urlsplit(hit.entry.url).query)
    assert asked == {"s": ["q=peace"], "n": ["11"]}


def test_every_box_has_a_label_and_every_id_is_one(client, records):
    html = (
        search(client, "q=peace&f=and:title:peace")
        .content.decode()
        .replace("<template", "<!--")
        .replace("</template>", "-->")
    )
    html = re.sub(r"<!--.*?-->", "", html, flags=re.DOTALL)
    ids = re.findall(r'\sid="([^"]*)"', html)
    assert len(ids) == len(set(ids))
    for box in re.findall(r"<(?:input|select)\b[^>]*>", html):
        if 'type="hidden"' in box:
            continue
        named = "aria-label=" in box or (
            (match := re.search(r'id="([^"]*)"', box))
            and (
                f'for="{match.group(1)}"' in html
                or re.search(rf"<label[^>]*>(?:(?!</label>).)*{re.escape(match.group(1))}", html, re.DOTALL)
            )
        )
        assert named, box
