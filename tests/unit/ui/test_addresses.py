"""Addresses of lists and the navigation that leads to them."""

from dataclasses import replace

from loomwork.model.screens import App, AppItem
from loomwork.model.text import Text
from loomwork.model.whole import Model
from loomwork_ui.listing.address import ListAddress
from loomwork_ui.navigation import Entry, entries, flat, located

ADDRESS = ListAddress(entity="account", view="customers", filter="a == 'x&y'", q="李", sort="-a")


def test_an_address_becomes_a_url_and_leaves_out_what_is_empty() -> None:
    assert ListAddress(entity="account").url == "/app/account"
    assert ADDRESS.url == (
        "/app/account?view=customers&filter=a+%3D%3D+%27x%26y%27&q=%E6%9D%8E&sort=-a"
    )


def test_a_change_starts_from_the_first_page() -> None:
    later = ADDRESS.after("abc")
    assert later.sorted_by("b") == ListAddress(
        entity="account", view="customers", filter="a == 'x&y'", q="李", sort="b"
    )
    assert later.filtered("").cursor == ""
    assert later.cleared() == ListAddress(entity="account", view="customers", sort="-a")


def urls(found: tuple[Entry, ...]) -> list[str]:
    return [entry.url for entry in flat(found)]


def test_the_navigation_holds_only_what_may_be_read(model: Model) -> None:
    found = entries(model, "en", lambda entity: entity in ("account", "product"))
    assert urls(found) == ["/app/account", "/app/product"]
    assert entries(model, "en", lambda _: False) == ()


def test_the_packs_on_top_come_first_and_labels_are_translated(model: Model) -> None:
    found = entries(model, "zh_CN", lambda _: True)
    assert [app.label for app in found] == ["销售", "系统管理"]


def test_the_entry_of_the_shown_view_is_marked_before_that_of_its_entity(model: Model) -> None:
    found = entries(model, "en", lambda _: True)
    shown = [
        entry.url for entry in flat(located(found, "opportunity", "open_pipeline")) if entry.current
    ]
    assert shown == ["/app/opportunity?view=open_pipeline"]
    shown = [entry.url for entry in flat(located(found, "opportunity", "")) if entry.current]
    assert shown == ["/app/opportunity"]


def test_an_entry_without_a_label_is_called_as_what_it_opens(model: Model) -> None:
    def label(app: App, locale: str) -> str:
        renamed = replace(model, apps={"own": app})
        return entries(renamed, locale, lambda _: True)[0].items[0].label

    def app(*, entity: str = "", view: str = "") -> App:
        item = AppItem(name="first", label=Text(""), entity=entity, view=view)
        return App(name="own", label=Text("Own"), icon="apps", items={"first": item})

    assert label(app(entity="opportunity"), "en") == "Opportunities"
    assert label(app(entity="opportunity"), "zh_CN") == "商机"
    assert label(app(view="won_deals"), "en") == model.views["won_deals"].label.to("en")
