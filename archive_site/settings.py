"""Settings, all of them from the environment and safe by default.

``docs/operations.md`` lists the variables. Nothing here is a secret: a key, a
password or a host of one installation is in its environment, never in this file.
"""

from pathlib import Path
from urllib.parse import unquote, urlsplit

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

DEBUG = env.bool("DEBUG", default=False)

# Where an installation keeps what it makes: uploads, and by default its database and search index.
DATA_DIR = env.path("DATA_DIR", default=BASE_DIR / "var")
DATA_DIR = Path(str(DATA_DIR))
DATA_DIR.mkdir(parents=True, exist_ok=True)


def _secret_key() -> str:
    key = env.str("SECRET_KEY", default="")
    key_file = env.str("SECRET_KEY_FILE", default="")
    if not key and key_file:
        try:
            key = Path(key_file).read_text(encoding="ascii").strip()
        except OSError as error:
            raise ImproperlyConfigured(f"SECRET_KEY_FILE {key_file} cannot be read: {error}") from error
    if not key and DEBUG:
        return "only-for-development-never-serve-anybody-with-this-key"
    if not key:
        raise ImproperlyConfigured(
            "No SECRET_KEY. Set SECRET_KEY (or SECRET_KEY_FILE) to a long random text, for example from: "
            'python -c "import secrets; print(secrets.token_urlsafe(50))"'
        )
    return key


SECRET_KEY = _secret_key()
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

SITE_NAME = env.str("SITE_NAME", default="Digital Archive")
SITE_STRAPLINE = env.str("SITE_STRAPLINE", default="International History Declassified")
# The address that citations and permanent links carry; empty means the one the reader came by.
SITE_URL = env.str("SITE_URL", default="").rstrip("/")
SITE_CONTACT = env.str("SITE_CONTACT", default="")

INSTALLED_APPS = [
    "archive_site.apps.ArchiveAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "csp",
    "django_filters",
    "search",  # before haystack: its rebuild_index and clear_index replace haystack's
    "haystack",
    "records",
    "people",
    "archive_site.collections",
    "documents",
    "themes",
    "interchange",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "archive_site.middleware.answer_probes",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "archive_site.middleware.Refusals",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
]

ROOT_URLCONF = "archive_site.urls"
WSGI_APPLICATION = "archive_site.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "archive_site.context_processors.site",
            ],
        },
    },
]

DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'archive.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # Curators save while an import runs: readers never wait in WAL mode, and a writer that takes
    # its lock at BEGIN waits for its turn instead of failing half way.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"


def _search_connection(url: str) -> dict[str, object]:
    """The Haystack connection that SEARCH_URL names."""
    scheme = url.partition("://")[0]
    if scheme in ("http", "https"):
        return _elasticsearch_connection(url)
    parts = urlsplit(url)
    if scheme == "sqlite" and parts.path.strip("/"):
        # sqlite:///relative/path and sqlite:////absolute/path, as in DATABASE_URL.
        path = Path(parts.path[1:])
        path = path if path.is_absolute() else BASE_DIR / path
        return {"ENGINE": "search.engines.sqlite.SQLiteEngine", "PATH": str(path), "SILENTLY_FAIL": False}
    raise ImproperlyConfigured(
        "SEARCH_URL names no engine that is here; write sqlite:///path/to/search.sqlite3 or "
        "https://user:password@host:9200/index"
    )


def _elasticsearch_connection(url: str) -> dict[str, object]:
    """https://user:password@host:9200,other:9200/index; the password is nowhere but in BASIC_AUTH."""
    scheme, _, rest = url.partition("://")
    address, _, index = rest.partition("/")
    credentials, _, hosts = address.rpartition("@")
    user, _, password = credentials.partition(":")
    if not index or not all(hosts.split(",")):
        raise ImproperlyConfigured("SEARCH_URL wants a host and an index: https://host:9200/index")
    connection = {
        "ENGINE": "search.engines.elasticsearch.ElasticsearchEngine",
        "URL": [f"{scheme}://{_with_port(host)}" for host in hosts.split(",")],
        "INDEX_NAME": index.strip("/"),
        "BASIC_AUTH": (unquote(user), unquote(password)) if credentials else None,
        "API_KEY": env.str("SEARCH_API_KEY", default=""),
        "CA_FILE": env.str("SEARCH_CA_FILE", default=""),
        "TIMEOUT": env.float("SEARCH_TIMEOUT", default=5.0),
        "SHARDS": env.int("SEARCH_SHARDS", default=1),
        "SILENTLY_FAIL": False,
    }
    if connection["BASIC_AUTH"] and connection["API_KEY"]:
        raise ImproperlyConfigured("write user and password into SEARCH_URL, or set SEARCH_API_KEY, not both")
    return connection


def _with_port(host: str) -> str:
    """A host as the client wants it: always with a port."""
    has_port = host.rpartition(":")[2].isdecimal() and not host.endswith("]")
    return host if has_port else f"{host}:9200"


HAYSTACK_CONNECTIONS = {
    "default": _search_connection(env.str("SEARCH_URL", default=f"sqlite:///{DATA_DIR / 'search.sqlite3'}"))
}
HAYSTACK_LIMIT_TO_REGISTERED_MODELS = False

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = env.str("TIME_ZONE", default="UTC")

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = env.str("STATIC_ROOT", default=str(BASE_DIR / "static-build"))
# Uploads are handed out by views that ask who may see them; there is no public media folder, hence no MEDIA_URL.
MEDIA_ROOT = env.str("MEDIA_ROOT", default=str(DATA_DIR / "files"))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
UPLOAD_LIMIT_BYTES = env.int("UPLOAD_LIMIT_BYTES", default=200 * 1024 * 1024)
DATA_UPLOAD_MAX_MEMORY_SIZE = env.int("DATA_UPLOAD_MAX_MEMORY_SIZE", default=20 * 1024 * 1024)
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
# A page of a longer address says so; gunicorn.conf.py lets somewhat more in, for a link that adds to one.
ADDRESS_BYTES = 7000
FORMS_URLFIELD_ASSUME_HTTPS = True  # what Django 6 does of itself

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
LOGIN_URL = "admin:login"

# HTTPS is the rule; `make run`, a demonstration on one's own machine, sets HTTPS=0.
HTTPS = env.bool("HTTPS", default=not DEBUG)
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
CSRF_FAILURE_VIEW = "archive_site.middleware.csrf_failure"
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=31_536_000 if HTTPS else 0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("SECURE_HSTS_INCLUDE_SUBDOMAINS", default=HTTPS)
SECURE_HSTS_PRELOAD = env.bool("SECURE_HSTS_PRELOAD", default=HTTPS)
if env.bool("BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "frame-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO" if DEBUG else "WARNING")},
}
