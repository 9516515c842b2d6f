"""The navigation: the apps' entries that an actor can open."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from loomwork.model.screens import AppItem
from loomwork.model.whole import Model

FALLBACK_ICON = "table"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An entry of the rail: an address, or a group of further entries."""

    name: str
    label: str
    icon: str
    url: str = ""
    entity: str = ""
    view: str = ""
    current: bool = False
    items: tuple["Entry", ...] = ()


def entries(model: Model, locale: str, readable: Callable[[str], bool]) -> tuple[Entry, ...]:
    """Return the apps with the entries whose entity is ``readable``; empty groups fall away.

    The packs that build on others come first: what people work in, before what it rests on.
    """
    apps = (
        Entry(
            name=app.name,
            label=app.label.to(locale),
            icon=app.icon,
            items=tuple(_items(app.items.values(), model, locale, readable)),
        )
        for app in reversed(tuple(model.apps.values()))
    )
    return tuple(app for app in apps if app.items)


def _items(
    items: Iterable[AppItem], model: Model, locale: str, readable: Callable[[str], bool]
) -> Iterator[Entry]:
    for item in items:
        if item.items:
            inner = tuple(_items(item.items.values(), model, locale, readable))
            if inner:
                label = item.label.to(locale)
                yield Entry(name=item.name, label=label, icon=item.icon, items=inner)
            continue
        view = model.views.get(item.view)
        name = view.entity if view else item.entity
        if name in model.entities and readable(name):
            opened = view.label if view else model.entities[name].plural
            query = f"?view={view.name}" if view else ""
            yield Entry(
                name=item.name,
                label=item.label.to(locale) or opened.to(locale),
                icon=item.icon or model.entities[name].icon or FALLBACK_ICON,
                url=f"/app/{name}{query}",
                entity=name,
                view=view.name if view else "",
            )


def flat(found: Iterable[Entry]) -> Iterator[Entry]:
    """Yield the entries that have an address, in their order."""
    for entry in found:
        if entry.items:
            yield from flat(entry.items)
        else:
            yield entry


def located(found: tuple[Entry, ...], entity: str, view: str) -> tuple[Entry, ...]:
    """Return the entries with the one marked that stands for what is shown.

    The entry of the very view comes before that of its entity.
    """
    everything = [entry for entry in flat(found) if entry.entity == entity]
    exact = [entry for entry in everything if entry.view == view]
    general = [entry for entry in everything if not entry.view]
    chosen = next(iter((*exact, *general, *everything)), None)
    return found if chosen is None else tuple(_marked(entry, chosen) for entry in found)


def _marked(entry: Entry, chosen: Entry) -> Entry:
    if entry.items:
        return replace(entry, items=tuple(_marked(item, chosen) for item in entry.items))
    return replace(entry, current=True) if entry is chosen else entry
