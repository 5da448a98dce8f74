"""The embedded engine: Haystack over SQLite FTS5, in a file of its own. Nothing to install."""

from search.engines.sqlite.engine import SQLiteBackend, SQLiteEngine

__all__ = ["SQLiteBackend", "SQLiteEngine"]
