"""The reader's blocks count as the index and the citations count, and let nothing harmful through."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.html import paragraphs, sanitise, to_html
from records.paragraphs import marked_blocks, marked_line, numbered_blocks, plain_line

_TAGS = st.sampled_from(
    [
        "p",
        "br",
        "em",
        "strong",
        "blockquote",
        "ul",
        "li",
        "h2",
        "table",
        "tr",
        "td",
        "th",
        "span",
        "pre",
        "hr",
        "a",
    ]
)
_PIECES = st.one_of(
    st.sampled_from(["word", " ", "\n", "дом", "&amp;", "&lt;p&gt;", "&nbsp;", "毛", "x < y"]),
    _TAGS.map(lambda tag: f"<{tag}>"),
    _TAGS.map(lambda tag: f"</{tag}>"),
)


def _words(html: str) -> list[str]:
    return [" ".join(paragraphs(str(line.html))) for block in numbered_blocks(html) for line in block.lines]


@given(st.lists(_PIECES, max_size=30).map("".join))
def test_blocks_are_the_paragraphs_and_are_numbered_without_gaps(text):
    html = sanitise(text)
    lines = [line for block in numbered_blocks(html) for line in block.lines]
    assert [line.number for line in lines] == list(range(1, len(lines) + 1))
    assert _words(html) == paragraphs(html)


def test_inline_tags_are_closed_at_a_break_and_opened_again():
    html = [str(block.lines[0].html) for block in numbered_blocks("<p>a <em>b<br>c</em> d</p>")]
    assert html == ["a <em>b</em>", "<em>c</em> d"]


def test_a_table_is_one_block_with_a_paragraph_for_each_row():
    heading, table = numbered_blocks(
        "<h2>Trade</h2><table><tr><th>Year</th><td>Tons</td></tr><tr><td>1955</td></tr></table>"
    )
    assert (heading.kind, table.kind) == ("heading", "table")
    assert [line.number for line in table.lines] == [2, 3]
    assert table.lines[0].cells == (("th", "Year"), ("td", "Tons"))


def test_kinds_and_language_of_what_a_line_stands_in():
    blocks = numbered_blocks(
        '<blockquote lang="he" dir="rtl"><p>q</p></blockquote><ul><li>i</li></ul><p>p</p>'
    )
    assert [(b.kind, b.lang, b.dir) for b in blocks] == [
        ("quote", "he", "rtl"),
        ("item", "", ""),
        ("paragraph", "", ""),
    ]


@pytest.mark.parametrize(
    "hostile",
    [
        "<p>a<script>alert(1)</script></p>",
        '<p onclick="alert(1)">a</p>',
        '<a href="javascript:alert(1)">a</a>',
        '<a href=" JAVASCRIPT:alert(1)">a</a>',
        '<img src=x onerror="alert(1)">a',
        '<span style="color:red" onmouseover="x()">a</span>',
        '<p lang="x&quot; onclick=&quot;alert(1)">a</p>',
    ],
)
def test_what_was_never_sanitised_comes_out_harmless(hostile):
    """Even if a row got into the table past ``save``."""
    for block in numbered_blocks(hostile):
        markup = str(block.lines[0].html)
        assert "<script" not in markup
        assert "<img" not in markup
        assert "on" not in [part.split("=")[0] for part in markup.split()]
        assert "javascript" not in markup.lower()
        assert "style" not in markup


def test_plain_text_is_escaped_and_split_into_lines():
    blocks = numbered_blocks(to_html("1 < 2\n\nTom & Jerry"))
    assert [str(block.lines[0].html) for block in blocks] == ["1 &lt; 2", "Tom &amp; Jerry"]


def test_places_are_marked_across_tags_and_entities():
    html = "a &lt;b&gt; <em>cd</em>ef"
    assert plain_line(html) == "a <b> cdef"
    assert marked_line(html, [(2, 5)]) == "a <mark>&lt;b&gt;</mark> <em>cd</em>ef"
    assert (
        marked_line(html, [(7, 9)]) == 'a &lt;b&gt; <em>c<mark>d</mark></em><mark class="goes-on">e</mark>f'
    )
    assert marked_line(html, [(0, 1), (9, 10)]) == "<mark>a</mark> &lt;b&gt; <em>cd</em>e<mark>f</mark>"
    assert marked_line(html, []) == html


@given(st.lists(_PIECES, max_size=30).map("".join), st.data())
def test_marking_changes_nothing_else(text, data):
    for block in numbered_blocks(sanitise(text)):
        for line in block.lines:
            plain = plain_line(line.html)
            edges = sorted(data.draw(st.sets(st.integers(0, len(plain)), max_size=6)))
            spans = list(zip(edges[::2], edges[1::2], strict=False))
            marked = marked_line(line.html, spans)
            assert plain_line(marked) == plain
            pieces = re.split(r"(<mark[^>]*>|</mark>)", marked)
            assert sum(piece.startswith("<mark>") for piece in pieces) == len(spans)
            assert "".join(p for p in pieces if not p.startswith(("<mark", "</mark"))) == line.html


def test_cells_of_a_table_are_marked_each_for_itself():
    blocks = numbered_blocks("<p>Tons</p><table><tr><td>Tons</td><td>of coal</td></tr></table>")
    lines = []

    def find(texts):
        lines.extend(texts)
        return [[(0, 2)] for _text in texts]

    marked = marked_blocks(blocks, find)
    assert lines == ["Tons", "Tons", "of coal"]
    assert marked[0].lines[0].html == "<mark>To</mark>ns"
    assert marked[1].lines[0].cells == (("td", "<mark>To</mark>ns"), ("td", "<mark>of</mark> coal"))
