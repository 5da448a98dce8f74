#!/usr/bin/env python3
"""Checks of the tree that no linter knows; `make lint` runs them."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# Imports run one way: an app may use those after it, and search's own modules.
ORDER = ["interchange", "themes", "documents", "archive_site.collections", "people", "records", "dates"]


def imported(source: Path) -> Iterator[tuple[int, str]]:
    """The line and the name of every module that the file imports."""
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, name.name) for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.lineno, node.module


def app_of(module: str) -> str | None:
    """The app that a module belongs to, or None for one that is not ours."""
    return next((app for app in [*ORDER, "search"] if module == app or module.startswith(f"{app}.")), None)


def problems() -> Iterator[str]:
    if (ROOT / "collections" / "__init__.py").exists():
        yield "collections/__init__.py exists and shadows the standard library's module; remove it"
    for position, app in enumerate(ORDER):
        for source in sorted((ROOT / app.rsplit(".", 1)[-1]).rglob("*.py")):
            for line, module in imported(source):
                other = app_of(module)
                if other in ORDER[:position]:
                    yield f"{source.relative_to(ROOT)}:{line}: {app} must not import {other}"
    for source in sorted((ROOT / "search").rglob("*.py")):
        for line, module in imported(source):
            if app_of(module) in ORDER and app_of(module) not in ("records", "dates"):
                yield f"{source.relative_to(ROOT)}:{line}: search knows no app, so it must not import {module}"


if __name__ == "__main__":
    found = list(problems())
    print("\n".join(found) or "The layout is as it should be.")
    sys.exit(bool(found))
