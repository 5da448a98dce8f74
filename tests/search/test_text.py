"""The folding of text: what is the same word, and where it stands in the original."""

from __future__ import annotations

import sqlite3

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.engines.sqlite.stems import stems
from search.text import WORD_LIMIT, fold, rough, tokens, words

SCRIPTS = "abcXYZ019'’.-_ \n\tß ﬁ½№ⅣéÉe\u0301øØłĐæœþıİI\u0307žёЁйЙї周恩カがか\u3099ｶﾞﾊﾟー김\u1112\u1161\u11abאבּ״\"\u05b8أإآٱةىَّـيयि\u200b\u00ad\u200d\ud800\x00🂡"
texts = st.one_of(st.text(max_size=60), st.text(alphabet=SCRIPTS, max_size=40))


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Ceauşescu Ceaușescu CEAUŞESCU", ["ceausescu"] * 3),
        ("Weißenfels WEISSENFELS", ["weissenfels"] * 2),
        ("Ørsted Łódź Đukić Æthelred Œuvre Þingvellir Ħal", ["orsted", "lodz", "dukic", "aethelred", "oeuvre", "thingvellir", "hal"]),
        ("İstanbul ISTANBUL ıstanbul istanbul", ["istanbul"] * 4),
        ("Ёлка елка ЁЛКА", ["елка"] * 3),
        ("май МАЙ мая", ["май", "май", "мая"]),
        ("Київ", ["київ"]),
        ("Ἀθῆναι ΑΘΗΝΑΙ ὁδός", ["αθηναι", "αθηναι", "οδοσ"]),
        ("أَحْمَدُ إسلام آسيا القـــاهرة مدرسة على", ["احمد", "اسلام", "اسيا", "القاهره", "مدرسه", "علي"]),
        ("فارسی کتاب", ["فارسي", "كتاب"]),
        ("שָׁלוֹם שלום", ["שלום"] * 2),
        ('צה"ל צה״ל', ["צהל"] * 2),
        ("Ｍａｏ　１９５６", ["mao", "1956"]),
        ("١٩٥٦ ۱۹۵۶ १९५६", ["1956"] * 3),
        ("ﬁnal №5", ["final", "no5"]),
        ("cafe\u0301 café", ["cafe"] * 2),
        ("周恩来1972年访日", ["周", "恩", "来", "1972", "年", "访", "日"]),
        ("ｶﾞｲﾄﾞ ガイド", list("ガイド") * 2),
        ("か\u3099が", ["が", "が"]),
        ("김일성 \u1100\u1175\u11b7", ["김", "일", "성", "김"]),
        ("\uf900豈", ["豈", "豈"]),
        ("हिन्दी भाषा", ["हिन्दी", "भाषा"]),
        ("Chiang Kai-shek", ["chiang", "kai", "shek"]),
        ("Sino-Japanese—Soviet–Chinese", ["sino", "japanese", "soviet", "chinese"]),
        ("Japan's Japan’s Japans' states’", ["japan", "japan", "japans", "states"]),
        ("l'Europe d’État qu'il dell'Italia", ["l", "europe", "d", "etat", "qu", "il", "dell", "italia"]),
        ("T'ai-p'ing Ch'en Xi'an O'Brien don't п'ять", ["tai", "ping", "chen", "xian", "obrien", "dont", "пять"]),
        ("'quoted' ''twice''", ["quoted", "twice"]),
        ("U.S.S.R. U.S. aid. J.F. Kennedy e.g. this", ["ussr", "us", "aid", "jf", "kennedy", "eg", "this"]),
        ("3.5 1,000 10:30 a/b a_b", ["3", "5", "1", "000", "10", "30", "a", "b", "a", "b"]),
        ("co\u00adoperation na\u200cme", ["cooperation", "name"]),
        ("a\u200bb", ["a", "b"]),
        ("\ud800 \x00 🂡 !?", []),
        ("", []),
    ],
)  # fmt: skip
def test_what_words_are_folded_to(text, folded):
    assert words(text) == folded
    assert [token.word for token in tokens(text)] == folded


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("The Ceauşescus' visit", ["The", "Ceauşescus", "visit"]),
        ("Japan's U.S.S.R.", ["Japan's", "U.S.S.R"]),
        ("l'Europe", ["l", "Europe"]),
        ("re\u0301sume\u0301!", ["re\u0301sume\u0301"]),
        ("周恩来 ﾊﾟﾝ", ["周", "恩", "来", "ﾊﾟ", "ﾝ"]),
        ("Weißenfels ½", ["Weißenfels", "½", "½"]),
        ("שָׁלוֹם", ["שָׁלוֹם"]),
    ],
)
def test_where_words_stand_in_the_original(text, places):
    assert [text[token.start : token.end] for token in tokens(text)] == places


@settings(max_examples=400, deadline=None)
@given(texts)
def test_both_ways_of_folding_agree(text):
    found = tokens(text)
    assert [token.word for token in found] == words(text)
    assert all(0 <= token.start < token.end <= len(text) for token in found)
    assert [token.start for token in found] == sorted(token.start for token in found)


@settings(max_examples=400, deadline=None)
@given(texts)
def test_folding_twice_changes_nothing(text):
    assert words(fold(text)) == words(text)


@settings(max_examples=400, deadline=None)
@given(texts)
def test_a_word_alone_folds_as_in_its_text(text):
    """So that what is cut out and typed again is found."""
    for token in tokens(text):
        assert set(words(text[token.start : token.end])) >= {token.word} or len(token.word) == WORD_LIMIT


@settings(max_examples=300, deadline=None)
@given(texts)
def test_the_quick_look_never_misses_a_word(text):
    assert all(word in rough(text) for word in words(text) if len(word) < WORD_LIMIT)


@settings(max_examples=200, deadline=None)
@given(texts)
def test_fts5_takes_every_folded_word_as_one(text):
    """No tokenizer behind it may take a word apart or fold it again."""
    db = sqlite3.connect(":memory:")
    db.execute("CREATE VIRTUAL TABLE t USING fts5(x, tokenize=\"ascii tokenchars '_'\")")
    db.execute("CREATE VIRTUAL TABLE v USING fts5vocab(t, row)")
    db.execute("INSERT INTO t VALUES (?)", (fold(text),))
    assert {term for (term,) in db.execute("SELECT term FROM v")} == set(words(text))


def test_long_words_are_cut_the_same_everywhere():
    assert words("x" * 5000) == ["x" * WORD_LIMIT]
    assert [token.word for token in tokens("y" * 70)] == ["y" * WORD_LIMIT]
    assert words("ab" + "c" * 62) == ["ab" + "c" * 62]


def test_stems_are_those_of_porter():
    assert stems(["treaty", "treaties", "negotiated", "negotiations", "общий", "条", "it", "1956"]) == {
        "treaty": "treati",
        "treaties": "treati",
        "negotiated": "negoti",
        "negotiations": "negoti",
    }
