"""Clients of the screens without a browser."""

import re

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from loomwork.publishing.site import Site
from loomwork.web.app import create_app
from tests.browser.demo_site import PASSWORD


def token(page: TestResponse) -> str:
    """Return the token of the first form on a page."""
    return value(page, "csrf_token")


def value(page: TestResponse, name: str) -> str:
    """Return the value of a page's first input of that name."""
    found = re.search(rf'name="{re.escape(name)}" value="([^"]*)"', page.text)
    assert found, name
    return found.group(1)


def signed_in(site: Site, name: str) -> FlaskClient:
    """Return a client of somebody who has signed in."""
    client = create_app(site).test_client()
    page = client.get("/login")
    client.post("/login", data={"username": name, "password": PASSWORD, "csrf_token": token(page)})
    return client
