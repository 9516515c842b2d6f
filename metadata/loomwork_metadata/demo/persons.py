"""People who work at companies, with how they are reached."""

from dataclasses import dataclass

from loomwork_metadata.demo.chance import Source, pick
from loomwork_metadata.demo.companies import domain_part
from loomwork_metadata.demo.names import CULTURES, FAMILY, GIVEN
from loomwork_metadata.demo.phones import mobile
from loomwork_metadata.demo.places import Place

# Title, department, and whether the holder decides on purchases; then how common it is.
CHINESE_POSTS = {
    ("总经理", "总经办", True): 12,
    ("副总经理", "总经办", True): 7,
    ("采购经理", "采购部", True): 20,
    ("采购专员", "采购部", False): 16,
    ("生产部长", "生产部", False): 11,
    ("设备主管", "设备部", False): 12,
    ("技术总监", "技术部", True): 8,
    ("财务经理", "财务部", False): 7,
    ("信息化负责人", "信息部", False): 7,
}
WESTERN_POSTS = {
    ("Managing director", "Management", True): 12,
    ("Head of procurement", "Procurement", True): 18,
    ("Buyer", "Procurement", False): 17,
    ("Plant manager", "Production", True): 12,
    ("Maintenance engineer", "Production", False): 13,
    ("Chief technology officer", "Engineering", True): 7,
    ("Project engineer", "Engineering", False): 11,
    ("Financial controller", "Finance", False): 6,
    ("IT manager", "IT", False): 4,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Someone at a company. ``handle`` is the part of an e-mail address before the sign."""

    name: str
    handle: str
    job_title: str
    department: str
    decides: bool
    mobile: str
    language: str


def person_at(source: Source, place: Place) -> Person:
    """Return somebody who works at ``place``."""
    if place.country == "china":
        family, given = source.choice(list(FAMILY)), source.choice(list(GIVEN))
        name, handle = f"{family}{given}", f"{GIVEN[given]}.{FAMILY[family]}"
        posts, language = CHINESE_POSTS, "chinese"
    else:
        culture = CULTURES[place.country]
        first, last = source.choice(culture.given), source.choice(culture.family)
        name, handle = f"{first} {last}", f"{domain_part(first)}.{domain_part(last)}"
        posts, language = WESTERN_POSTS, culture.language
    job_title, department, decides = pick(source, posts)
    return Person(
        name=name,
        handle=handle,
        job_title=job_title,
        department=department,
        decides=decides,
        mobile=mobile(source, place),
        language=language,
    )
