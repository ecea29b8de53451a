"""Secrets of the gateway, as they lie in the database: encrypted under the installation's own key.

Whoever gets hold of the database or a backup alone can charge nobody.
"""

import base64

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


class CannotRead(Exception):
    """The secret was encrypted under another key of the installation."""


def sealed(secret: str) -> str:
    """The secret as it is kept; empty for none."""
    return _lock().encrypt(secret.encode()).decode() if secret else ""


def opened(kept: str) -> str:
    """The secret that is kept. Raises CannotRead."""
    if not kept:
        return ""
    try:
        return _lock().decrypt(kept.encode()).decode()
    except InvalidToken:
        raise CannotRead from None


def _lock() -> Fernet:
    """Its key is derived from the secret key (HKDF, RFC 5869), for this purpose and no other."""
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"carter gateway keys")
    key = derived.derive(settings.SECRET_KEY.encode())
    return Fernet(base64.urlsafe_b64encode(key))
