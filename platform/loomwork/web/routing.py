"""Blueprints whose every route says who may call it."""

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, Literal, TypeAlias, TypeVar, get_args
from urllib.parse import quote, urlsplit

from flask import Blueprint, Flask, Response, redirect, request

from loomwork.errors import ActorMovedError, ForbiddenError, SignInRequiredError
from loomwork.web import identity
from loomwork.web.csrf import SAFE
from loomwork.web.problems import in_api

Permission: TypeAlias = Literal["public", "signed_in", "entity", "admin"]
View = TypeVar("View", bound=Callable[..., Any])

DECLARED = "loomwork_permission"


class Routes(Blueprint):
    """A blueprint that refuses routes without a permission.

    ``public``: anybody. ``signed_in``: whoever is signed in. ``entity``: the same, and the records
    service decides about each record. ``admin``: administrators. With ``refresh=False`` the
    generations are not asked for before the view runs; such a view compares the generation that its
    own statement reads, see `identity.from_request`.
    """

    def __init__(
        self,
        name: str,
        import_name: str,
        *,
        static_folder: str | None = None,
        refresh: bool = True,
        **options: Any,
    ) -> None:
        super().__init__(name, import_name, **options)
        # Not handed to Flask, which would make a route of its own: see `loomwork.web.assets`.
        self.assets_folder = Path(self.root_path, static_folder) if static_folder else None
        self._refresh = refresh

    def route(  # type: ignore[override]  # the permission is required here
        self, rule: str, *, permission: Permission, **options: Any
    ) -> Callable[[View], View]:
        """Register the decorated view under ``rule`` for those whom ``permission`` names."""
        if permission not in get_args(Permission):
            raise ValueError(f"unknown permission: {permission}")

        def register(view: View) -> View:
            guarded = _guarded(view, permission, refresh=self._refresh)
            options.setdefault("endpoint", view.__name__)
            self.add_url_rule(rule, view_func=guarded, **options)
            return view

        return register


def require_declarations(app: Flask) -> None:
    """Raise RuntimeError if any route of ``app`` does not say who may call it."""
    open_ends = sorted(
        name for name, view in app.view_functions.items() if not hasattr(view, DECLARED)
    )
    if open_ends:
        raise RuntimeError(f"routes without a permission: {', '.join(open_ends)}")


def safe_target(target: str) -> str:
    """Return ``target`` if it is a path of this site, else ``/``."""
    parts = urlsplit(target)
    inside = target.startswith("/") and not target.startswith("//") and not parts.netloc
    return target if inside and target.isprintable() and "\\" not in target else "/"


def to_sign_in() -> Response:
    """Send the browser to the sign-in page and from there back to where it was."""
    if "HX-Request" in request.headers:
        page = urlsplit(request.headers.get("HX-Current-URL", "/"))
        place = f"{page.path}?{page.query}" if page.query else page.path
        return Response(status=401, headers={"HX-Redirect": _sign_in_address(place)})
    place = request.full_path.rstrip("?") if request.method == "GET" else "/"
    return redirect(_sign_in_address(place))  # type: ignore[return-value]


def _sign_in_address(place: str) -> str:
    target = safe_target(place)
    return "/login" if target == "/" else f"/login?next={quote(target)}"


def _guarded(view: View, permission: Permission, *, refresh: bool) -> View:
    if permission == "public":
        setattr(view, DECLARED, permission)
        return view

    @wraps(view)
    def guarded(*arguments: Any, **values: Any) -> Any:
        try:
            actor, _ = identity.from_request(current=refresh)
        except SignInRequiredError:
            if in_api():
                raise
            return to_sign_in()
        if permission == "admin" and not actor.admin:
            raise ForbiddenError
        try:
            return view(*arguments, **values)
        except ActorMovedError:
            # Nothing was written by a view that only reads: it may run again.
            if request.method not in SAFE or identity.from_request(fresh=True)[0] == actor:
                raise
            return view(*arguments, **values)

    setattr(guarded, DECLARED, permission)
    return guarded  # type: ignore[return-value]
