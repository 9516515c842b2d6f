"""A CSV file as a spreadsheet program would write it."""

import csv
from pathlib import Path
from uuid import UUID

from bench.rows import rows

COLUMNS = (
    "name",
    "number",
    "status",
    "industry",
    "website",
    "phone",
    "email",
    "city",
    "employees",
    "annual_revenue",
    "customer_since",
    "notes",
)
NOBODY = UUID(int=0)
APART = 50_000_000
"""Where the numbers of imported rows begin, away from those that are in the table."""


def write(file: Path, count: int) -> None:
    """Write ``count`` rows that the table does not have yet."""
    with file.open("w", encoding="utf-8", newline="") as target:
        writer = csv.writer(target)
        writer.writerow(COLUMNS)
        for row in rows(count, (NOBODY,), start=APART):
            writer.writerow([row[name] for name in COLUMNS])
