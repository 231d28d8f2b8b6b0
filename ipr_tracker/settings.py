"""Settings: one file; the environment decides, and what it leaves out is safe.

A variable that is wrong, or missing where it is needed, stops the start with a sentence
that says what to write instead. `VARIABLES` is the list of them all.
"""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from measures.method import REVIEW_AFTER_DAYS

from .environment import (
    data_folder,
    days,
    folder,
    log,
    mail,
    provider,
    secret_key,
    site,
    switch,
    text,
    time_zone,
    token,
    version,
    words,
)

VARIABLES = {
    "SECRET_KEY": "signs sessions and links, seals factors; with SQLite made once and kept outside",
    "SECRET_KEY_FALLBACKS": "keys of before, separated by spaces: still read, never written with",
    "DEBUG": "on shows tracebacks in the browser; never on a machine that others reach",
    "ALLOWED_HOSTS": "names under which the site is served, separated by commas",
    "DATABASE_URL": "sqlite:///file or postgres://user:password@host/name, ?pool=true for a pool",
    "DATABASE_REPLICA_URL": "postgres://... of a streaming replica: pages for reading come from it",
    "DATA_DIR": "folder of the SQLite database, the held copies of documents and the static files",
    "PUBLIC_PAGES": "on lets everybody read; off asks every reader to sign in",
    "FOUR_EYES": "on wants a finding approved by somebody other than its author",
    "HTTPS": "on redirects to https and marks cookies; by default on unless every host is local",
    "TRUST_PROXY": "on believes X-Forwarded-Proto and -For; only behind a proxy that sets them",
    "CSRF_TRUSTED_ORIGINS": "origins that may post forms; by default https:// and each host",
    "REVIEW_DAYS_DELIVERABLE": "days after which the finding on a deliverable is reviewed",
    "REVIEW_DAYS_CONTINUING": "days after which the finding on a continuing measure is reviewed",
    "REQUIRE_MFA": "on wants a second factor of reviewers and administrators",
    "EMAIL_URL": "smtp://user:password@host:587 (STARTTLS) or smtps://...:465; none prints mail",
    "EMAIL_FROM": "sender of mail, such as IPR Tracker <tracker@example.org>",
    "OIDC_ISSUER": "address of the provider of OpenID Connect; with it the next two",
    "OIDC_CLIENT_ID": "name of this installation at that provider",
    "OIDC_CLIENT_SECRET": "its secret there",
    "OIDC_NAME": "name of the provider on the sign-in page",
    "LOG_FORMAT": "line for people, json for machines: one object a line, nothing of people in it",
    "METRICS_TOKEN": "lets Prometheus read /metrics, and a monitor what is behind /readyz",
    "PROMETHEUS_MULTIPROC_DIR": "where workers add up their figures; made by ipr_tracker.workers",
    "SENTRY_DSN": "where faults are sent, without anything of people",
    "SITE_URL": "where people reach the tracker, for links in mails: https://tracker.example.org",
    "TIME_ZONE": "zone in which days begin and times are shown, such as Asia/Shanghai",
}


def database(name: str, default: str) -> dict[str, Any]:
    """One Django database; an option in the address wins over ours."""
    try:
        parsed: dict[str, Any] = dict(dj_database_url.parse(text(name, default)))
    except ValueError:
        parsed = {"ENGINE": "none"}
    given = parsed.get("OPTIONS", {})
    pool = given.pop("pool", False)
    if pool not in (True, False):
        raise ImproperlyConfigured(f"{name} has pool={pool}; write pool=true, or leave it out.")
    if parsed["ENGINE"] == "django.db.backends.sqlite3":
        return parsed | {"OPTIONS": SQLITE_OPTIONS | given, "CONN_MAX_AGE": 60}
    if parsed["ENGINE"] == "django.db.backends.postgresql":
        # Neither a server that is away nor a lock is waited for until gunicorn gives up on us.
        options = {"connect_timeout": 5, "options": f"-c lock_timeout={LONGEST_WAIT}s"} | given
        if pool:
            return parsed | {"OPTIONS": options | {"pool": POOL}, "CONN_HEALTH_CHECKS": True}
        return parsed | {"OPTIONS": options, "CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
    # The address itself is not repeated: it may hold a password.
    raise ImproperlyConfigured(
        f"{name} names no database we know; write sqlite:///path/to/file "
        "or postgres://user:password@host/name."
    )


BASE_DIR = Path(__file__).resolve().parent.parent
# What is no code: in a checkout beside it, in a wheel within the package.
IN_WHEEL = (Path(__file__).parent / "shipped").is_dir()
SHIPPED_DIR = BASE_DIR / "ipr_tracker" / "shipped" if IN_WHEEL else BASE_DIR
DATA_DIR = folder("DATA_DIR", data_folder() if IN_WHEEL else BASE_DIR / "var")

VERSION = version(BASE_DIR, IN_WHEEL)

DEBUG = switch("DEBUG", default=False)
ALLOWED_HOSTS = words(
    "ALLOWED_HOSTS",
    default="127.0.0.1,localhost,[::1]",
    shape=r"\.?[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*|\[[0-9A-Fa-f:.]+\]",
    example="tracker.example.org, without https:// or port",
)

LONGEST_WAIT = 20  # Seconds for somebody else's write.
# Immediate, because a deferred transaction that turns into a write cannot wait for another writer;
# FULL, because an acknowledged finding must survive a power cut.
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": LONGEST_WAIT,
    "init_command": (
        "PRAGMA journal_mode=WAL;"
        "PRAGMA synchronous=FULL;"
        "PRAGMA mmap_size=134217728;"
        "PRAGMA journal_size_limit=27103364;"
        "PRAGMA cache_size=2000;"
    ),
}
POOL = {"min_size": 1, "max_size": 8, "timeout": 5}
DATABASES = {
    "default": database("DATABASE_URL", f"sqlite:///{quote(str(DATA_DIR))}/tracker.sqlite3")
}
# Which of the two serves what is in `measures.replica`.
DATABASE_ROUTERS = ["measures.replica.Router"]
if text("DATABASE_REPLICA_URL"):
    DATABASES["replica"] = database("DATABASE_REPLICA_URL", "") | {"TEST": {"MIRROR": "default"}}
    if {each["ENGINE"].rpartition(".")[2] for each in DATABASES.values()} != {"postgresql"}:
        raise ImproperlyConfigured("DATABASE_REPLICA_URL and DATABASE_URL must both be postgres://")
# Used codes of second factors, and limits of tries: known to every worker, on every machine.
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

ON_POSTGRESQL = DATABASES["default"]["ENGINE"].endswith("postgresql")
SECRET_KEY = secret_key("SECRET_KEY", required=ON_POSTGRESQL and not DEBUG)
SECRET_KEY_FALLBACKS = text("SECRET_KEY_FALLBACKS").split()

PUBLIC_PAGES = switch("PUBLIC_PAGES", default=True)
FOUR_EYES = switch("FOUR_EYES", default=True)

# By the nature of the measure; what the environment leaves out is as the method has it.
REVIEW_DAYS = {
    "deliverable": days("REVIEW_DAYS_DELIVERABLE", REVIEW_AFTER_DAYS["deliverable"]),
    "continuing": days("REVIEW_DAYS_CONTINUING", REVIEW_AFTER_DAYS["continuing"]),
}

INSTALLED_APPS = [
    "measures",
    "template_partials",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "axes",
    "django_htmx",
    "csp",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "measures.pages.requests.RequestMiddleware",
    # What every answer carries, so before whatever may answer by itself.
    "django.middleware.security.SecurityMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "measures.pages.headers.HeadersMiddleware",
    "measures.pages.watch.ProbeMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "measures.pages.compressing.CompressingMiddleware",
    "measures.pages.language.LanguageMiddleware",
    "measures.api.OneShapeMiddleware",
    "measures.api.MethodsMiddleware",
    "measures.pages.edge.EdgeMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "measures.pages.staying.StayingMiddleware",
    "measures.api.TokenMiddleware",
    "measures.pages.access.PublicPagesMiddleware",
    "measures.pages.keeping.NoStoreMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "measures.pages.factors.SecondFactorMiddleware",
    "axes.middleware.AxesMiddleware",
    # Last: it chooses the database of the page itself, of nothing around it.
    "measures.pages.replica.ReplicaMiddleware",
]

ROOT_URLCONF = "ipr_tracker.urls"
WSGI_APPLICATION = "ipr_tracker.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [SHIPPED_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "measures.pages.context.masthead",
            ],
        },
    },
]

# Copies of documents lie here under their hash: beside the database, never under a public address.
FILES_DIR = DATA_DIR / "files"

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文")]
LOCALE_PATHS = [BASE_DIR / "measures" / "locale"]
FORMAT_MODULE_PATH = "measures.formats"
USE_I18N = True
USE_TZ = True
TIME_ZONE = time_zone("TIME_ZONE", default="UTC")

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_MIMETYPES = {".webmanifest": "application/manifest+json"}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

AUTH_USER_MODEL = "measures.User"
AUTHENTICATION_BACKENDS = [
    # First, so that whoever is locked out is refused before any password is looked at.
    "axes.backends.AxesStandaloneBackend",
    # Django's own backend with e-mail addresses added; both together would hash each wrong
    # password twice.
    "measures.pages.signing_in.NameOrAddress",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

# Accounts are made by an administrator, never by signing up.
ACCOUNT_ADAPTER = "measures.pages.signing_in.ClosedDoor"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_EMAIL_NOTIFICATIONS = True  # of a new password or factor, to whoever's it is
# Wrong passwords are counted by axes, in the database: allauth's own count lives in the memory of
# each worker, and each would lock out at another time.
ACCOUNT_RATE_LIMITS = {"login_failed": None}
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"

# Five tries let a person mistype; a quarter of an hour lets a machine try 480 passwords a day. By
# name and address together, so that nobody locks out a colleague from elsewhere.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
# Tries while locked out do not lengthen it: the time that the page tells is the time it takes.
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_DISABLE_ACCESS_LOG = True  # the sessions of each person are on their own page
AXES_SENSITIVE_PARAMETERS = ["login", "username", "credential", "ip_address"]
AXES_VERBOSE = False
AXES_USERNAME_CALLABLE = "measures.pages.signing_in.name_tried"
AXES_CLIENT_IP_CALLABLE = "measures.pages.signing_in.client_address"
AXES_LOCKOUT_CALLABLE = "measures.pages.signing_in.locked_out"

# A working day: whoever signs in in the morning is not asked again, a machine left behind is safe
# by the next one.
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_IDLE_AGE = 2 * 60 * 60  # long enough to read a statute, short enough for a desk left alone
# In the session, because a cookie of its own could be planted by a neighbouring host.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

REQUIRE_MFA = switch("REQUIRE_MFA", default=False)
MFA_ADAPTER = "measures.pages.factors.Sealed"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "IPR Tracker"
MFA_TOTP_TOLERANCE = 1  # a phone whose clock is half a minute off still signs in
MFA_ALLOW_UNVERIFIED_EMAIL = True  # addresses are given by administrators

EMAIL = mail("EMAIL_URL")
EMAIL_BACKEND = EMAIL.pop("EMAIL_BACKEND")
globals().update(EMAIL)
DEFAULT_FROM_EMAIL = SERVER_EMAIL = text("EMAIL_FROM", default="IPR Tracker <tracker@localhost>")

OIDC = provider("OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET", "OIDC_NAME")
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": OIDC, "OAUTH_PKCE_ENABLED": True}}
SOCIALACCOUNT_ADAPTER = "measures.pages.signing_in.ByInvitation"
SOCIALACCOUNT_STORE_TOKENS = False
# A link, because a form that ends elsewhere is refused by form-action; it changes nothing here.
SOCIALACCOUNT_LOGIN_ON_GET = True

LOOPBACK = re.compile(r"(.+\.)?localhost|127(\.\d+){3}|\[::1\]")
HTTPS = switch("HTTPS", default=not all(LOOPBACK.fullmatch(host) for host in ALLOWED_HOSTS))

# Browsers themselves allow passkeys on plain http for this machine only.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS

TRUST_PROXY = switch("TRUST_PROXY", default=False)
if TRUST_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

if HTTPS:
    SECURE_SSL_REDIRECT = True
    # Refused there, since a redirect would hide a token sent in clear; and asked by a balancer.
    SECURE_REDIRECT_EXEMPT = [r"^api/", r"^metrics$", r"^(healthz|readyz)$"]
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = True
    # The prefix makes the browser refuse a cookie that a neighbouring host tries to plant.
    SESSION_COOKIE_NAME = "__Host-sessionid"
    CSRF_COOKIE_NAME = "__Host-csrftoken"
    LANGUAGE_COOKIE_NAME = "__Host-language"

CSRF_TRUSTED_ORIGINS = words(
    "CSRF_TRUSTED_ORIGINS",
    # A host that begins with a dot stands for all its subdomains.
    default=",".join(
        f"https://{'*' if host.startswith('.') else ''}{host}" for host in ALLOWED_HOSTS if HTTPS
    ),
    shape=r"https?://[^/\s]+",
    example="https://tracker.example.org",
)

SITE_URL = site(text("SITE_URL"), CSRF_TRUSTED_ORIGINS, ALLOWED_HOSTS)

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}

# What no page of the tracker uses, and so no script that got in could.
UNUSED = """
    accelerometer autoplay camera display-capture encrypted-media geolocation gyroscope magnetometer
    microphone midi payment picture-in-picture screen-wake-lock serial usb xr-spatial-tracking
"""
PERMISSIONS_POLICY: dict[str, list[str]] = {name: [] for name in UNUSED.split()}

# Forms of the tracker are small; what is larger comes as a file and is read in pieces.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
DATA_UPLOAD_MAX_NUMBER_FILES = 10

LOGGING = log("LOG_FORMAT")
METRICS_TOKEN = token("METRICS_TOKEN")
# The library that counts reads it by itself, as soon as it is loaded.
FIGURES_DIR = text("PROMETHEUS_MULTIPROC_DIR")
if dsn := text("SENTRY_DSN"):
    from .reporting import start

    start(dsn, VERSION)
