"""What the environment says: read, or refused in a sentence that names the variable and what to write."""

import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from archive_site import environment


@pytest.fixture(autouse=True)
def bare(monkeypatch):
    for name in (
        "DATABASE_URL",
        "SEARCH_URL",
        "DATA_DIR",
        "DEBUG",
        "SECRET_KEY",
        "SECRET_KEY_FILE",
        "TIME_ZONE",
    ):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def database(monkeypatch, tmp_path):
    def read(url: str | None):
        if url is not None:
            monkeypatch.setenv("DATABASE_URL", url.replace("TMP", str(tmp_path)))
        return environment.database(tmp_path / "archive.sqlite3", tmp_path)

    return read


@pytest.fixture
def search(monkeypatch, tmp_path):
    def read(url: str | None):
        if url is not None:
            monkeypatch.setenv("SEARCH_URL", url.replace("TMP", str(tmp_path)))
        return environment.search_connection(tmp_path / "search.sqlite3", tmp_path)

    return read


def test_without_anything_said_all_is_in_the_data_folder(database, search, tmp_path):
    assert database(None)["NAME"] == str(tmp_path / "archive.sqlite3")
    assert search("")["PATH"] == str(tmp_path / "search.sqlite3")


def test_addresses_of_files(database, search, tmp_path):
    assert database("sqlite:///TMP/a%20b.sqlite3")["NAME"] == str(tmp_path / "a b.sqlite3")
    assert database("sqlite:///here.sqlite3")["NAME"] == str(tmp_path / "here.sqlite3")
    assert search("sqlite:///deeper/search.sqlite3")["PATH"] == str(tmp_path / "deeper" / "search.sqlite3")


def test_the_address_of_a_server(database):
    made = database("postgres://archive:p%23ss@db.example:5433/records")
    assert made["ENGINE"] == "django.db.backends.postgresql"
    assert (made["HOST"], made["PORT"], made["NAME"]) == ("db.example", 5433, "records")
    assert (made["USER"], made["PASSWORD"]) == ("archive", "p#ss")
    assert database("postgresql://%2Frun%2Fpostgresql/records")["NAME"] == "records"


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("garbage", "write postgres://"),
        ("mysql://me:hidden@host/name", "write postgres://"),
        ("postgres://me:hidden@host", "which database"),
        ("postgres://me:hidden@host:port/name", "%23"),
        ("sqlite://", "names no file"),
        ("sqlite:///", "names no file"),
        ("sqlite://name.sqlite3", "names no file"),
        ("sqlite:///TMP", "is a folder"),
        ("sqlite:///TMP/nowhere/archive.sqlite3", "there is no folder"),
    ],
)
def test_a_database_that_cannot_be_meant(database, url, says):
    with pytest.raises(ImproperlyConfigured, match=says) as caught:
        database(url)
    assert "DATABASE_URL" in str(caught.value)
    assert "hid" not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("garbage", "write sqlite:"),
        ("sqlite://", "names no file"),
        ("sqlite://search.sqlite3", "names no file"),
        ("sqlite:///TMP", "is a folder"),
        ("https://me:hidden@host", "wants a host and an index"),
        ("https://me:hid/hidden@host:9200/archive", "name of an index"),
        ("https://me:hidden@host/Archive", "in small letters"),
        ("https://me:hidden@host/one/two", "name of an index"),
        ("https://me:hidden@host/archive?refresh=1", "name of an index"),
        ("https://me:hidden@host/archive.building", "name of an index"),
        ("https://me:hidden@host:99999/archive", "names a host that cannot be read"),
        ("https://me:hidden@host:hidden/archive", "names a host that cannot be read"),
        ("https://me:hidden@my host/archive", "names a host that cannot be read"),
    ],
)
def test_an_engine_that_cannot_be_meant(search, url, says):
    with pytest.raises(ImproperlyConfigured, match=says) as caught:
        search(url)
    assert "SEARCH_URL" in str(caught.value)
    assert "hidden" not in str(caught.value)


def test_an_engine_at_an_address_of_figures(search):
    assert search("http://[::1],[::1]:9201,10.0.0.1/archive")["URL"] == [
        "http://[::1]:9200",
        "http://[::1]:9201",
        "http://10.0.0.1:9200",
    ]


@pytest.mark.parametrize("written", ["hid\nden", "hid den", "ключ"])
def test_a_key_that_cannot_be_meant(search, monkeypatch, written):
    monkeypatch.setenv("SEARCH_API_KEY", written)
    with pytest.raises(ImproperlyConfigured, match="SEARCH_API_KEY is no key") as caught:
        search("https://host/archive")
    assert written not in str(caught.value)


def test_a_place_that_cannot_be_written(database, search, monkeypatch):
    # Asked of the system, not tried: root may write everywhere, and tests run as root.
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    with pytest.raises(ImproperlyConfigured, match="SEARCH_URL: this user cannot write in"):
        search("sqlite:///TMP/search.sqlite3")
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL: this user cannot write in"):
        database("sqlite:///TMP/archive.sqlite3")
    monkeypatch.delenv("DATABASE_URL")
    with pytest.raises(ImproperlyConfigured, match="DATA_DIR: this user cannot write in"):
        database(None)


def test_the_index_has_a_file_of_its_own(database, search):
    both = "sqlite:///TMP/one.sqlite3"
    with pytest.raises(ImproperlyConfigured, match="the same file"):
        environment.keep_apart(database(both), search(both))
    environment.keep_apart(database(both), search("http://host/archive"))


def test_the_data_folder_is_made_or_named(monkeypatch, tmp_path):
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "a" / "b"))
    assert environment.folder("DATA_DIR", tmp_path).is_dir()
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "file" / "b"))
    with pytest.raises(ImproperlyConfigured, match=r"DATA_DIR.*cannot be made"):
        environment.folder("DATA_DIR", tmp_path)


@pytest.mark.parametrize("written", ["1", "true", "ON", "yes"])
def test_yes(monkeypatch, written):
    monkeypatch.setenv("DEBUG", written)
    assert environment.flag("DEBUG", default=False) is True


@pytest.mark.parametrize("written", ["0", "False", "off", "no"])
def test_no(monkeypatch, written):
    monkeypatch.setenv("DEBUG", written)
    assert environment.flag("DEBUG", default=True) is False


@pytest.mark.parametrize(
    ("read", "written"),
    [
        (lambda name: environment.flag(name, default=False), "maybe"),
        (lambda name: environment.whole_number(name, 5), "5 MB"),
        (lambda name: environment.whole_number(name, 5), "-1"),
        (lambda name: environment.whole_number(name, 5, least=1), "0"),
        (lambda name: environment.number(name, 5.0), "soon"),
        (lambda name: environment.number(name, 5.0), "-1"),
        (lambda name: environment.number(name, 5.0), "nan"),
        (lambda name: environment.number(name, 5.0), "inf"),
        (lambda name: environment.number(name, 5.0, least=0.1), "0"),
        (lambda name: environment.one_of(name, ("INFO", "ERROR"), "INFO"), "loud"),
        (lambda name: environment.site_url(name), "archive.example.org"),
        (lambda name: environment.time_zone(name, "UTC"), "Mars/Olympus"),
    ],
)
def test_what_means_nothing_is_refused(monkeypatch, read, written):
    assert read("A_SETTING") is not None
    monkeypatch.setenv("A_SETTING", written)
    with pytest.raises(ImproperlyConfigured, match=r"A_SETTING=.*[;,] write"):
        read("A_SETTING")


def test_lists_stand_between_commas(monkeypatch):
    monkeypatch.setenv("A_SETTING", "one.example, two.example,")
    assert environment.names("A_SETTING") == ["one.example", "two.example"]


def test_the_key(monkeypatch, tmp_path):
    key_file = tmp_path / "key"
    with pytest.raises(ImproperlyConfigured, match="No SECRET_KEY"):
        environment.secret_key(debug=False)
    assert environment.secret_key(debug=True)
    monkeypatch.setenv("SECRET_KEY_FILE", str(key_file))
    with pytest.raises(ImproperlyConfigured, match=r"SECRET_KEY_FILE.*cannot be read"):
        environment.secret_key(debug=False)
    for content, says in (
        (b" \n", "is empty"),
        ("ключ".encode(), "plain letters"),
        (b"\xff\x00", "plain letters"),
    ):
        key_file.write_bytes(content)
        with pytest.raises(ImproperlyConfigured, match=f"SECRET_KEY_FILE.*{says}"):
            environment.secret_key(debug=False)
    key_file.write_text("a-key\n")
    assert environment.secret_key(debug=False) == "a-key"


def test_commands_say_it_in_a_sentence(tmp_path):
    environment = {"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path), "DEBUG": "maybe"}
    command = [sys.executable, "manage.py", "migrate"]
    ended = subprocess.run(command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True)
    assert ended.returncode == 1
    assert "write DEBUG=1 or DEBUG=0" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_nothing_of_postgresql_is_loaded_on_sqlite(tmp_path):
    environment = {"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path), "DEBUG": "1"}
    script = (
        "import sys, django; django.setup(); import archive_site.urls; "
        "sys.exit(any(name in ('psycopg2', 'psycopg', 'django.contrib.postgres') for name in sys.modules))"
    )
    command = [sys.executable, "-c", script]
    environment["DJANGO_SETTINGS_MODULE"] = "archive_site.settings"
    ended = subprocess.run(command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr
