"""What a search finds is what its terms mean, on every engine, over random records."""

import random
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loomwork.publishing.site import Site
from loomwork.records.lists.listing import ListQuery
from loomwork.store.search.index import entries
from loomwork.store.text.terms import matches, terms
from tests.sites import TESTER, empty

SYLLABLES = ("mül", "ler", "öst", "er", "ß", "ø", "江南", "苏州", "重庆", "行", "12", "007", "ひら")
JOINTS = ("", "", " ", "-", ".", "/", "@", " +", "'")
RECORDS = 60
WORDS = st.lists(
    st.tuples(
        st.sampled_from((*SYLLABLES, "jn", "sz", "chong", "l", "m")), st.sampled_from(JOINTS)
    ),
    min_size=1,
    max_size=4,
).map(lambda pairs: "".join(part for pair in pairs for part in pair))


def written(source: random.Random) -> str:
    parts = (source.choice(SYLLABLES) + source.choice(JOINTS) for _ in range(source.randint(1, 5)))
    return "".join(parts).strip() or "x"


@pytest.fixture(scope="module")
def random_site(shared_site: Site) -> dict[UUID, set[str]]:
    """Fill the site; return the tokens of each record by its id."""
    empty(shared_site)
    source = random.Random(20_260)
    for _ in range(RECORDS):
        values = {"name": written(source), "notes": written(source), "row_id": written(source)}
        shared_site.records.create(TESTER, "machine", values)
    entity = shared_site.model.entities["machine"]
    rows = shared_site.records.page(TESTER, "machine", ListQuery(limit=500)).items
    return {
        row["id"]: {token for entry in entries(entity, row) for token in entry.title | entry.body}
        for row in rows
    }


@given(search=WORDS)
def test_a_search_finds_just_what_its_terms_mean(
    shared_site: Site, random_site: dict[UUID, set[str]], search: str
) -> None:
    wanted = terms(search)
    meant = {id_ for id_, kept in random_site.items() if matches(kept, wanted)}
    hits = shared_site.records.search(TESTER, search, ["machine"], limit=100)
    assert {hit["id"] for hit in hits} == meant
    ranks = [(hit["score"], hit["id"]) for hit in hits]
    assert ranks == sorted(ranks, reverse=True)
