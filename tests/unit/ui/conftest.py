"""The Model of the shipped packs, and a reader of a fixed moment."""

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

import loomwork_metadata
from loomwork.catalog.compile import compile_model
from loomwork.catalog.documents import read_pack
from loomwork.extension.field_types import field_types
from loomwork.model.whole import Model
from loomwork_ui.prepared import Prepared
from loomwork_ui.reader import Reader

PACKS = Path(loomwork_metadata.__file__).parent / "packs"


@pytest.fixture(scope="session")
def model() -> Model:
    """Return the Model of the packs base and sales."""
    documents = [*read_pack(PACKS / "base"), *read_pack(PACKS / "sales")]
    return compile_model(documents, field_types())


@pytest.fixture
def prepared(model: Model) -> Prepared:
    """Return what English pages are made from."""
    return Prepared(model, "en", str)


@pytest.fixture
def reader() -> Reader:
    """Return somebody in Shanghai who reads English."""
    return Reader(
        locale="en",
        zone=ZoneInfo("Asia/Shanghai"),
        now=datetime(2026, 11, 21, 12, 0, tzinfo=UTC),
    )
