"""Telephone numbers that can ring nobody.

Where a country's regulator keeps numbers for drama and fiction, they are used. In China and the
rest the subscriber number starts with a zero, which no exchange there hands out.
"""

from loomwork_metadata.demo.chance import Source
from loomwork_metadata.demo.places import Place

FICTION = {
    "germany": "+49 30 23125 {0:03}",
    "france": "+33 1 99 00 {1:02} {2:02}",
    "united_kingdom": "+44 1632 960{0:03}",
    "united_states": "+1 {area} 555 01{1:02}",
    "sweden": "+46 31 390 06 {1:02}",
}
FICTION_MOBILE = {
    "china": "+86 101 0555 {3:04}",
    "france": "+33 6 39 98 {1:02} {2:02}",
    "united_kingdom": "+44 7700 900{0:03}",
    "germany": "+49 171 39200 {1:02}",
    "sweden": "+46 70 174 06 {1:02}",
    "united_states": "+1 {area} 555 01{1:02}",
}
CODES = {
    "austria": "+43",
    "switzerland": "+41",
    "italy": "+39",
    "spain": "+34",
    "netherlands": "+31",
    "poland": "+48",
    "ireland": "+353",
}


def landline(source: Source, place: Place) -> str:
    """Return a number of a company at ``place``."""
    if place.country == "china":
        return f"+86 {place.area_code.removeprefix('0')} 0555 {source.randrange(10_000):04}"
    pattern = FICTION.get(place.country)
    return _filled(source, place, pattern or f"{CODES[place.country]} {{area}} 0555 {{0:03}}")


def mobile(source: Source, place: Place) -> str:
    """Return a mobile number of a person who works at ``place``."""
    pattern = FICTION_MOBILE.get(place.country)
    return _filled(source, place, pattern or f"{CODES[place.country]} 0555 {{0:03}} {{1:02}}")


def _filled(source: Source, place: Place, pattern: str) -> str:
    limits = (1000, 100, 100, 10_000)
    numbers = [source.randrange(limit) for limit in limits]
    return pattern.format(*numbers, area=place.area_code)
