"""Reading the environment: each variable in its shape, or a sentence that says what to write."""

import os
import re
import secrets
import tempfile
import tomllib
import zoneinfo
from contextlib import suppress
from importlib import metadata
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

MOST_DAYS = 3650


def text(name: str, default: str = "") -> str:
    """The variable without surrounding space; an empty one counts as not set."""
    return os.environ.get(name, "").strip() or default


def switch(name: str, default: bool) -> bool:
    value = text(name, "on" if default else "off")
    if value not in {"on", "off"}:
        raise ImproperlyConfigured(f"{name} is '{value}'; write on or off.")
    return value == "on"


def choice(name: str, offered: tuple[str, ...]) -> str:
    """One of the words on offer, the first where none is written."""
    value = text(name, offered[0])
    if value not in offered:
        raise ImproperlyConfigured(f"{name} is '{value}'; write {' or '.join(offered)}.")
    return value


def words(name: str, default: str, shape: str, example: str) -> list[str]:
    """A list separated by commas, each of its words of the given shape."""
    value = text(name, default)
    found = [word.strip() for word in value.split(",")] if value else []
    for word in found:
        if not re.fullmatch(shape, word):
            raise ImproperlyConfigured(f"{name} names '{word}'; write for example {example}.")
    return found


def folder(name: str, default: Path) -> Path:
    """A folder that only its owner can read; made here, with one for static files in it."""
    path = Path(text(name, str(default)))
    try:
        path = path.expanduser().absolute()
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        (path / "static").mkdir(exist_ok=True)  # WhiteNoise warns where it is missing
    except (OSError, RuntimeError) as error:
        why = error.strerror if isinstance(error, OSError) else "this user has no home"
        raise ImproperlyConfigured(
            f"{name} is '{path}', which cannot be used ({why}); name another folder."
        ) from error
    return path


def data_folder() -> Path:
    """Where what was installed keeps its data: among this user's, never beside the code."""
    return Path(text("XDG_DATA_HOME", "~/.local/share")) / "ipr-tracker"


def version(code: Path, in_wheel: bool) -> str:
    """Of this checkout, or of the wheel that was installed."""
    if in_wheel:
        return metadata.version("ipr-tracker")
    told: str = tomllib.loads((code / "pyproject.toml").read_text())["project"]["version"]
    return told


def days(name: str, default: int) -> int:
    """A whole number of days, at least one and at most ten years of them."""
    value = text(name, str(default))
    if not re.fullmatch(r"[0-9]{1,4}", value) or not 1 <= int(value) <= MOST_DAYS:
        raise ImproperlyConfigured(
            f"{name} is '{value}'; write a whole number of days from 1 to {MOST_DAYS}."
        )
    return int(value)


def time_zone(name: str, default: str) -> str:
    value = text(name, default)
    try:
        zoneinfo.ZoneInfo(value)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ImproperlyConfigured(
            f"{name} is '{value}'; write a zone such as UTC or Asia/Shanghai."
        ) from error
    return value


def secret_key(name: str, required: bool) -> str:
    """From the environment; otherwise, unless it is required there, made once and kept."""
    key = text(name) or ("" if required else kept_key(name))
    if len(key) < 50:
        raise ImproperlyConfigured(
            f"{name} {f'has {len(key)} characters' if key else 'is not set'}; write 50 or more, "
            "such as those from: python3 -c 'import secrets; print(secrets.token_urlsafe(50))'"
        )
    return key


def kept_key(name: str) -> str:
    """The key of this machine's user, in a file that only they can read."""
    try:
        home = Path(text("XDG_CONFIG_HOME") or Path.home() / ".config")
        path = home / "ipr-tracker" / "secret-key"
        if not path.exists():
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            # Written whole beside its place, then linked into it: of two workers that start at
            # once the second finds the name taken, and both read the same key.
            with tempfile.NamedTemporaryFile("w", dir=path.parent) as fresh:
                fresh.write(secrets.token_urlsafe(50))
                fresh.flush()
                with suppress(FileExistsError):
                    os.link(fresh.name, path)
        return path.read_text().strip()
    except (OSError, RuntimeError) as error:
        raise ImproperlyConfigured(
            f"{name} is not set, and none could be kept in ~/.config ({error}); set it."
        ) from error


def token(name: str) -> str:
    """A secret between two programs; none is no secret, a short one is guessed."""
    value = text(name)
    if value and not re.fullmatch(r"[\x21-\x7e]{32,}", value):
        raise ImproperlyConfigured(
            f"{name} is shorter than 32 characters or has other signs than a header takes; write "
            "those from: python3 -c 'import secrets; print(secrets.token_urlsafe(32))'"
        )
    return value


def log(name: str) -> dict[str, Any]:
    """Django's settings for the log: lines for people, or for machines one object a line."""
    form = choice(name, ("line", "json"))
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {form: {"()": f"measures.logs.{form.capitalize()}"}},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": form}},
        "root": {"handlers": ["console"], "level": "WARNING"},
        "loggers": {
            # Django by default mails errors to administrators and is silent here.
            "django": {"handlers": [], "level": "INFO", "propagate": True},
            # For people the proxy's own log of requests is enough.
            "measures.requests": {"level": "INFO" if form == "json" else "WARNING"},
        },
    }


def site(told: str, origins: list[str], hosts: list[str]) -> str:
    """Where people reach the tracker, without a slash at its end; guessed where nothing is told."""
    if not told:
        return next((each for each in origins if "*" not in each), f"http://{hosts[0].lstrip('.')}")
    if not re.fullmatch(r"https?://[^\s/?#@]+/?", told):
        raise ImproperlyConfigured(
            f"SITE_URL is '{told}'; write where people reach the tracker, such as "
            "https://tracker.example.org, without a path."
        )
    return told.rstrip("/")


def mail(name: str) -> dict[str, Any]:
    """Django's settings for sending mail; without the variable mail is printed where we run.

    The address is never repeated in a refusal: it may hold a password.
    """
    value = text(name)
    if not value:
        return {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}
    refusal = ImproperlyConfigured(
        f"{name} names no mail server; write smtp://user:password@host:587 for STARTTLS, "
        "smtps://user:password@host:465 for TLS, or smtp+plain://host:25 for neither."
    )
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError:
        raise refusal from None
    usual = {"smtp": 587, "smtps": 465, "smtp+plain": 25}
    if parts.scheme not in usual or not parts.hostname or parts.path.strip("/"):
        raise refusal
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": port or usual[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": parts.scheme == "smtp",
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_TIMEOUT": 10,
    }


def provider(issuer: str, client: str, secret: str, called: str) -> list[dict[str, Any]]:
    """The provider of OpenID Connect as allauth wants it told; an empty list without one."""
    told = {name: text(name) for name in (issuer, client, secret)}
    if not any(told.values()):
        return []
    missing = [name for name, value in told.items() if not value]
    if missing:
        raise ImproperlyConfigured(
            f"{' and '.join(missing)} must be set too; write what the provider of OpenID Connect "
            "gave you, or leave all three out."
        )
    if not re.fullmatch(
        r"https://[^\s/?#@]+[^\s?#]*|http://(127\.0\.0\.1|localhost)(:\d+)?[^\s?#]*", told[issuer]
    ):
        raise ImproperlyConfigured(
            f"{issuer} is '{told[issuer]}'; write an https:// address, such as https://id.example.org."
        )
    return [
        {
            "provider_id": "oidc",
            "name": text(called, "OpenID Connect"),
            "client_id": told[client],
            "secret": told[secret],
            "settings": {"server_url": told[issuer], "oauth_pkce_enabled": True},
        }
    ]
