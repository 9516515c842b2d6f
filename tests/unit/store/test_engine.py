"""Connections: what is missing is named."""

import builtins
from collections.abc import Mapping, Sequence

import pytest
from sqlalchemy.engine import make_url

from loomwork.errors import UnavailableError
from loomwork.store.engine import connect

FIND = builtins.__import__


@pytest.mark.parametrize(
    ("url", "module", "extra"),
    [
        ("postgresql+psycopg://crm@127.0.0.1/crm", "psycopg", "postgres"),
        ("mariadb+pymysql://crm@127.0.0.1/crm", "pymysql", "mysql"),
    ],
)
def test_a_driver_that_is_not_installed_is_named_with_its_extra(
    monkeypatch: pytest.MonkeyPatch, url: str, module: str, extra: str
) -> None:
    def refuse(
        name: str,
        names: Mapping[str, object] | None = None,
        local: Mapping[str, object] | None = None,
        wanted: Sequence[str] | None = (),
        level: int = 0,
    ) -> object:
        if name.split(".")[0] == module:
            raise ModuleNotFoundError(f"No module named {module!r}", name=module)
        return FIND(name, names, local, wanted, level)

    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(UnavailableError) as caught:
        connect(make_url(url))
    assert caught.value.context == {"driver": module, "extra": extra}
