"""What only this engine can: texts searched in the forms of their own language."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest

from search.engines.elasticsearch.languages import LANGUAGES, stems_in
from search.grammar import parse
from search.queryset import ArchiveQuerySet
from search.text import words as folded
from tests.search.catalogue.engines import EngineUnderTest, drop_indices, on_the_server
from tests.search.catalogue.languages import SENTENCES, TEXTS, LanguagesEngine, Text, TranscriptIndex, reports
from tests.search.contract.conftest import connect, disconnect

pytestmark = pytest.mark.elasticsearch
ENGINE = EngineUnderTest(
    "languages", f"{LanguagesEngine.__module__}.{LanguagesEngine.__name__}", on_the_server, drop_indices
)


@pytest.fixture(scope="module")
def search(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ArchiveQuerySet]:
    backend = connect("languages", ENGINE, tmp_path_factory.mktemp("languages"))
    backend.clear()
    backend.update(TranscriptIndex(), reports())
    yield ArchiveQuerySet(using="languages")
    disconnect("languages", ENGINE)


def found(search: ArchiveQuerySet, query: str) -> set[str]:
    """The languages of the texts that a query finds."""
    return {
        TEXTS[int(hit.pk) - 1].language for hit in search.read(parse(query, {"transcript": "transcript"}))
    }


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: text.language)
def test_every_form_of_a_word_finds_the_text(search, text):
    for form in text.forms:
        assert text.language in found(search, form), form
        assert text.language in found(search, f"transcript:{form}"), form


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: text.language)
def test_a_passage_shows_the_form_that_stands_there(search, text: Text):
    number = TEXTS.index(text) + 1
    for form in text.forms:
        hits = search.read(parse(form)).highlight()[:]
        (hit,) = [hit for hit in hits if int(hit.pk) == number]
        marked = [part for passage in hit.passages for part, is_marked in passage.segments if is_marked]
        assert marked, form
        assert all(part in text.transcript for part in marked)


def test_forms_are_those_of_the_text_s_own_language(search):
    """The Russian word is no Bulgarian one; what no language here inflects is found as it stands."""
    assert found(search, "переговоров") == {"rus"}
    assert found(search, "rozmowy") == {"pol"}
    assert found(search, "rozmowa") == set()


def test_a_phrase_is_exact_in_every_language(search):
    assert found(search, '"переговоры о договоре"') == {"rus"}
    assert found(search, '"переговоров о договоре"') == set()
    assert found(search, '"Les négociations"') == {"fre"}
    assert found(search, '"Les négociation"') == set()


@pytest.mark.parametrize("code", sorted(LANGUAGES))
def test_what_the_engine_finds_for_a_word_is_marked_in_the_text(search, code):
    """Words that are one to the engine are one to what marks them, whatever else is one to it too."""
    text = TEXTS[[each.language for each in TEXTS].index(code)]
    words = sorted(set(folded(" ".join((SENTENCES[code], text.transcript, *text.forms)))))
    server = search.query.backend.server
    answer = server.ask(
        lambda client: client.indices.analyze(
            index=search.query.backend.indices.alias, analyzer=code, text=" ".join(words)
        )
    )
    stems = dict(zip(words, (token["token"] for token in answer["tokens"]), strict=True))
    marking = stems_in(LANGUAGES[code], words)
    assert len(set(stems.values())) < len(words), "no two forms of a word, so the test would show nothing"
    for one, other in itertools.combinations(words, 2):
        if stems[one] == stems[other]:
            assert marking.get(one, one) == marking.get(other, other), (one, other)


def test_every_language_has_its_true_word():
    """No stemmer is offered without a text above that needs it."""
    assert LANGUAGES.keys() <= {text.language for text in TEXTS}
