"""What the tests of the demo data share: one year's records and the types of their fields."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from loomwork.extension.field_types import field_types
from loomwork.model.field_type import FieldType
from loomwork.model.text import Text
from loomwork_metadata.demo import DemoRecord, demo_records


def field_type(field: Mapping[str, Any], texts: Mapping[str, str], at: str) -> FieldType:
    """Return the type of a field; ``texts`` are the Chinese ones, ``at`` the field's place."""
    return field_types()[field["type"]].from_document(
        field, lambda place, source: Text(source, {"zh_CN": texts[f"{at}/{place}"]})
    )


@pytest.fixture(scope="session")
def today() -> date:
    """Return the day on which the demo data is looked at."""
    return date(2026, 6, 17)


@pytest.fixture(scope="session")
def records(today: date) -> tuple[DemoRecord, ...]:
    """Return the demo data at its usual size."""
    return tuple(demo_records(7, today))


@pytest.fixture(scope="session")
def types(
    entities: Mapping[str, dict[str, Any]], packs: Mapping[str, Mapping[str, dict[str, Any]]]
) -> Mapping[str, Mapping[str, FieldType]]:
    """Return the field types by entity and field."""
    texts = {
        place: text
        for pack in packs.values()
        for place, text in pack["translations/zh_CN.json"]["texts"].items()
    }
    return {
        name: {
            field: field_type(document, texts, f"entity/{name}#/fields/{field}")
            for field, document in entity["fields"].items()
        }
        for name, entity in entities.items()
    }
