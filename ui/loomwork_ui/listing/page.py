"""The list page: what its templates show."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from markupsafe import Markup

from loomwork.errors import InvalidError
from loomwork.model.entity import Entity
from loomwork.model.screens import View
from loomwork.records.lists.listing import ListQuery, Page
from loomwork.web.language import current_locale, gettext, ngettext
from loomwork_ui.listing.address import ListAddress
from loomwork_ui.listing.builder import Chip, ConditionInput, chips, condition_input
from loomwork_ui.listing.columns import Column, Table
from loomwork_ui.listing.conditions import both, readable
from loomwork_ui.prepared import Prepared
from loomwork_ui.request import Visit
from loomwork_ui.widgets.base import Widget

PAGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewTab:
    """A view of the entity, to be switched to."""

    label: str
    url: str
    current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The head of a column; ``url`` sorts by it, ``order`` says how it is sorted now."""

    label: str
    style: str
    url: str = ""
    order: str = ""


@dataclass(slots=True, kw_only=True)
class ListPage:
    """What the list's templates are given."""

    entity: str
    title: str
    icon: str
    address: ListAddress
    heads: tuple[Head, ...]
    tabs: tuple[ViewTab, ...] = ()
    chips: tuple[Chip, ...] = ()
    filter_fields: tuple[Widget, ...] = ()
    condition: ConditionInput | None = None
    may_create: bool = False
    view_filter: bool = False
    rows: Markup = field(default_factory=Markup)
    next_url: str = ""
    total: str = ""
    error: str = ""
    error_column: int = 0

    @property
    def state(self) -> tuple[tuple[str, str], ...]:
        """Return what a form on the page sends along to stay in this list."""
        address = self.address
        parts = (("view", address.view), ("filter", address.filter), ("sort", address.sort))
        return tuple((name, value) for name, value in parts if value)


def list_page(visit: Visit, address: ListAddress, *, whole: bool = True) -> ListPage:
    """Return the list at ``address``; without ``whole`` only what rows need is worked out."""
    prepared = visit.prepared
    entity = prepared.entity(address.entity)
    view = prepared.view(entity, address.view)
    table = prepared.table(entity, view)
    page = ListPage(
        entity=entity.name,
        title=entity.plural.to(prepared.locale),
        icon=entity.icon,
        address=address,
        heads=_heads(table, address, view),
        view_filter=bool(view and view.filter),
    )
    try:
        found = visit.site.records.page(visit.actor, entity.name, query(address, table, view))
    except InvalidError as error:
        _explain(page, error, view)
    else:
        _fill(page, found, table, visit)
    if whole:
        _surround(page, visit, entity, view)
    return page


def query(address: ListAddress, table: Table, view: View | None) -> ListQuery:
    """Return the question to the records service; a view's order gives way to the reader's."""
    sort = tuple(part for part in address.sort.split(",") if part)
    return ListQuery(
        filter=_combined(address, view),
        sort=sort or (view.sort if view else ()),
        fields=table.fields,
        limit=PAGE,
        cursor=address.cursor or None,
        count=not address.cursor,
        search=address.q,
    )


def _combined(address: ListAddress, view: View | None) -> str:
    # What is no expression by itself goes alone, so that the error speaks of what was typed.
    of_view = view.filter if view else ""
    return both(address.filter, of_view) if readable(address.filter) else address.filter


def _fill(page: ListPage, found: Page, table: Table, visit: Visit) -> None:
    page.rows = table.rows(found.items, visit.reader)
    if found.next:
        page.next_url = page.address.after(found.next).url
    if found.count is not None:
        shown = visit.reader.number(found.count)
        page.total = ngettext("{n} record", "{n} records", found.count, n=shown)


def _explain(page: ListPage, error: InvalidError, view: View | None) -> None:
    problem = next(iter(error.problems), None)
    page.error = (problem or error).message(gettext, current_locale())
    if problem and problem.column and page.address.filter:
        shift = 1 if _combined(page.address, view).startswith(f"({page.address.filter}) and") else 0
        page.error_column = max(1, problem.column - shift)


def _surround(page: ListPage, visit: Visit, entity: Entity, view: View | None) -> None:
    prepared = visit.prepared
    page.may_create = "create" in visit.site.records.allowed(visit.actor, entity.name)
    page.tabs = _tabs(prepared, entity, view)
    page.chips = chips(visit, entity, page.address)
    page.filter_fields = tuple(prepared.filters(entity).values())
    if page.filter_fields:
        page.condition = condition_input(page.filter_fields[0], visit.reader)


def _tabs(prepared: Prepared, entity: Entity, shown: View | None) -> tuple[ViewTab, ...]:
    first = prepared.first_view(entity)
    label = first.label.to(prepared.locale) if first else gettext("All")
    tabs = [ViewTab(label=label, url=f"/app/{entity.name}", current=shown is first)]
    tabs += [
        ViewTab(
            label=view.label.to(prepared.locale),
            url=ListAddress(entity=entity.name, view=view.name).url,
            current=shown is view,
        )
        for view in prepared.model.views_of[entity.name]
        if view is not first
    ]
    return tuple(tabs)


def _heads(table: Table, address: ListAddress, view: View | None) -> tuple[Head, ...]:
    order = address.sort or ",".join(view.sort if view else ())
    return tuple(_head(column, address, order.split(",")) for column in table.columns)


def _head(column: Column, address: ListAddress, order: Sequence[str]) -> Head:
    """Return a column's head: a click sorts upwards, another one downwards, a third no more."""
    if not column.sortable:
        return Head(label=column.label, style=column.style)
    down = f"-{column.name}"
    shown = {column.name: "ascending", down: "descending"}.get(order[0], "")
    chosen_here = address.sort in (column.name, down)
    following = column.name
    if shown == "ascending":
        following = down
    elif shown and chosen_here:
        following = ""
    return Head(
        label=column.label,
        style=column.style,
        url=address.sorted_by(following).url,
        order=shown,
    )
