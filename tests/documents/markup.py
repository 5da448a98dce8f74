"""The elements of a page, as a browser would make them."""

from html.parser import HTMLParser


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []

    def handle_starttag(self, tag, attrs) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))


def elements(response) -> list[tuple[str, dict[str, str]]]:
    """Every element of the page: its tag and its attributes."""
    reader = _Reader()
    reader.feed(response.content.decode())
    return reader.found
