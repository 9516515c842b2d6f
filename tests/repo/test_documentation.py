"""What the documentation tells people to type works: the commands parse, the pack compiles."""

import re
import shlex
from collections.abc import Sequence
from pathlib import Path

import click
import pytest

from loomwork.catalog.compile import compile_model
from loomwork.catalog.documents import read_pack
from loomwork.cli.main import main
from loomwork.extension.field_types import field_types
from loomwork_metadata import pack_folder

FENCED = re.compile(r"```sh\n(.*?)```", re.DOTALL)
COMMAND = re.compile(r"(?:^|[\s(])loomwork ([^)\n]*)")
NAMED_FILE = re.compile(r"`dealers/([a-z_/]+\.json)`(?:(?!```).)*```json\n(.*?)```", re.DOTALL)


def typed_commands(page: str) -> Sequence[list[str]]:
    """Return the words of every call of ``loomwork`` in the shell examples of a page."""
    blocks = "\n".join(FENCED.findall(page))
    lines = [line.split(" #")[0].rstrip(" &") for line in blocks.splitlines()]
    return [shlex.split(words) for line in lines for words in COMMAND.findall(line)]


def command_for(words: list[str]) -> click.Context:
    """Return the parsed call; click's UsageError where it would not be understood."""
    command: click.Command = main
    context = click.Context(main)
    while isinstance(command, click.Group):
        name, *words = words
        found = command.get_command(context, name)
        assert found is not None, name
        command = found
    return command.make_context(command.name or "", list(words), parent=context)


def test_every_command_in_the_documentation_is_understood(
    project: Path, tracked: Sequence[Path]
) -> None:
    pages = [
        path for path in tracked if path.suffix == ".md" and path.parts[0] in ("docs", "README.md")
    ]
    commands = [words for page in pages for words in typed_commands((project / page).read_text())]
    assert len(commands) > 20
    assert all(command_for(words).command for words in commands)


@pytest.fixture
def tutorial_pack(project: Path, tmp_path: Path) -> Path:
    page = (project / "docs/tutorials/first-module.md").read_text()
    for file, body in NAMED_FILE.findall(page):
        target = tmp_path / "dealers" / file
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(body)
    return tmp_path / "dealers"


def test_the_pack_of_the_first_tutorial_has_no_problems(tutorial_pack: Path) -> None:
    base = pack_folder("base")
    assert base is not None
    model = compile_model([*read_pack(base), *read_pack(tutorial_pack)], field_types())
    assert list(model.entities["dealer"].own_fields) == ["name", "city", "level", "credit", "since"]
    assert set(model.roles) == {"dealer_rep", "dealer_manager"}
