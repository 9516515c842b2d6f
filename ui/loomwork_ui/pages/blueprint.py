"""The blueprint of all screens."""

from loomwork.web.routing import Routes

routes = Routes("screens", "loomwork_ui", template_folder="templates", static_folder="static")
