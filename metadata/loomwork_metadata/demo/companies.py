"""Companies that could exist: name, place and industry fit together."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from loomwork_metadata.demo.chance import Source, log_normal, pick, rounded
from loomwork_metadata.demo.industries import INDUSTRIES
from loomwork_metadata.demo.names import (
    BRAND_END,
    BRAND_FIRST,
    BRAND_SECOND,
    BRAND_START,
    CHINESE_LEGAL,
    CHINESE_STREETS,
    CULTURES,
)
from loomwork_metadata.demo.phones import landline
from loomwork_metadata.demo.places import CHINESE, WESTERN, Place

CNY_PER_UNIT = {"cny": 1.0, "eur": 7.8, "usd": 7.1}


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """One company. ``revenue`` is a year's, in ``currency``; ``domain`` is a reserved one."""

    name: str
    short_name: str
    domain: str
    place: Place
    industry: str
    currency: str
    street: str
    phone: str
    employees: int
    revenue: float

    @property
    def chinese(self) -> bool:
        """Tell whether the company works in Chinese."""
        return self.place.country == "china"


def companies(source: Source, count: int) -> Iterator[Company]:
    """Yield ``count`` companies with different names, about half of them Chinese."""
    seen: set[str] = set()
    chinese = {place: place.weight for place in CHINESE}
    western = {place: place.weight for place in WESTERN}
    industries = {name: industry.weight for name, industry in INDUSTRIES.items()}
    while len(seen) < count:
        place = pick(source, chinese if source.random() < 0.52 else western)
        industry = pick(source, industries)
        company = _company(source, place, industry)
        if company.name not in seen:
            seen.add(company.name)
            yield company


def _company(source: Source, place: Place, industry: str) -> Company:
    name, short_name, latin = (_chinese_name if place.country == "china" else _western_name)(
        source, place, industry
    )
    culture = CULTURES.get(place.country)
    currency = culture.currency if culture else "cny"
    profile = INDUSTRIES[industry]
    employees = max(3, round(log_normal(source, profile.head_count, 1.1)))
    revenue = employees * log_normal(source, profile.revenue, 0.4) / CNY_PER_UNIT[currency]
    return Company(
        name=name,
        short_name=short_name,
        domain=f"{domain_part(latin)}.example",
        place=place,
        industry=industry,
        currency=currency,
        street=_street(source, place),
        phone=landline(source, place),
        employees=employees,
        revenue=rounded(revenue),
    )


def _chinese_name(source: Source, place: Place, industry: str) -> tuple[str, str, str]:
    first, second = source.choice(list(BRAND_FIRST)), source.choice(list(BRAND_SECOND))
    word = source.choice(INDUSTRIES[industry].chinese)
    legal = pick(source, CHINESE_LEGAL)
    latin = f"{place.latin}-{BRAND_FIRST[first]}{BRAND_SECOND[second]}"
    return f"{place.city}{first}{second}{word}{legal}", f"{first}{second}{word}", latin


def _western_name(source: Source, place: Place, industry: str) -> tuple[str, str, str]:
    culture = CULTURES[place.country]
    word = source.choice(INDUSTRIES[industry].western)
    if source.random() < 0.55:
        brand = source.choice(BRAND_START) + source.choice(BRAND_END)
    elif source.random() < 0.7:
        brand = source.choice(culture.family)
    else:
        brand = " & ".join(source.sample(culture.family, 2))
    short_name = f"{brand} {word}"
    return f"{short_name} {source.choice(culture.legal)}", short_name, short_name


def _street(source: Source, place: Place) -> str:
    if place.country == "china":
        block = f"{source.randint(1, 12)}栋" if source.random() < 0.3 else ""
        return f"{source.choice(CHINESE_STREETS)}{source.randint(1, 1999)}号{block}"
    pattern = source.choice(CULTURES[place.country].streets)
    return pattern.format(number=source.randint(1, 180))


def domain_part(text: str) -> str:
    """Return the text as a part of an internet address: ``Köhler & Öberg``, ``kohler-oberg``."""
    whole = text.replace("ß", "ss").replace("Ł", "L").replace("ł", "l")
    plain = unicodedata.normalize("NFKD", whole).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall("[a-z0-9]+", plain))
