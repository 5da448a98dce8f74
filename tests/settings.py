"""Settings of the test run: the site's own, on a database and index made for the run.

The servers come from TEST_DATABASE_URL and TEST_ELASTICSEARCH_URL, never from what
the site itself uses, so that a test run cannot touch a living archive.
"""

import os

from tests.scratch import scratch_folder

_SCRATCH = scratch_folder()
os.environ["DEBUG"] = "0"
os.environ["HTTPS"] = "0"
os.environ["SECRET_KEY"] = "a-key-for-tests-only"
os.environ["DATA_DIR"] = str(_SCRATCH)
os.environ["DATABASE_URL"] = (
    os.environ.get("TEST_DATABASE_URL") or f"sqlite:///{_SCRATCH / 'archive.sqlite3'}"
)
os.environ["SEARCH_URL"] = f"sqlite:///{_SCRATCH / 'search.sqlite3'}"
os.environ["STATIC_ROOT"] = str(_SCRATCH)
os.environ.pop("SITE_URL", None)

from archive_site.settings import *  # noqa: E402, F403
from archive_site.settings import DATABASES, INSTALLED_APPS, STORAGES  # noqa: E402

# The model that the contract of the search engines is tested with.
INSTALLED_APPS = [*INSTALLED_APPS, "tests.search.catalogue.apps.CatalogueConfig"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A file, not memory: the browser and several workers open the same database.
    DATABASES["default"]["TEST"] = {"NAME": str(_SCRATCH / "test.sqlite3")}
ALLOWED_HOSTS = ["*"]
