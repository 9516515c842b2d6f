"""The settings of packs: what the site has set, kept beside the revisions and not in them."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from loomwork.catalog.schema_check import nearest
from loomwork.errors import N_, InvalidError, NotFoundError
from loomwork.model.settings import Setting
from loomwork.model.whole import Model
from loomwork.records.drafts.composing import fitting_setting
from loomwork.store.engine import Database, take_publish_lock
from loomwork.store.system import SETTING
from loomwork.store.transaction import bump_metadata


def read_settings(connection: Connection) -> dict[str, str]:
    """Return the texts of what is set, by ``pack.name``."""
    rows = connection.execute(sa.select(SETTING.c.pack, SETTING.c.name, SETTING.c.value))
    return {f"{pack}.{name}": value for pack, name, value in rows}


def setting_values(model: Model, texts: Mapping[str, str]) -> dict[str, Any]:
    """Return the values of what is set. What the pack's newest version does not accept is not."""
    found: dict[str, Any] = {}
    for key, text in texts.items():
        if key in model.settings:
            try:
                found[key] = model.settings[key].type.parse_text(text)
            except InvalidError:
                continue
    return found


def setting_of(model: Model, pack: str, name: str) -> Setting:
    """Return a setting; NotFoundError where the pack, or the setting in it, does not exist."""
    if pack not in model.packs:
        raise NotFoundError(N_("The pack “{name}” is not installed."), name=pack)
    found = model.settings.get(f"{pack}.{name}")
    if found is None:
        known = [setting.name for setting in model.settings.values() if setting.pack == pack]
        hint = nearest(name, known)
        text = N_("The pack “{pack}” has no setting “{name}”.")
        if hint:
            text = N_("The pack “{pack}” has no setting “{name}”. Did you mean “{hint}”?")
        raise NotFoundError(text, pack=pack, name=name, hint=hint)
    return found


def set_setting(database: Database, setting: Setting, text: str | None) -> None:
    """Set what ``text`` says, or go back to the pack's default where it is None.

    Every worker reads the metadata again after it. Raises InvalidError for a value that the
    setting's type does not accept.
    """
    read = None if text is None else setting.type.parse_text(text.strip())
    value = fitting_setting(setting.key, read)
    kept = None if value is None else setting.type.to_text(value)
    place = (SETTING.c.pack == setting.pack, SETTING.c.name == setting.name)
    with database.transaction() as connection:
        take_publish_lock(connection, database.name)
        connection.execute(sa.delete(SETTING).where(*place))
        if kept is not None:
            row = {"pack": setting.pack, "name": setting.name, "value": kept}
            connection.execute(sa.insert(SETTING).values(row))
        bump_metadata(connection)
