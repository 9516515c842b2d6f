"""The browser's evaluator in a Node process, which answers for as many programs as are asked."""

import json
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from loomwork.expressions.to_javascript import Program, written
from tests.services import find_node

DRIVER = Path(__file__).with_name("evaluate.mjs")
CONDITION = "condition"
"""Instead of a kind: the value of the program is true or false, never missing."""


class JavaScript:
    """Evaluates programs; start it with `javascript`."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def know(self, world: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
        """Keep the live records of each entity, for what links to them."""
        self._ask({"world": {name: [as_json(row) for row in rows] for name, rows in world.items()}})

    def values(
        self, programs: Sequence[tuple[str, Program]], cases: Sequence[Mapping[str, Any]]
    ) -> list[list[Any]]:
        """Return, for each program, its value in each case."""
        found: list[list[Any]] = self._ask({"programs": programs, "cases": cases})
        return found

    def _ask(self, request: object) -> Any:
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None
        stdin.write(json.dumps(request) + "\n")
        stdin.flush()
        answer = stdout.readline()
        assert answer, "the evaluator has ended, see its message above"
        return json.loads(answer)


@contextmanager
def javascript() -> Iterator[JavaScript]:
    """Yield a running evaluator."""
    command = [find_node(), DRIVER]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    ) as process:
        yield JavaScript(process)
        assert process.stdin is not None
        process.stdin.close()


def as_json(record: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Return a record as the browser gets it."""
    return None if record is None else {name: written(value) for name, value in record.items()}
