"""A CSL style, applied: citeproc-py, with what it does not do yet.

The library knows most of CSL. What these styles need besides is added here by subclasses of its elements:
a title that stands in for an author is not said again, ``initialize="false"`` keeps given names whole, particles
are no initials, days and months of one year make a range, labels are title-cased, quotation marks nest and take in
commas and full stops, and macros are looked up once.
"""

import re
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle
from citeproc import model as library
from citeproc.source import DateRange
from citeproc.source.json import CiteProcJSON
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from lxml import etree

# Marks in the library's output, which knows strings alone: italics, and the end of a quotation that the style made.
_ITALIC, _ROMAN, _UNQUOTE = "\ue000", "\ue001", "\ue002"
_MARKS = re.compile(f"[{_ITALIC}{_ROMAN}{_UNQUOTE}]")
_CSL = "http://purl.org/net/xbiblio/csl"


class Text(library.Text):
    def get_macro(self, name: str) -> Any:
        return self.get_root().macros[name]

    def calls_variable(self) -> bool:
        macro = self.get("macro")
        if macro is None:
            return super().calls_variable()
        known = self.get_root().calling
        if macro not in known:
            known[macro] = super().calls_variable()
        return known[macro]

    def _variable(self, item: Any, context: Any) -> Any:
        found = super()._variable(item, context)
        if found:
            self.get_root().said.append((self.tag, self.get("variable")))
        return found

    def quote(self, string: Any) -> Any:
        if self.get("quotes", "false") != "true":
            return string
        inner = re.sub('"([^"]*)"', r"‘\1’", str(string).replace("“", "‘").replace("”", "’"))
        return super().quote(library.String(inner)) + _UNQUOTE


class Substitute(library.Substitute):
    def render(self, item: Any, context: Any = None, **rest: Any) -> Any:
        said = self.get_root().said
        start = len(said)
        text = super().render(item, context=context, **rest)
        if text:
            repressed = context.get_layout().repressed
            for tag, variable in said[start:]:
                repressed.setdefault(tag, []).append(variable)
        return text


class Name(library.Name):
    def initialize(self, given: str, mark: str, context: Any) -> str:
        root = self.get_root()
        if self.get("initialize", root.get("initialize")) == "false":
            return given
        # The library sets the mark after a particle, too: "L. van .".
        return super().initialize(given, mark, context).replace(f" {mark.strip()}", "")


class Date(library.Date):
    def process(self, item: Any, variable: Any = None, *args: Any, **rest: Any) -> Any:
        found = item.reference.get((variable or self.get("variable")).replace("-", "_"))
        if not isinstance(found, DateRange):
            return super().process(item, variable, *args, **rest)
        form = self.get("form")
        layout = self.get_date(form) if form else self
        return self.wrap(self._range(layout, found.begin, found.end))

    def _range(self, layout: library.Date, begin: Any, end: Any) -> Any:
        """ "May 6–8, 1946", "6 May–8 June 1946": what both dates have in common is said once, where it stands."""
        sizes = ("year", "month", "day")
        shown = self.get("date-parts", "year-month-day").split("-")
        names = [part.get("name") for part in layout.iterchildren() if part.get("name") in shown]
        first = next((at for at, size in enumerate(sizes) if begin.get(size) != end.get(size)), len(sizes))
        differing = [at for at, name in enumerate(names) if sizes.index(name) >= first]
        if not differing:
            return self.join(layout.parts(begin, names, self))
        until = str(self.join(layout.parts(begin, names[: differing[-1] + 1], self))).rstrip(" ,")
        return until + "–" + self.join(layout.parts(end, names[differing[0] :], self))


class Label(library.Label):
    def case(self, text: Any, language: str | None = None) -> Any:
        return super().case(text, language or "en")


class _Root(library.Style):
    """The style's root; ``macros`` and the rest are set by ``StyleSheet``, which keeps it alive."""


class StyleSheet(CitationStylesStyle):
    """A style file, read once. Not to be shared between threads."""

    def __init__(self, path: Path) -> None:
        lookup = etree.ElementNamespaceClassLookup()
        namespace = lookup.get_namespace(_CSL)
        namespace[None] = library.CitationStylesElement
        for each in _elements():
            namespace[each.__name__.lstrip("_").replace("_", "-").lower()] = each
        namespace["style"] = _Root
        self.parser = etree.XMLParser(remove_comments=True, no_network=True, resolve_entities=False)
        self.parser.set_element_class_lookup(lookup)
        self.xml = etree.parse(path, self.parser)
        self.root = self.xml.getroot()
        self.root.macros = {each.get("name"): each for each in self.root.findall(f"{{{_CSL}}}macro")}
        self.root.calling = {}
        self.root.said = []
        self.root.set_locale_list("en-US", validate=False)

    @cached_property
    def _formatter(self) -> Any:
        def as_it_is(text: Any) -> str:
            return str(text)

        def italic(text: Any) -> str:
            return f"{_ITALIC}{text}{_ROMAN}"

        others = ("Bold", "Light", "Underline", "Superscript", "Subscript", "SmallCaps", "preformat")
        return SimpleNamespace(Italic=italic, Oblique=italic, **dict.fromkeys(others, as_it_is))

    def note(self, item: dict[str, Any]) -> SafeString:
        """The item as a note, or as the style cites it in the text."""
        bibliography, citation = self._registered(item)
        return _html(str(bibliography.cite(citation, str)))

    def entry(self, item: dict[str, Any]) -> SafeString:
        """The item as an entry of a bibliography."""
        bibliography, _citation = self._registered(item)
        return _html("".join(str(each) for each in bibliography.bibliography()))

    def _registered(self, item: dict[str, Any]) -> tuple[CitationStylesBibliography, Citation]:
        self.root.said.clear()
        source = CiteProcJSON([_without_marks(item)])
        bibliography = CitationStylesBibliography(self, source, self._formatter)
        citation = Citation([CitationItem(item["id"])])
        bibliography.register(citation)
        return bibliography, citation


def _elements() -> Iterable[type]:
    """The library's elements, each replaced by the one here that is called the same."""
    own = {each.__name__: each for each in (Text, Substitute, Name, Date, Label)}
    for each in library.CitationStylesElement.__subclasses__():
        yield own.get(each.__name__, each)


def _without_marks(value: Any) -> Any:
    """The item without characters that this module gives a meaning to."""
    if isinstance(value, str):
        return _MARKS.sub("", value)
    if isinstance(value, dict):
        return {name: _without_marks(each) for name, each in value.items()}
    return [_without_marks(each) for each in value] if isinstance(value, list) else value


def _html(text: str) -> SafeString:
    """What the library wrote, as HTML: its marks become tags, everything else is escaped."""
    # The American way, which these styles follow: a comma and a full stop stand inside the quotation marks.
    text = re.sub(rf"((?:[.!?]’?)?)(”|’){_UNQUOTE}([.,]?)", _closed, text)
    text = text.replace(_UNQUOTE, "")
    # A date that ends in a question mark ends its sentence.
    text = re.sub(r"\?\.(?=\s|$)", "?", text)
    text = re.sub(rf"([.!?]{_ROMAN})\.|(,{_ROMAN}),", r"\1\2", text)
    pieces = re.split(f"{_ITALIC}(.*?){_ROMAN}", text)
    return format_html_join(
        "", "{}", ((format_html("<i>{}</i>", piece) if at % 2 else piece,) for at, piece in enumerate(pieces))
    )


def _closed(match: re.Match[str]) -> str:
    before, mark, after = match.groups()
    # One mark is enough where the title ends a sentence by itself.
    inside = before if after == "." and before else before + after
    return inside + mark
