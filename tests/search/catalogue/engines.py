"""The engines under test, and in one place what only some of them can."""

from dataclasses import dataclass

from search.engines.sqlite import SQLiteEngine
from tests.search.catalogue.indexes import CatalogueIndex


class CatalogueSQLiteEngine(SQLiteEngine):
    unified_index = CatalogueIndex


@dataclass(frozen=True)
class EngineUnderTest:
    """``can``: capabilities that the shared suite asks for only where they are named here."""

    name: str
    engine: str
    can: frozenset[str] = frozenset()


#: Searched in the forms of other languages than English; tolerant of typing errors unasked.
LANGUAGE_ANALYSIS, TYPING_ERRORS = "language analysis", "typing errors"

ENGINES = (EngineUnderTest("sqlite", "tests.search.catalogue.engines.CatalogueSQLiteEngine"),)
