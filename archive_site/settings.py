"""Settings, all of them from the environment and safe by default.

``docs/operations.md`` lists the variables. Nothing here is a secret: a key, a
password or a host of one installation is in its environment, never in this file.
"""

from pathlib import Path

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from archive_site import environment

BASE_DIR = Path(__file__).resolve().parent.parent

DEBUG = environment.flag("DEBUG", default=False)

# Where an installation keeps what it makes: uploads, and by default its database and search index.
DATA_DIR = environment.folder("DATA_DIR", BASE_DIR / "var")
SECRET_KEY = environment.secret_key(debug=DEBUG)
ALLOWED_HOSTS = environment.names("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = environment.names("CSRF_TRUSTED_ORIGINS")

SITE_NAME = environment.text("SITE_NAME", "Digital Archive")
SITE_STRAPLINE = environment.text("SITE_STRAPLINE", "International History Declassified")
# The address that citations and permanent links carry; empty means the one the reader came by.
SITE_URL = environment.site_url("SITE_URL")
SITE_CONTACT = environment.text("SITE_CONTACT")

INSTALLED_APPS = [
    "archive_site.apps.ArchiveAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
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
    "archive_site.caching.send_heads_bare",
    "django.middleware.security.SecurityMiddleware",
    "archive_site.middleware.answer_probes",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "archive_site.caching.Compression",
    "archive_site.caching.Conditions",
    "archive_site.caching.tell_caches",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "documents.research_list_store.keep_research_lists",
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
                "documents.context_processors.research_list",
            ],
        },
    },
]

DATABASES = {"default": environment.database(DATA_DIR / "archive.sqlite3", BASE_DIR)}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # Curators save while an import runs: readers never wait in WAL mode, and a writer that takes
    # its lock at BEGIN waits for its turn instead of failing half way.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = environment.whole_number("CONN_MAX_AGE", 60)
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"


HAYSTACK_CONNECTIONS = {"default": environment.search_connection(DATA_DIR / "search.sqlite3", BASE_DIR)}
environment.keep_apart(DATABASES["default"], HAYSTACK_CONNECTIONS["default"])
HAYSTACK_LIMIT_TO_REGISTERED_MODELS = False

# In each process. Citations are kept in it, a kilobyte each: some readers' lists in every style.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 5000},
    }
}

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = environment.time_zone("TIME_ZONE", "UTC")

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = environment.text("STATIC_ROOT", str(BASE_DIR / "static-build"))
# Uploads are handed out by views that ask who may see them; there is no public media folder, hence no MEDIA_URL.
MEDIA_ROOT = environment.text("MEDIA_ROOT", str(DATA_DIR / "files"))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
UPLOAD_LIMIT_BYTES = environment.whole_number("UPLOAD_LIMIT_BYTES", 200 * 1024 * 1024)
DATA_UPLOAD_MAX_MEMORY_SIZE = environment.whole_number("DATA_UPLOAD_MAX_MEMORY_SIZE", 20 * 1024 * 1024)
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
HTTPS = environment.flag("HTTPS", default=not DEBUG)
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
DEFAULT_EXCEPTION_REPORTER_FILTER = "archive_site.reports.AddressesHidden"
CSRF_FAILURE_VIEW = "archive_site.middleware.csrf_failure"
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = environment.whole_number("SECURE_HSTS_SECONDS", 31_536_000 if HTTPS else 0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = environment.flag("SECURE_HSTS_INCLUDE_SUBDOMAINS", default=HTTPS)
SECURE_HSTS_PRELOAD = environment.flag("SECURE_HSTS_PRELOAD", default=HTTPS)
if environment.flag("BEHIND_PROXY", default=False):
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
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

LOG_LEVEL = environment.one_of(
    "LOG_LEVEL", ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"), "INFO" if DEBUG else "WARNING"
)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
}
