"""Rollups over durations: the same totals on every engine, however they are read."""

from pathlib import Path

from tests.documents import PackBuilder
from tests.sites import TESTER, made_site


def _of(function: str) -> dict[str, object]:
    return {"type": "rollup", "function": function, "field": "took", "of": "tasks"}


PLAN = {
    "kind": "entity",
    "name": "plan",
    "ownership": "none",
    "fields": {
        "name": {"type": "text"},
        **{f"{function}_of": _of(function) for function in ("sum", "avg", "min", "max")},
        "anywhere": {"type": "rollup", "function": "sum", "field": "took", "from": "task"},
    },
}
TASK = {
    "kind": "entity",
    "name": "task",
    "ownership": "none",
    "fields": {
        "name": {"type": "text"},
        "took": {"type": "duration"},
        "plan": {"type": "link", "to": "plan", "inverse": "tasks"},
    },
}
MINUTE = 60_000_000
NAMES = ("sum_of", "avg_of", "min_of", "max_of", "anywhere")


def test_durations_are_summed_up_exactly(database_url: str, tmp_path: Path) -> None:
    with made_site(database_url, tmp_path, PackBuilder(PLAN, TASK)) as site:
        plan = site.records.create(TESTER, "plan", {"name": "p"})["id"]

        def shown(*durations: str | None) -> list[int | None]:
            for took in durations:
                site.records.create(TESTER, "task", {"name": "t", "took": took, "plan": str(plan)})
            record = site.records.read(TESTER, "plan", plan)
            return [record[name] for name in NAMES]

        assert shown() == [0, None, None, None, 0]
        assert shown(None) == [0, None, None, None, 0]
        sixty_one = 61 * MINUTE
        assert shown("PT1H", "PT1M") == [
            *(sixty_one, sixty_one // 2, MINUTE, 60 * MINUTE),
            sixty_one,
        ]
