"""A customer list as a firm exports it from elsewhere: CSV, two languages, a few mistakes."""

import csv
import json
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from itertools import cycle
from pathlib import Path

from loomwork_metadata import pack_folder
from loomwork_metadata.demo.chance import Source, money, pick, sometimes, stream
from loomwork_metadata.demo.companies import Company, companies

COLUMNS = (
    "number", "name", "short_name", "status", "industry", "phone", "email", "website", "street",
    "city", "province", "postal_code", "country", "employees", "annual_revenue",
    "customer_since", "notes",
)  # fmt: skip
STATUSES = {"customer": 0.5, "prospect": 0.42, "former": 0.08}

# What goes wrong in real lists, each with the column and the value that cannot be taken.
MISTAKES: tuple[tuple[str, str], ...] = (
    ("name", ""),
    ("employees", "about 50"),
    ("customer_since", "2024-02-30"),
    ("annual_revenue", "12.3456"),
    ("status", "???"),
    ("employees", "-4"),
    ("country", "Atlantis"),
    ("postal_code", "please ask the customer"),
)

Label = Callable[[str], str]


def write_customers(
    path: Path,
    *,
    rows: int = 10_000,
    encoding: str = "gb18030",
    language: str = "zh_CN",
    bad_rows: int = 0,
    seed: int = 1,
) -> tuple[int, ...]:
    """Write ``rows`` accounts and return the numbers of the bad ones, counted from 1.

    ``language`` (``zh_CN`` or ``en``) is that of the column titles and of the options' labels;
    the companies are Chinese and western in either case.
    """
    source = stream(seed, "customer list")
    label = _labels(language)
    bad = sorted(source.sample(range(1, rows + 1), bad_rows))
    mistakes = {number: [mistake] for number, mistake in zip(bad, cycle(MISTAKES), strict=False)}
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writerow({name: label(f"{name}/label") for name in COLUMNS})
        for number, company in enumerate(companies(source, rows), 1):
            row = _row(source, number, company, label, chinese=language == "zh_CN")
            row.update(mistakes.get(number, ()))
            writer.writerow(row)
    return tuple(bad)


def _row(
    source: Source, number: int, company: Company, label: Label, *, chinese: bool
) -> dict[str, str]:
    status = pick(source, STATUSES)
    since = date(2012, 1, 9) + timedelta(days=source.randrange(5000))
    values = {
        "number": f"K{100_000 + number}",
        "name": company.name,
        "short_name": sometimes(source, 0.7, company.short_name),
        "status": label(f"status/options/{status}/label"),
        "industry": sometimes(source, 0.9, label(f"industry/options/{company.industry}/label")),
        "phone": sometimes(source, 0.88, company.phone),
        "email": sometimes(source, 0.6, f"info@{company.domain}"),
        "website": sometimes(source, 0.5, f"https://www.{company.domain}"),
        "street": sometimes(source, 0.85, company.street),
        "city": company.place.city,
        "province": company.place.province,
        "postal_code": sometimes(source, 0.75, company.place.postal_code),
        "country": label(f"country/options/{company.place.country}/label"),
        "employees": sometimes(source, 0.6, str(company.employees)),
        "annual_revenue": sometimes(source, 0.4, money(company.revenue)),
        "customer_since": _day(since, chinese=chinese) if status != "prospect" else None,
        "notes": _note(source, company),
    }
    return {name: value or "" for name, value in values.items()}


def _day(day: date, *, chinese: bool) -> str:
    return f"{day.year}/{day.month}/{day.day}" if chinese else day.isoformat()


def _note(source: Source, company: Company) -> str | None:
    # Quotes, commas and line breaks are what naive readers of CSV stumble over.
    text = (
        "第一行：需要回访\n第二行：“加急”" if company.chinese else 'Said: "call back, soon"\nTwice.'
    )
    return sometimes(source, 0.05, text)


def _labels(language: str) -> Label:
    """Return a function that gives the label at a pointer below the account's fields."""
    folder = pack_folder("sales")
    if folder is None:
        raise FileNotFoundError("sales")
    fields = json.loads((folder / "entities" / "account.json").read_text("utf-8"))["fields"]
    translation = folder / "translations" / f"{language}.json"
    texts: Mapping[str, str] = (
        json.loads(translation.read_text("utf-8"))["texts"] if translation.exists() else {}
    )

    def label(pointer: str) -> str:
        name, *option, _ = pointer.split("/")
        place = fields[name]["options"][option[1]] if option else fields[name]
        words = (option[1] if option else name).replace("_", " ").capitalize()
        return texts.get(f"entity/account#/fields/{pointer}", place.get("label", words))

    return label
