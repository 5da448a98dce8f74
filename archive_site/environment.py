"""What the environment says of this installation, read once by the settings.

What cannot be meant is an ImproperlyConfigured that names the variable and what to write. No
message repeats an address: there may be a password in it.
"""

import math
import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

import environ
from django.core.exceptions import ImproperlyConfigured

_YES = frozenset({"1", "true", "on", "yes", "y", "ok"})
_NO = frozenset({"0", "false", "off", "no", "n"})
# What Elasticsearch takes for a name, and what the names of a rebuild leave room for.
_INDEX = re.compile(r"(?!.*building)[a-z0-9][a-z0-9_.-]{0,199}")
_HOST = re.compile(r"(?P<name>\[[0-9A-Fa-f:.]+\]|[\w.-]+)(?::(?P<port>[0-9]{1,5}))?")
_POSTGRESQL = ("postgres", "postgresql")


def text(name: str, default: str = "") -> str:
    """The variable's text; an empty one counts as not set."""
    return os.environ.get(name, "").strip() or default


def flag(name: str, *, default: bool) -> bool:
    written = text(name).lower()
    if written and written not in _YES | _NO:
        raise ImproperlyConfigured(f"{name}={text(name)} is neither yes nor no; write {name}=1 or {name}=0")
    return written in _YES if written else default


def whole_number(name: str, default: int, *, least: int = 0) -> int:
    """A number from ``least``, without a unit."""
    written = text(name)
    if written and not (written.isascii() and written.isdecimal() and int(written) >= least):
        raise ImproperlyConfigured(
            f"{name}={written} is no whole number from {least}; write figures alone, as {default}"
        )
    return int(written) if written else default


def number(name: str, default: float, *, least: float = 0, most: float = 3600) -> float:
    """A number of seconds, in figures."""
    written = text(name)
    try:
        read = float(written or default)
    except ValueError:
        read = math.nan
    if not least <= read <= most:
        raise ImproperlyConfigured(
            f"{name}={written} is no number from {least:g} to {most:g}; write one, as {default:g}"
        )
    return read


def names(name: str, default: Iterable[str] = ()) -> list[str]:
    """What stands between commas."""
    return [each.strip() for each in text(name).split(",") if each.strip()] or list(default)


def one_of(name: str, choices: Iterable[str], default: str) -> str:
    written = text(name, default).upper()
    if written not in choices:
        raise ImproperlyConfigured(f"{name}={text(name)} is none of {', '.join(choices)}; write one of them")
    return written


def site_url(name: str) -> str:
    """An address with its scheme, without a slash at the end; empty where there is none."""
    written = text(name).rstrip("/")
    if written and not (urlsplit(written).scheme in ("http", "https") and urlsplit(written).netloc):
        raise ImproperlyConfigured(f"{name}={written} has no scheme; write https://archive.example.org")
    return written


def time_zone(name: str, default: str) -> str:
    written = text(name, default)
    try:
        ZoneInfo(written)
    except (ValueError, OSError, LookupError) as error:
        raise ImproperlyConfigured(
            f"{name}={written} is no time zone that this machine knows; write one as Europe/Paris or UTC"
        ) from error
    return written


def folder(name: str, default: Path) -> Path:
    """The folder, made where it is not there yet."""
    path = Path(text(name) or default).absolute()
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(
            f"{name}: the folder {path} cannot be made ({error.strerror}); "
            f"set {name} to a folder that this user may write, or make it and give it to this user"
        ) from error
    return path


def secret_key(*, debug: bool) -> str:
    key, key_file = text("SECRET_KEY"), text("SECRET_KEY_FILE")
    if not key and key_file:
        key = _read_key(key_file)
    if not key and debug:
        return "only-for-development-never-serve-anybody-with-this-key"
    if not key:
        raise ImproperlyConfigured(
            "No SECRET_KEY. Set SECRET_KEY (or SECRET_KEY_FILE) to a long random text, for example from: "
            'python -c "import secrets; print(secrets.token_urlsafe(50))"'
        )
    return key


def _read_key(key_file: str) -> str:
    try:
        key = Path(key_file).read_text(encoding="ascii").strip()
    except OSError as error:
        raise ImproperlyConfigured(f"SECRET_KEY_FILE {key_file} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ImproperlyConfigured(
            f"SECRET_KEY_FILE {key_file} holds more than plain letters, figures and signs; write a key into it: "
            'python -c "import secrets; print(secrets.token_urlsafe(50))"'
        ) from error
    if not key:
        raise ImproperlyConfigured(f"SECRET_KEY_FILE {key_file} is empty; write a long random text into it")
    return key


# Databases and engines


def database(default: Path, base: Path) -> dict[str, Any]:
    """Django's connection for DATABASE_URL. ``default``: the SQLite file without it; ``base``: of relative paths."""
    url = text("DATABASE_URL")
    scheme = url.partition("://")[0]
    if not url or scheme == "sqlite":
        path = _sqlite_file("DATABASE_URL", url, base) if url else default
        if not path.parent.is_dir():
            raise ImproperlyConfigured(
                f"DATABASE_URL: there is no folder {path.parent}; make it, or name another file"
            )
        _see_it_can_be_written("DATABASE_URL" if url else "DATA_DIR", path)
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": str(path)}
    usual = "write postgres://user:password@host/name or sqlite:////path/to/archive.sqlite3"
    if scheme not in _POSTGRESQL:
        raise ImproperlyConfigured(f"DATABASE_URL names no database that is known here; {usual}")
    try:
        connection: dict[str, Any] = environ.Env.db_url_config(url)
    except ValueError as error:
        raise ImproperlyConfigured(
            f"DATABASE_URL cannot be read; {usual}, with signs as # / ? @ in the password as %23 %2F %3F %40"
        ) from error
    if not connection.get("NAME"):
        raise ImproperlyConfigured(f"DATABASE_URL does not say which database of the server; {usual}")
    return connection


def search_connection(default: Path, base: Path) -> dict[str, Any]:
    """The Haystack connection that SEARCH_URL names. ``default``: the SQLite file without it."""
    url = text("SEARCH_URL")
    scheme = url.partition("://")[0]
    if scheme in ("http", "https"):
        return elasticsearch_connection(url)
    if url and scheme != "sqlite":
        raise ImproperlyConfigured(
            "SEARCH_URL names no engine that is here; write sqlite:////path/to/search.sqlite3 or "
            "https://user:password@host:9200/index"
        )
    path = _sqlite_file("SEARCH_URL", url, base) if url else default
    _see_it_can_be_written("SEARCH_URL" if url else "DATA_DIR", path)
    return {
        "ENGINE": "search.engines.sqlite.SQLiteEngine",
        "PATH": str(path),
        "PAUSE": number("SEARCH_PAUSE", 5.0),
        "SILENTLY_FAIL": False,
    }


def elasticsearch_connection(url: str) -> dict[str, Any]:
    """https://user:password@host:9200,other:9200/index; the password is nowhere but in BASIC_AUTH."""
    scheme, _, rest = url.partition("://")
    address, _, index = rest.partition("/")
    credentials, _, hosts = address.rpartition("@")
    user, _, password = credentials.partition(":")
    if not index or not all(hosts.split(",")):
        raise ImproperlyConfigured("SEARCH_URL wants a host and an index: https://host:9200/index")
    index = index.strip("/")
    if not _INDEX.fullmatch(index):
        raise ImproperlyConfigured(
            "SEARCH_URL does not end in the name of an index: write https://user:password@host:9200/archive, the name "
            "in small letters, and signs as # / ? @ in the password as %23 %2F %3F %40"
        )
    connection = {
        "ENGINE": "search.engines.elasticsearch.ElasticsearchEngine",
        "URL": [f"{scheme}://{_with_port(host)}" for host in hosts.split(",")],
        "INDEX_NAME": index,
        "BASIC_AUTH": (unquote(user), unquote(password)) if credentials else None,
        "API_KEY": _search_api_key(),
        "CA_FILE": text("SEARCH_CA_FILE"),
        "TIMEOUT": number("SEARCH_TIMEOUT", 3.0, least=0.1),
        "PAUSE": number("SEARCH_PAUSE", 5.0),
        "SHARDS": whole_number("SEARCH_SHARDS", 1, least=1),
        "SILENTLY_FAIL": False,
    }
    if connection["BASIC_AUTH"] and connection["API_KEY"]:
        raise ImproperlyConfigured("write user and password into SEARCH_URL, or set SEARCH_API_KEY, not both")
    return connection


def _with_port(host: str) -> str:
    """A host as the client wants it: always with a port."""
    found = _HOST.fullmatch(host)
    if not found or int(found["port"] or 9200) > 65535:
        raise ImproperlyConfigured(
            "SEARCH_URL names a host that cannot be read; write https://user:password@host:9200/index, a port in "
            "figures, an IPv6 address in brackets, and signs as # / ? @ in the password as %23 %2F %3F %40"
        )
    return f"{found['name']}:{found['port'] or 9200}"


def _search_api_key() -> str:
    """In the form that goes into a header; what stands there is in no message."""
    key = text("SEARCH_API_KEY")
    if not (key.isascii() and key.isprintable()) or " " in key:
        raise ImproperlyConfigured(
            "SEARCH_API_KEY is no key: write the encoded one that the engine gave, a line of letters and figures"
        )
    return key


def keep_apart(database: dict[str, Any], search: dict[str, Any]) -> None:
    """The index is thrown away and made anew; it must not be in the file of the archive."""
    if search.get("PATH") and Path(search["PATH"]).absolute() == Path(database["NAME"]).absolute():
        raise ImproperlyConfigured("SEARCH_URL and DATABASE_URL name the same file; give the index its own")


def _sqlite_file(name: str, url: str, base: Path) -> Path:
    """sqlite:////absolute/path or sqlite:///path/from/the/checkout."""
    parts = urlsplit(url)
    path = unquote(parts.path[1:])
    if parts.netloc or not path.strip("/"):
        raise ImproperlyConfigured(
            f"{name} names no file; write sqlite:////path/to/the/file.sqlite3 (four slashes), "
            "or three for a path within the checkout"
        )
    return base / path


def _see_it_can_be_written(name: str, path: Path) -> None:
    """SQLite writes into the folder, too: a log beside its file."""
    if path.is_dir():
        raise ImproperlyConfigured(f"{name}: {path} is a folder; add the name of a file in it")
    above = next(each for each in path.parents if each.exists())
    if not (above.is_dir() and os.access(above, os.W_OK | os.X_OK)):
        raise ImproperlyConfigured(
            f"{name}: this user cannot write in {above}; give it the right to, or name a file elsewhere"
        )
    if path.exists() and not os.access(path, os.R_OK | os.W_OK):
        raise ImproperlyConfigured(
            f"{name}: this user cannot read and write {path}; give it the right to, or name another file"
        )
