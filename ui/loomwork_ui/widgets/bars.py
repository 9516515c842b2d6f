"""Bar codes as drawings: Code 128 and EAN-13, by ISO/IEC 15417 and 15420."""

from collections.abc import Sequence

PATTERNS = """
212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132
122231 113222 123122 123221 223211 221132 221231 213212 223112 312131 311222 321122 321221 312212
322112 322211 212123 212321 232121 111323 131123 131321 112313 132113 132311 211313 231113 231311
112133 112331 132131 113123 113321 133121 313121 211331 231131 213113 213311 213131 311123 311321
331121 312113 312311 332111 314111 221411 431111 111224 111422 121124 121421 141122 141221 112214
112412 122114 122411 142112 142211 241211 221114 413111 241112 134111 111242 121142 121241 114212
124112 124211 411212 421112 421211 212141 214121 412121 111143 111341 131141 114113 114311 411113
411311 113141 114131 311141 411131 211412 211214 211232
"""
BARS: Sequence[str] = PATTERNS.split()
"""Code 128: the widths of bars and gaps of each value, beginning with a bar."""
STOP = "2331112"
START_B, START_C, TO_B = 104, 105, 100
CHECKED_BY = 103
FEWEST_DIGITS = 4
"""From so many digits on, two in one value make the code shorter."""
LEFT = ("3211", "2221", "2122", "1411", "1132", "1231", "1114", "1312", "1213", "3112")
"""EAN: the widths of gaps and bars of each digit, beginning with a gap."""
MIRRORED = tuple(widths[::-1] for widths in LEFT)
PARITY = (
    "LLLLLL", "LLGLGG", "LLGGLG", "LLGGGL", "LGLLGG",
    "LGGLLG", "LGGGLL", "LGLGLG", "LGLGGL", "LGGLGL",
)  # fmt: skip
"""Which of the left digits are mirrored, which is how the first digit is said."""
QUIET = 10
HEIGHT = 40
FIRST, LAST = " ", "~"
DIGITS = 13


def code128(text: str) -> str:
    """Return the widths of bars and gaps of ``text``; ValueError where it cannot be said."""
    if not text or any(not FIRST <= sign <= LAST for sign in text):
        raise ValueError(text)
    values = _values(text)
    check = (values[0] + sum(place * value for place, value in enumerate(values))) % CHECKED_BY
    return "".join(BARS[value] for value in (*values, check)) + STOP


def _values(text: str) -> list[int]:
    """Return the values of a text: digits in pairs where there are many, else sign by sign."""
    digits = text.isdecimal() and len(text) >= FEWEST_DIGITS
    paired = len(text) - len(text) % 2 if digits else 0
    if not paired:
        return [START_B, *(ord(sign) - ord(FIRST) for sign in text)]
    values = [START_C, *(int(text[place : place + 2]) for place in range(0, paired, 2))]
    return values if paired == len(text) else [*values, TO_B, ord(text[-1]) - ord(FIRST)]


def ean13(text: str) -> str:
    """Return the widths of bars and gaps of 13 digits; ValueError where these are none."""
    if len(text) != DIGITS or not (text.isascii() and text.isdecimal()):
        raise ValueError(text)
    digits = [int(digit) for digit in text]
    left = "".join(
        LEFT[digit] if parity == "L" else MIRRORED[digit]
        for digit, parity in zip(digits[1:7], PARITY[digits[0]], strict=True)
    )
    right = "".join(LEFT[digit] for digit in digits[7:])
    return f"111{left}11111{right}111"


def svg(widths: str) -> str:
    """Return a drawing of bars and gaps, which begin with a bar."""
    path, place = [], QUIET
    for number, width in enumerate(map(int, widths)):
        if number % 2 == 0:
            path.append(f"M{place} 0h{width}v{HEIGHT}h-{width}z")
        place += width
    size = place + QUIET
    return (
        f'<svg viewBox="0 -4 {size} {HEIGHT + 8}" aria-hidden="true" shape-rendering="crispEdges">'
        f'<rect y="-4" width="{size}" height="{HEIGHT + 8}" fill="#fff"/>'
        f'<path d="{"".join(path)}" fill="#000"/></svg>'
    )
