"""A page as a reader without style sheets has it."""

import re
from html import unescape


def text_of(response) -> str:
    """The page's words as a reader without style sheets has them."""
    html = response.content.decode()
    html = re.sub(r"<(script|template|noscript|style)\b.*?</\1>", "", html, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def links_of(response) -> list[str]:
    return [unescape(link) for link in re.findall(r'href="([^"]*)"', response.content.decode())]


def search(client, query: str = ""):
    return client.get(f"/search/?{query}")
