"""Outcomes as a table for people and as JSON for programs."""

import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

import orjson

from bench.extras import Finding
from bench.rounds import Outcome

HEAD = f"{'CPU ms per request':<22}{'product':>18}{'hand-written':>18}{'ratio':>18}{'goal':>8}"


def table(outcomes: Sequence[Outcome], findings: Sequence[Finding]) -> str:
    """Return the table: medians, with the smallest and the largest round in brackets."""
    lines = [HEAD, "-" * len(HEAD)]
    for outcome in outcomes:
        goal = "" if outcome.goal is None else f"≤ {outcome.goal}"
        lines.append(
            f"{outcome.name:<22}{_spread(outcome.product):>18}{_spread(outcome.ceiling):>18}"
            f"{_spread(outcome.ratios):>18}{goal:>8}"
        )
    lines.append("")
    for finding in findings:
        goal = "" if finding.goal is None else f"   goal {finding.better} {finding.goal:,g}"
        value = finding.problem or f"{finding.value:,.4g} {finding.unit}"
        lines.append(f"{finding.name:<50}{value:>18}{goal}")
    return "\n".join(lines)


def _spread(values: Sequence[float]) -> str:
    return f"{median(values):.2f} [{min(values):.2f}–{max(values):.2f}]"


def write(
    folder: Path,
    facts: Mapping[str, object],
    outcomes: Sequence[Outcome],
    findings: Sequence[Finding],
) -> Path:
    """Write everything that was measured into a new file and return its path."""
    now = datetime.now(UTC)
    data = {
        "at": now,
        **facts,
        "python": platform.python_version(),
        "cpu_ms_per_request": [
            {**asdict(outcome), "ratios": outcome.ratios, "ratio": outcome.ratio}
            for outcome in outcomes
        ],
        "others": [asdict(finding) for finding in findings],
    }
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{now:%Y%m%dT%H%M%SZ}-{facts['engine']}.json"
    file.write_bytes(orjson.dumps(data, option=orjson.OPT_INDENT_2))
    return file
