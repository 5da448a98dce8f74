"""Text that curators paste, made harmless, and cut into paragraphs.

Stored text is sanitised HTML of a few tags. Everything that reads it (pages,
index, export) goes through here.
"""

import re
from html import escape, unescape

import nh3

_TAGS = {
    "p", "br", "hr", "em", "strong", "i", "b", "u", "s", "sub", "sup", "blockquote", "ul", "ol", "li",
    "h2", "h3", "h4", "table", "thead", "tbody", "tr", "th", "td", "caption", "a", "span", "pre",
}  # fmt: skip
_ATTRIBUTES = {
    "a": {"href", "title"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "ol": {"start"},
    "p": {"lang", "dir"},
    "span": {"lang", "dir"},
    "blockquote": {"lang", "dir"},
}
_BLOCK = re.compile(
    r"</?(?:p|br|hr|blockquote|ul|ol|li|h[2-4]|table|thead|tbody|tr|caption|pre)\b[^>]*>", re.IGNORECASE
)
_CELL = re.compile(r"</?(?:td|th)\b[^>]*>", re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")
_LOOKS_LIKE_HTML = re.compile(
    r"</?(?:p|br|div|em|strong|i|b|ul|ol|li|h[1-6]|table|span|blockquote|a)\b[^>]*>", re.I
)


def sanitise(html: str) -> str:
    """The HTML with every tag, attribute and address that could do harm taken out."""
    return nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer",
    ).replace("\x00", "")


def to_html(text: str) -> str:
    """Sanitised HTML of what was given: HTML as it is, plain text as one paragraph a line."""
    if _LOOKS_LIKE_HTML.search(text):
        return sanitise(text)
    paragraphs = (line.strip() for line in text.replace("\x00", "").splitlines())
    return "\n".join(f"<p>{escape(line, quote=False)}</p>" for line in paragraphs if line)


def paragraphs(html: str) -> list[str]:
    """The plain paragraphs of sanitised HTML, in order; numbered from 1 wherever a paragraph is cited."""
    text = _BLOCK.sub("\n", html.replace("\n", " "))
    text = unescape(_TAG.sub("", _CELL.sub(" ", text)))
    lines = (line.strip() if _is_even(line) else " ".join(line.split()) for line in text.split("\n"))
    return [line for line in lines if line]


def _is_even(line: str) -> bool:
    """Whether all that stands between its words is single spaces, as in nearly every line; said quickly."""
    return line.isprintable() and "  " not in line


def plain_text(html: str) -> str:
    """The paragraphs of sanitised HTML, one a line."""
    return "\n".join(paragraphs(html))
