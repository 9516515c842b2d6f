"""Whether the process lives, and whether it can serve."""

from loomwork.web.identity import current_site
from loomwork.web.routing import Routes

routes = Routes("health", __name__, refresh=False)


@routes.route("/healthz", permission="public")
def healthz() -> dict[str, str]:
    """Say that the process answers."""
    return {"status": "ok"}


@routes.route("/readyz", permission="public")
def readyz() -> dict[str, str]:
    """Say that the database answers too; 503 where it does not."""
    current_site().refresh()
    return {"status": "ok"}
