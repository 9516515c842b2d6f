"""The pages' answers without a browser: fragments, errors, preferences."""

import re

import pytest
from flask.testing import FlaskClient

from loomwork.publishing.site import Site
from tests.unit.ui.clients import signed_in, token

LIST = "/app/opportunity"
HTMX = {"HX-Request": "true"}
NOBODYS = "01a20055-fabd-7000-bfb1-b496fff0861b"


@pytest.fixture(scope="module")
def manager(site: Site) -> FlaskClient:
    return signed_in(site, "mia")


def test_htmx_gets_the_list_alone_and_caches_keep_the_two_apart(manager: FlaskClient) -> None:
    whole, part = manager.get(LIST), manager.get(LIST, headers=HTMX)
    assert "<!doctype html>" in whole.text
    assert part.text.lstrip().startswith('<section id="list"')
    assert "HX-Request" in whole.headers["Vary"]
    assert "HX-Request" in part.headers["Vary"]


def test_a_restored_history_entry_is_a_whole_page(manager: FlaskClient) -> None:
    headers = {**HTMX, "HX-History-Restore-Request": "true"}
    assert "<!doctype html>" in manager.get(LIST, headers=headers).text


def test_a_cursor_gets_the_following_rows_alone(manager: FlaskClient) -> None:
    found = re.search(r'hx-get="([^"]*cursor[^"]*)"', manager.get(LIST).text)
    assert found
    following = found.group(1).replace("&amp;", "&")
    assert manager.get(following, headers=HTMX).text.lstrip().startswith("<tr data-href=")
    assert "Back to the start" in manager.get(following).text


def test_the_builder_without_scripts_leads_to_the_filtered_list(manager: FlaskClient) -> None:
    query = {"filter_field": "stage", "filter_operator": "in", "filter_value": ["won", "lost"]}
    answer = manager.get(LIST, query_string=query)
    assert answer.status_code == 302
    assert answer.location == f"{LIST}?filter=stage+in+%5B%27won%27%2C+%27lost%27%5D"


@pytest.mark.parametrize(
    "path",
    [
        "/app/nothing",
        "/app/nothing/new",
        f"{LIST}/{NOBODYS}",
        f"{LIST}/not-an-id",
        f"{LIST}?view=nothing",
        f"{LIST}/condition?filter_field=nothing",
    ],
)
def test_what_is_not_there_is_said_inside_the_shell(manager: FlaskClient, path: str) -> None:
    answer = manager.get(path)
    assert answer.status_code == 404
    assert "There is nothing here" in answer.text
    assert 'id="rail"' in answer.text


def test_every_entity_and_view_of_the_model_has_its_pages(site: Site) -> None:
    admin = signed_in(site, "admin")
    for language in ("zh_cn", "en"):
        form = {"language": language, "csrf_token": token(admin.get(LIST))}
        admin.post("/me/preferences", data=form)
        views = [f"/app/{view.entity}?view={view.name}" for view in site.model.views.values()]
        lists = [f"/app/{name}" for name in site.model.entities]
        forms = [f"/app/{name}/new" for name in site.model.entities]
        records = re.findall(r'data-href="([^"]+)"', "".join(admin.get(p).text for p in lists))
        assert len(records) > len(lists)
        statuses = {path: admin.get(path).status_code for path in (*views, *lists, *records[::9])}
        assert set(statuses.values()) == {200}
        assert {admin.get(path).status_code for path in forms} <= {200, 403}


def test_what_may_not_be_done_is_said(site: Site) -> None:
    answer = signed_in(site, "ann").get("/app/product/new")
    assert answer.status_code == 403
    assert "You may not open this" in answer.text


@pytest.mark.parametrize(
    "filter_", ["(", "1 +", "x" * 11_000, "name == 'a' and", "\x00", "((" * 99]
)
def test_no_filter_breaks_the_page(manager: FlaskClient, filter_: str) -> None:
    answer = manager.get(LIST, query_string={"filter": filter_})
    assert answer.status_code == 200
    assert "This filter cannot be used" in answer.text


@pytest.mark.parametrize("sort", ["nothing", "-", ",", "name,name", "account.name"])
def test_no_sort_and_no_cursor_breaks_the_page(manager: FlaskClient, sort: str) -> None:
    assert manager.get(LIST, query_string={"sort": sort}).status_code == 200
    assert manager.get(LIST, query_string={"cursor": sort}).status_code == 200


def test_a_list_sorts_by_a_link_and_marks_its_order(manager: FlaskClient) -> None:
    page = manager.get(LIST, query_string={"sort": "-account"}).text
    assert re.search(r'<th scope="col" class="is-link" aria-sort="descending">', page)
    firms = re.findall(
        r'<a class="ref" [^>]*href="/app/account/[^>]*>.*?<span>([^<]+)</span></a>', page
    )
    assert len(set(firms)) > 1
    assert [firms.index(firm) for firm in firms] == sorted(firms.index(firm) for firm in firms)


def test_a_views_own_order_is_marked(site: Site, manager: FlaskClient) -> None:
    view = site.model.views["open_pipeline"]
    page = manager.get(LIST, query_string={"view": view.name}).text
    assert view.sort[0].removeprefix("-") in view.columns
    assert page.count("aria-sort=") == 1


def test_preferences_lead_back_to_a_page_of_this_site_only(manager: FlaskClient) -> None:
    form = {"theme": "auto", "csrf_token": token(manager.get(LIST))}
    back = manager.post("/me/preferences", data={**form, "next": f"{LIST}?q=a"})
    assert back.location == f"{LIST}?q=a"
    away = manager.post("/me/preferences", data={**form, "next": "//elsewhere.example"})
    assert away.location == "/"


def test_saving_without_the_forms_token_is_refused(manager: FlaskClient) -> None:
    assert manager.post("/app/account/new", data={"name": "Foreign"}).status_code == 403


def test_lookup_answers_titles_that_may_be_read(site: Site, manager: FlaskClient) -> None:
    assert [hit["title"] for hit in manager.get("/app/lookup/account?q=ACME").json or []] == [
        "Acme Industrial"
    ]
    seller = signed_in(site, "wei")
    assert seller.get("/app/lookup/account?q=acme").json == []
