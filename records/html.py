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
    "div": {"lang", "dir"},
    "span": {"lang", "dir"},
    "blockquote": {"lang", "dir"},
}
# What mail and word processors write round a paragraph, and what of ours stands for it: without it two paragraphs would
# run into one word.
_STANDS_FOR = {
    "h1": "h2", "h5": "h4", "h6": "h4",
    **dict.fromkeys((
        "div", "section", "article", "main", "header", "footer", "aside", "nav", "address", "center", "figure",
        "figcaption", "dl", "dt", "dd", "details", "summary", "fieldset", "legend", "form",
    ), "p"),
}  # fmt: skip
_FOREIGN = re.compile(rf"<(/?)({'|'.join(_STANDS_FOR)})\b")
_EMPTY = re.compile(r"<p\b[^>]*>\s*</p>\n?")
_BLOCK = re.compile(
    r"</?(?:p|br|hr|blockquote|ul|ol|li|h[2-4]|table|thead|tbody|tr|caption|pre)\b[^>]*>", re.IGNORECASE
)
_CELL = re.compile(r"</?(?:td|th)\b[^>]*>", re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")
_LOOKS_LIKE_HTML = re.compile(
    rf"</?(?:{'|'.join(sorted(_TAGS | _STANDS_FOR.keys()))})\b[^>]*>", re.IGNORECASE
)
_INLINE = {"em", "strong", "i", "b", "u", "s", "sub", "sup", "a", "span"}
_HAS_BLOCKS = re.compile(rf"<(?:{'|'.join(sorted((_TAGS | _STANDS_FOR.keys()) - _INLINE))})\b", re.IGNORECASE)


def sanitise(html: str) -> str:
    """The HTML with every tag, attribute and address that could do harm taken out. Paragraphs stay paragraphs."""
    cleaned = _clean(html, _TAGS | _STANDS_FOR.keys())
    if not _FOREIGN.search(cleaned):
        return cleaned
    ours = _FOREIGN.sub(lambda tag: f"<{tag[1]}{_STANDS_FOR[tag[2]]}", cleaned)
    # A paragraph within a paragraph is none: the parser closes the outer one, and leaves empty ones behind.
    return _EMPTY.sub("", _clean(ours, _TAGS))


def _clean(html: str, tags: set[str]) -> str:
    return nh3.clean(
        html,
        tags=tags,
        clean_content_tags={"script", "style", "title"},
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer",
    ).replace("\x00", "")


def to_html(text: str) -> str:
    """Sanitised HTML of what was given: HTML as it is, one paragraph a line where nothing marks any."""
    if _HAS_BLOCKS.search(text):
        return sanitise(text).strip()
    if _LOOKS_LIKE_HTML.search(text):
        lines = (line.strip() for line in text.splitlines())
        return sanitise("\n".join(f"<p>{line}</p>" for line in lines if line))
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
