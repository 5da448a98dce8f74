"""The project package. The app in ``collections/`` imports as ``archive_site.collections``."""

from pathlib import Path

_HERE = Path(__file__).resolve().parent
if not (_HERE / "collections").is_dir():  # a checkout without symlinks
    __path__.append(str(_HERE.parent))
