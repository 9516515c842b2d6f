"""Folded text: what search compares, without case, accents and width."""

import unicodedata

LETTERS = str.maketrans(
    {
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "ħ": "h",
        "ŧ": "t",
        "ŋ": "n",
        "ı": "i",
        "æ": "ae",
        "œ": "oe",
        "þ": "th",
    }
)
"""Letters with strokes and joined ones, which Unicode does not take apart."""
SPELT_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})
"""How German and the languages of the north write these letters where they have no others."""


def fold(text: str) -> str:
    """Return ``text`` without differences of case, accent, width and white space."""
    if text.isascii():
        return " ".join(text.lower().split())
    plain = "".join(
        sign
        for sign in unicodedata.normalize("NFKD", text.casefold().translate(LETTERS))
        if not unicodedata.combining(sign)
    )
    folded = unicodedata.normalize("NFKC", plain).casefold().translate(LETTERS)
    return " ".join(folded.split())


def spellings(text: str) -> tuple[str, ...]:
    """Return ``text`` folded, and as it is spelt without umlauts where that is another text."""
    folded = fold(text)
    if folded.isascii() and text.isascii():
        return (folded,)
    other = fold(unicodedata.normalize("NFC", text.casefold()).translate(SPELT_OUT))
    return (folded,) if other == folded else (folded, other)
