"""Django's settings. What an installation can choose is in carter/configuration.py."""

from pathlib import Path
from urllib.parse import urlsplit

import django_stubs_ext
from csp.constants import NONCE, NONE, SELF

from carter.configuration import env, public_url, secret_key
from carter.database import databases

# Lets forms and querysets name their model (`ModelForm[Job]`) where Django itself does not.
django_stubs_ext.monkeypatch()

VAR = Path(env("CARTER_VAR")).absolute()
DEBUG = env("CARTER_DEBUG")
DEMO = env("CARTER_DEMO")
PROXIES = env("CARTER_PROXIES")
PUBLIC_URL = public_url()
HTTPS = PUBLIC_URL.startswith("https://")

SECRET_KEY = secret_key(VAR)
ALLOWED_HOSTS = [
    urlsplit(PUBLIC_URL).hostname or "localhost",
    *env("CARTER_HOSTS"),
    "localhost",
    "127.0.0.1",
    "[::1]",
]

# carter.web comes first: its templates go before those of the libraries.
INSTALLED_APPS = [
    "carter.web",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "django_htmx",
    "django_filters",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "carter.companies",
    "carter.outbox",
    "carter.customers",
    "carter.matching",
    "carter.jobs",
    "carter.billing",
    "carter.storage",
    "carter.paperwork",
    "carter.gateway",
    "carter.recurring",
    "carter.search",
    "carter.merging",
    "carter.transfer",
]

MIDDLEWARE = [
    "carter.web.middleware.request_id.RequestIdMiddleware",
    "carter.web.middleware.plain_text.PlainTextMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "carter.web.middleware.company.CompanyMiddleware",
    "carter.web.replica.RememberWrites",
]

ROOT_URLCONF = "carter.urls"
WSGI_APPLICATION = "carter.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "carter.web.middleware.request_id.in_templates",
                "carter.web.context.around",
            ],
            "builtins": ["carter.web.templatetags.carter"],
        },
    }
]
FORM_RENDERER = "carter.web.forms.FormRenderer"

CSRF_FAILURE_VIEW = "carter.web.views.kept.csrf_failure"

DATABASES = databases(
    url=env("DATABASE_URL"),
    replica_url=env("CARTER_REPLICA_URL"),
    folder=VAR,
    pool=env("CARTER_DATABASE_POOL"),
    pooler=env("CARTER_POOLER"),
)
REPLICA_SECONDS = env("CARTER_REPLICA_SECONDS")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "companies.User"
AUTHENTICATION_BACKENDS = ["carter.companies.signing_in.PeopleBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "carter.companies.passwords.NotOurOwnWords"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_ADAPTER = "carter.web.accounts.AccountAdapter"
ACCOUNT_FORMS = {"login": "carter.web.forms.accounts.SignInForm"}
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = "Carter: "
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
# Codes rather than links: no secret stands in an address, a log or a browser's history.
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 10 * 60
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = 10 * 60
ACCOUNT_REAUTHENTICATION_REQUIRED = True
MFA_ADAPTER = "carter.web.accounts.MFAAdapter"
MFA_FORMS = {"add_webauthn": "carter.web.forms.accounts.AddPasskeyForm"}
MFA_TOTP_ISSUER = "Carter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True

LANGUAGE_CODE = "en-us"
TIME_ZONE = "UTC"
USE_I18N = False
USE_TZ = True

# Limits on sign-in attempts must hold for all processes together.
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}
}

STATIC_URL = "static/"
WHITENOISE_ALLOW_ALL_ORIGINS = False
# The demo serves static files where they lie; an installation collects them (`carter migrate`).
WHITENOISE_USE_FINDERS = DEMO or DEBUG
STATIC_ROOT = None if WHITENOISE_USE_FINDERS else VAR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if WHITENOISE_USE_FINDERS
        else "carter.web.collected.CollectedFiles"
    },
}

# A browser takes a cookie of such a name from this very host only, and only over HTTPS.
COOKIE_PREFIX = "__Host-" if HTTPS else ""
SESSION_ENGINE = "carter.web.sessions"
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}carter_session"
SESSION_COOKIE_SECURE = HTTPS
# Unused for so long, it ends; however much it is used, it ends after so many days.
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_LONGEST_SECONDS = 14 * 24 * 60 * 60
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}carter_csrf"
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
SECURE_SSL_REDIRECT = HTTPS
# Whoever asks after Carter's health from inside the machine speaks plain HTTP.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PROXIES else None
ALLAUTH_TRUSTED_PROXY_COUNT = PROXIES
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
X_FRAME_OPTIONS = "DENY"
SILENCED_SYSTEM_CHECKS = [
    "security.W005",  # Whether the company's other hosts speak HTTPS is not Carter's to promise,
    "security.W021",  # … nor to have browsers remember for ever.
]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "object-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

DEFAULT_FROM_EMAIL = SERVER_EMAIL = env("CARTER_MAIL_FROM")
EMAIL_TIMEOUT = 10
MAIL = env.email_url_config(env("CARTER_MAIL_URL") or "filemail://")
EMAIL_BACKEND = MAIL["EMAIL_BACKEND"]
EMAIL_FILE_PATH = VAR / "mail"
EMAIL_HOST = MAIL["EMAIL_HOST"]
EMAIL_PORT = MAIL["EMAIL_PORT"] or 587
EMAIL_HOST_USER = MAIL["EMAIL_HOST_USER"]
EMAIL_HOST_PASSWORD = MAIL["EMAIL_HOST_PASSWORD"]
EMAIL_USE_TLS = MAIL.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = MAIL.get("EMAIL_USE_SSL", False)

MATCH_ENGINE = env("CARTER_MATCH_ENGINE")
STRIPE_URL = env("CARTER_STRIPE_URL")
AUTO_PAY = env("CARTER_AUTO_PAY")

LOGGING_CONFIG = "carter.logs.configure"
LOGGING = {
    "form": env("CARTER_LOG_FORMAT") or ("readable" if DEMO or DEBUG else "json"),
    "level": env("CARTER_LOG_LEVEL"),
}
