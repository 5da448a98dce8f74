"""Style sheets name sides by logical properties, so that a page from right to left mirrors of itself."""

import re
from pathlib import Path

import pytest

STATIC = Path(__file__).parent.parent.parent / "static"
SHEETS = sorted((STATIC / "css").glob("*.css"))
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_DECLARATION = re.compile(r"(?<![\w-])([a-z-]+)\s*:\s*([^;{}]+)(?=[;}])")
# top and bottom stay where they are, but have logical names too: one way to say it.
_PHYSICAL = re.compile(
    r"(?:scroll-)?(?:margin|padding)-(?:left|right|top|bottom)|border-(?:left|right|top|bottom)(?:-\w+)*|left|right|top|bottom"
    r"|border-(?:top|bottom)-(?:left|right)-radius|(?:min-|max-)?(?:width|height)"
)
_SIDED = {"text-align", "float", "clear", "caption-side"}
_FOUR_SIDES = {"margin", "padding", "inset", "scroll-margin", "scroll-padding", "border-width", "border-style", "border-color", "border-radius"}  # fmt: skip
_MOVES = re.compile(r"translateX|translate3d|translate\(\s*[^0)]")


def physical(css: str) -> list[str]:
    """Declarations that mean one side of the screen, whatever way the page runs."""
    found = []
    for name, value in _DECLARATION.findall(_COMMENT.sub("", css)):
        words = value.split()
        sided = name in _SIDED and {"left", "right"} & set(words)
        lopsided = name in _FOUR_SIDES and len(words) == 4 and words[1] != words[3]
        moved = name in ("transform", "translate") and _MOVES.search(value)
        if _PHYSICAL.fullmatch(name) or sided or lopsided or moved:
            found.append(f"{name}: {value}")
    return found


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_no_side_of_the_screen_is_named(sheet: Path) -> None:
    assert physical(sheet.read_text("utf-8")) == []


def test_there_are_sheets() -> None:
    assert {"archive.css", "search.css", "document.css"} <= {sheet.name for sheet in SHEETS}


def test_the_lint_finds_what_it_is_for() -> None:
    css = """
    a { margin-left: 1rem; padding: 0 1rem 0 2rem; text-align: right; }  /* left: out */
    b { left: 0; width: 3rem; border-top: 1px solid; transform: translateX(2px) }
    c { margin-inline-start: 1rem; padding: 0 1rem; text-align: start; inset-inline-start: 0; font: 1rem/1.5 serif; }
    @media (max-width: 48rem) { d { inline-size: 100%; transform: rotate(45deg); border-block-start: 0; } }
    """
    assert [each.partition(":")[0] for each in physical(css)] == [
        "margin-left", "padding", "text-align", "left", "width", "border-top", "transform",
    ]  # fmt: skip
