"""The table of functions, and what plug-ins add to it."""

from dataclasses import dataclass

import pytest

from loomwork.errors import UnavailableError
from loomwork.expressions import functions
from loomwork.expressions.function import Function, Signature
from loomwork.expressions.functions import FUNCTIONS, Functions
from loomwork.model.kinds import Kind

TEXT = (Kind.TEXT,)


@dataclass(frozen=True)
class Point:
    """An entry point of an installed plug-in."""

    name: str
    value: str
    found: object

    def load(self) -> object:
        return self.found


def install(monkeypatch: pytest.MonkeyPatch, name: str, found: object) -> Functions:
    monkeypatch.setattr(
        functions, "entry_points", lambda group: [Point(name, f"plugin:{group}", found)]
    )
    return Functions()


INITIALS = Function(
    name="initials",
    signatures=(Signature(parameters=(TEXT,), result=Kind.TEXT),),
    usage="initials(text)",
    help="the first letters of the words",
    example="initials(name) == 'AB'",
    python=lambda text: text[0],
    sql=FUNCTIONS["lower"].sql,
)


def test_a_plug_in_brings_a_function(monkeypatch: pytest.MonkeyPatch) -> None:
    table = install(monkeypatch, "initials", INITIALS)
    assert table["initials"] is INITIALS
    assert set(table) == {*FUNCTIONS, "initials"}


def test_no_plug_in_replaces_what_is_built_in(monkeypatch: pytest.MonkeyPatch) -> None:
    assert install(monkeypatch, "lower", INITIALS)["lower"] == FUNCTIONS["lower"]


def test_what_is_no_function_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    table = install(monkeypatch, "initials", object())
    with pytest.raises(UnavailableError, match=r"plugin:loomwork\.functions"):
        len(table)


def test_a_signature_knows_its_further_arguments() -> None:
    several = Signature(parameters=(TEXT,), result=Kind.TEXT, rest=(Kind.NUMBER,))
    assert [several.takes(count) for count in range(4)] == [False, True, True, True]
    assert (several.kinds(0), several.kinds(3)) == (TEXT, (Kind.NUMBER,))
    single = FUNCTIONS["lower"].signatures[0]
    assert [single.takes(count) for count in range(3)] == [False, True, False]
