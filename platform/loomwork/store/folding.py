"""Folded text: what search compares, without case, accents and width."""

import unicodedata


def fold(text: str) -> str:
    """Return ``text`` without differences of case, accent, width and white space."""
    plain = "".join(
        sign
        for sign in unicodedata.normalize("NFKD", text.casefold())
        if not unicodedata.combining(sign)
    )
    return " ".join(unicodedata.normalize("NFKC", plain).casefold().split())


def pattern(word: str) -> str:
    """Return the LIKE pattern, escaped by backslashes, for texts that contain a folded word."""
    escaped = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"
