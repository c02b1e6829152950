"""What is derived from a secret that only a browser holds.

A session's id is 256 random bits in a cookie. The database has a digest of it, and
GitHub's token enciphered by a key that is derived from it: who reads the database can
use neither.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
from base64 import urlsafe_b64encode

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

SECRET = re.compile(r"[A-Za-z0-9_-]{43}")  # 32 bytes in base64
NONCE = 12  # bytes, of AES-GCM


def new() -> str:
    return secrets.token_urlsafe(32)


def is_one(text: str) -> bool:
    return SECRET.fullmatch(text) is not None


def derived(secret: str, *about: str) -> bytes:
    """32 bytes that nobody can tell who does not know the secret."""
    message = "\0".join(about).encode("utf-8", "surrogatepass")
    return hmac.new(secret.encode(), message, hashlib.sha256).digest()


def text(secret: str, *about: str) -> str:
    return unpadded(derived(secret, *about))


def unpadded(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def same(one: str, other: str) -> bool:
    """Whether two texts are the same; takes the same time wherever they differ."""
    both = (each.encode("utf-8", "surrogatepass") for each in (one, other))
    return hmac.compare_digest(*(hashlib.sha256(each).digest() for each in both))


def enciphered(token: str, secret: str) -> bytes:
    nonce = os.urandom(NONCE)
    return nonce + AESGCM(derived(secret, "token")).encrypt(nonce, token.encode(), None)


def deciphered(data: bytes, secret: str) -> str | None:
    """The token, None where it was enciphered for another secret."""
    try:
        key = AESGCM(derived(secret, "token"))
        return key.decrypt(data[:NONCE], data[NONCE:], None).decode()
    except (InvalidTag, ValueError):
        return None
