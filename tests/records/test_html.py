"""Text as it is pasted: harmless afterwards, and in the paragraphs that it had."""

import pytest

from records.html import paragraphs, sanitise, to_html


@pytest.mark.parametrize(
    ("pasted", "read"),
    [
        ("<div>Dear Sir,</div><div>I have the honour</div>", ["Dear Sir,", "I have the honour"]),
        ("<div><p>One</p><div>Two</div>Three</div>", ["One", "Two", "Three"]),
        ("<div>Bonn<br>1 May</div><address>Bad Godesberg</address>", ["Bonn", "1 May", "Bad Godesberg"]),
        ("<section>One</section><article>Two</article>", ["One", "Two"]),
        ("<dl><dt>Present</dt><dd>Zhou Enlai</dd></dl>", ["Present", "Zhou Enlai"]),
        ("<p>One</p><h5>Head</h5><h6>Below</h6>", ["One", "Head", "Below"]),
        ("<title>Document1</title><p class=MsoNormal>One<o:p></o:p></p><p>Two</p>", ["One", "Two"]),
        ("<ul><li><div>One</div></li><li>Two</li></ul>", ["One", "Two"]),
    ],
)
def test_what_was_a_paragraph_elsewhere_is_one_here(pasted: str, read: list[str]) -> None:
    html = to_html(pasted)
    assert paragraphs(html) == read
    assert sanitise(html) == html == to_html(html)
    assert "<p></p>" not in html


def test_headings_of_all_ranks_stay_headings() -> None:
    assert to_html("<h1>Telegram</h1><h6>Copy</h6>") == "<h2>Telegram</h2><h4>Copy</h4>"


def test_what_a_page_has_before_its_first_paragraph_leaves_no_space() -> None:
    assert to_html("<html>\n<body>\n<p>One</p>\n</body></html>\n") == "<p>One</p>"


def test_the_direction_of_a_paragraph_stays() -> None:
    assert to_html('<div dir="rtl" style="x">سلام</div>') == '<p dir="rtl">سلام</p>'


def test_an_emphasised_word_joins_no_lines() -> None:
    html = to_html("See <i>Pravda</i>, 1 May.\n\n  Next line & more\nH<sub>2</sub>O")
    assert html == "<p>See <i>Pravda</i>, 1 May.</p>\n<p>Next line &amp; more</p>\n<p>H<sub>2</sub>O</p>"
    assert to_html(html) == html


def test_lines_within_marked_up_paragraphs_are_no_paragraphs() -> None:
    assert paragraphs(to_html("<p>One\nsentence.</p>\n<p>Two</p>")) == ["One sentence.", "Two"]


def test_signs_that_are_no_markup_stay() -> None:
    assert to_html("a < b and 3 > 2") == "<p>a &lt; b and 3 &gt; 2</p>"


@pytest.mark.parametrize(
    "harmful",
    [
        "<script>alert(1)</script><p>x</p>",
        "<div onclick=alert(1)>x</div>",
        "<div><script>alert(1)</script>x</div>",
        '<div><a href="javascript:alert(1)">x</a></div>',
        "<h1><img src=x onerror=alert(1)>x</h1>",
    ],
)
def test_nothing_harmful_is_left(harmful: str) -> None:
    html = to_html(harmful)
    assert "alert" not in html
    assert paragraphs(html) == ["x"]
