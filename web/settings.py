"""Django's settings, made from `web.environment`."""

from __future__ import annotations

import datetime
from urllib.parse import parse_qs, unquote, urlsplit

from csp.constants import NONE, SELF

from web.environment import ROOT, read_environment

WOHNLOTSE = read_environment()

SECRET_KEY = WOHNLOTSE.secret_key
DEBUG = False
ALLOWED_HOSTS = list(WOHNLOTSE.hosts)
ROOT_URLCONF = "web.urls"
ASGI_APPLICATION = "web.asgi.application"
APPEND_SLASH = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "axes",
    "corsheaders",
    "csp",
    "web.chat",
    "web.pages",
    "web.handoff",
    "web.inquiries",
    "web.accounts",
    "web.console",
    "web.archive",
    "web.review",
    "web.editing",
    "web.rights",
    "web.demo",
]

MIDDLEWARE = [
    "web.middleware.SecurityMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "web.middleware.StaticFilesMiddleware",
    "web.middleware.CSPMiddleware",
    "web.middleware.CommonMiddleware",
    "web.middleware.XFrameOptionsMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "web" / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "web.console.menu.menu",
            ]
        },
    }
]


def _database(url: str) -> dict[str, object]:
    """Django's form of a PostgreSQL address; a `host` in the query is the folder of a socket."""
    parts = urlsplit(url)
    query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    return {
        "ENGINE": "web.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", None) or parts.hostname or "",
        "PORT": str(parts.port or query.pop("port", "")),
        # Without a pool every request thread has a connection of its own, and 120 posts at once use them all up.
        # It gives up soon on a server that is away, else it would pause ever longer, and still pause when it is back.
        "OPTIONS": {**query, "pool": {"min_size": 1, "max_size": 12, "timeout": 3, "reconnect_timeout": 2}},
        # `web.postgresql` finds out by less whether what the pool has kept is dead.
        "CONN_HEALTH_CHECKS": False,
        "TEST": {"NAME": "wohnlotse_test"},
    }


DATABASES = {"default": _database(WOHNLOTSE.database_url)}

_SMTP = urlsplit(WOHNLOTSE.smtp_url)
EMAIL_HOST = _SMTP.hostname or ""
EMAIL_USE_SSL = _SMTP.scheme == "smtps"
EMAIL_PORT = _SMTP.port or (465 if EMAIL_USE_SSL else 587)
EMAIL_HOST_USER = unquote(_SMTP.username or "")
EMAIL_HOST_PASSWORD = unquote(_SMTP.password or "")
EMAIL_USE_TLS = _SMTP.query == "tls=1"
EMAIL_TIMEOUT = 5
DEFAULT_FROM_EMAIL = WOHNLOTSE.mail_from

LANGUAGE_CODE = "de"
TIME_ZONE = "Europe/Berlin"
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
STATICFILES_DIRS = [ROOT / "web" / "static"]
# Served from where they lie: there is no build step, and one process less to run after a change.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_MAX_AGE = 300
# Which other sites may load the widget, django-cors-headers says.
WHITENOISE_ALLOW_ALL_ORIGINS = False

# The key of a conversation travels in a header, so other sites may be let in without cookies.
CORS_ALLOWED_ORIGINS = list(WOHNLOTSE.sites)
CORS_URLS_REGEX = r"^/(api/|static/widget/)"
CORS_ALLOW_CREDENTIALS = False
CORS_ALLOW_METHODS = ["GET", "POST", "PUT", "DELETE", "OPTIONS"]
CORS_ALLOW_HEADERS = ["accept", "authorization", "content-type", "last-event-id"]
CORS_EXPOSE_HEADERS = ["retry-after"]

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
        "require-trusted-types-for": ["'script'"],
    }
}

X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = WOHNLOTSE.https
SECURE_HSTS_SECONDS = 31_536_000 if WOHNLOTSE.https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = WOHNLOTSE.https
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if WOHNLOTSE.proxies else None
DATA_UPLOAD_MAX_MEMORY_SIZE = WOHNLOTSE.body_bytes

# Sessions and CSRF cookies are for the console alone: the citizens' pages set none. `web.console.page` runs the middleware.
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "team"
SESSION_COOKIE_NAME = "team"
SESSION_COOKIE_PATH = CSRF_COOKIE_PATH = "/team/"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = WOHNLOTSE.https
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Strict"
SESSION_COOKIE_AGE = 24 * 60 * 60  # more than 20 hours need no warning (WCAG 2.2.1)
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "web.console.kept.csrf_failure"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
_VALIDATION = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS: list[dict[str, object]] = [
    {"NAME": f"{_VALIDATION}.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": f"{_VALIDATION}.UserAttributeSimilarityValidator"},
    {"NAME": f"{_VALIDATION}.CommonPasswordValidator"},
    {"NAME": f"{_VALIDATION}.NumericPasswordValidator"},
]
# Five failures lock a name from one address for a quarter of an hour. What is noted for that goes with the lock.
AXES_HANDLER = "web.accounts.lock.Attempts"
AXES_CLIENT_IP_CALLABLE = "web.accounts.lock.address"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = datetime.timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False
SILENCED_SYSTEM_CHECKS = ["axes.W002"]  # its middleware would run for citizens; the log-in says itself that it is locked
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# Django's own error pages quote addresses and bodies; ours do not. Nothing here logs a text, an address or a user agent.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": WOHNLOTSE.log_level},
    "loggers": {
        "django.request": {"level": "CRITICAL"},
        "django.security": {"level": "CRITICAL"},
        "axes": {"level": "CRITICAL"},  # names and addresses
    },
}
