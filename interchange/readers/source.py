"""The bytes of a file, gzipped or not, from the beginning as often as needed."""

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from os import SEEK_END
from pathlib import Path
from typing import BinaryIO

from django.utils.translation import gettext as _

from interchange.problems import FileError

_GZIP = b"\x1f\x8b"
_HEAD = 4096


class Source:
    """A file given by its path, or one that is open for reading bytes and can seek."""

    def __init__(self, file: Path | str | BinaryIO, name: str = "") -> None:
        self._given = None if isinstance(file, Path | str) else file
        self._path = Path(file) if isinstance(file, Path | str) else None
        self.name = name or (self._path.name if self._path else getattr(file, "name", "") or _("the file"))
        self._raw: BinaryIO | None = None
        self.size = self._measure()

    def _measure(self) -> int:
        if self._given is not None:
            return self._given.seek(0, SEEK_END)
        assert self._path is not None  # noqa: S101 (one of the two was given)
        try:
            if self._path.is_dir():
                raise FileError(_("%(path)s is a folder; name the file in it") % {"path": self._path})
            return self._path.stat().st_size
        except OSError as error:
            raise FileError(
                _("%(path)s cannot be read: %(reason)s") % {"path": self._path, "reason": error.strerror}
            ) from error

    @contextmanager
    def open(self) -> Iterator[BinaryIO]:
        """The content from the beginning, unpacked. Raises FileError where it breaks off or cannot be read."""
        opened: BinaryIO | None = None
        try:
            if self._given is not None:
                self._given.seek(0)
                raw = self._given
            else:
                raw = opened = Path(str(self._path)).open("rb")  # noqa: SIM115 (closed below)
            self._raw = raw
            packed = raw.read(2) == _GZIP
            raw.seek(0)
            yield gzip.GzipFile(fileobj=raw) if packed else raw  # type: ignore[misc]  # it reads as one
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise FileError(
                _("%(name)s is cut off or damaged (%(reason)s); fetch or pack it again")
                % {"name": self.name, "reason": error}
            ) from error
        except OSError as error:
            raise FileError(
                _("%(name)s cannot be read: %(reason)s")
                % {"name": self.name, "reason": error.strerror or error}
            ) from error
        finally:
            self._raw = None
            if opened is not None:
                opened.close()

    def head(self) -> bytes:
        """The first bytes, unpacked."""
        with self.open() as stream:
            return stream.read(_HEAD)

    @property
    def position(self) -> int:
        """Bytes read so far of the file as it lies there; all of them when it is not open."""
        return self._raw.tell() if self._raw is not None else self.size
