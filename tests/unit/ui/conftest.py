"""The Model of the shipped packs, a reader of a fixed moment, and a site with records."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

import loomwork_metadata
from loomwork.catalog.compile import compile_model
from loomwork.catalog.documents import read_pack
from loomwork.extension.field_types import field_types
from loomwork.model.whole import Model
from loomwork.publishing.site import Site
from loomwork_ui.prepared import Prepared
from loomwork_ui.reader import Reader
from tests.browser.demo_site import make_site

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


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Yield a site that the tests here share."""
    made = make_site(tmp_path_factory.mktemp("site"))
    yield made
    made.close()
