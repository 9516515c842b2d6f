"""What is derived from the site's secret key."""

import hmac

TOKEN_PREFIX = "lw_"  # noqa: S105  # not a secret: how our tokens begin


def token_digest(key: bytes, token: str) -> bytes:
    """Return the form in which a token is kept."""
    return hmac.digest(key, token.encode(), "sha256")


def fingerprint(key: bytes, password_hash: str) -> str:
    """Return a mark of a password's hash for sessions: a new password ends the old ones."""
    return hmac.digest(key, b"session:" + password_hash.encode(), "sha256").hex()[:32]
