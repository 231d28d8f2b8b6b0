"""Secrets that must be read again, and so cannot be hashed: sealed before they are stored.

The key is derived from `SECRET_KEY`, which is not in the database nor in its backups. What was
sealed under one of `SECRET_KEY_FALLBACKS` is still read.
"""

import base64

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# No seed begins so: those of apps are capitals and digits, those of recovery codes hexadecimal.
MARK = "sealed:"
PURPOSE = b"ipr-tracker: seeds of second factors"


class Unreadable(ValidationError):
    """Sealed under a key that is not here, or changed since; a form shows it as its error."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "This second factor cannot be read here: the key of this installation has "
                "changed. Ask an administrator to take it away, then set up another one."
            )
        )


def seal(secret: str) -> str:
    """The secret as it may be stored: encrypted and authenticated, another text each time."""
    return MARK + _keys().encrypt(secret.encode()).decode()


def unseal(stored: str) -> str:
    """The secret again. One from before there were seals is returned as it is.

    Raises `Unreadable` where no key of this installation opens it.
    """
    if not stored.startswith(MARK):
        return stored
    try:
        return _keys().decrypt(stored.removeprefix(MARK).encode()).decode()
    except InvalidToken as error:
        raise Unreadable from error


def _keys() -> MultiFernet:
    """The first one seals, every one opens."""
    return MultiFernet(
        [_key(each) for each in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    )


def _key(secret: str) -> Fernet:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE).derive(secret.encode())
    return Fernet(base64.urlsafe_b64encode(derived))
