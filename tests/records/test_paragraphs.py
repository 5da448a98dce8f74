"""The reader's blocks count as the index and the citations count, and let nothing harmful through."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.html import paragraphs, sanitise, to_html
from records.paragraphs import numbered_blocks

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
