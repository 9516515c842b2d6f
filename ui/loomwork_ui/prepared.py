"""What pages need of a Model, worked out once for each language and kept until it changes."""

from collections.abc import Mapping
from threading import Lock

from loomwork.errors import NotFoundError
from loomwork.model.entity import Entity, Field
from loomwork.model.screens import Form, View
from loomwork.model.types.link import LinkType
from loomwork.model.whole import Model
from loomwork_ui.forms.layout import Layout, layout
from loomwork_ui.listing.columns import Table, table
from loomwork_ui.listing.filterable import filterable
from loomwork_ui.widgets.base import Translate, Widget
from loomwork_ui.widgets.registry import registry


class Prepared:
    """The widgets, tables and layouts of one Model in one language, each made when first used.

    Two threads may make the same thing at once; both results are equal, and one of them stays.
    """

    def __init__(self, model: Model, locale: str, translate: Translate) -> None:
        self.model = model
        self.locale = locale
        self._translate = translate
        self._widgets: dict[str, Mapping[str, Widget]] = {}
        self._filters: dict[str, Mapping[str, Widget]] = {}
        self._tables: dict[tuple[str, str], Table] = {}
        self._layouts: dict[tuple[str, str], Layout] = {}
        self._related: dict[str, tuple[tuple[Entity, Field], ...]] = {}

    def entity(self, name: str) -> Entity:
        """Return an entity; one that does not exist is not found."""
        found = self.model.entities.get(name)
        if found is None:
            raise NotFoundError
        return found

    def view(self, entity: Entity, name: str) -> View | None:
        """Return the named view of an entity, or the one to start with."""
        if not name:
            return self.first_view(entity)
        view = self.model.views.get(name)
        if view is None or view.entity != entity.name:
            raise NotFoundError
        return view

    def first_view(self, entity: Entity) -> View | None:
        """Return the view that leaves nothing out, if there is one."""
        return next((view for view in self.model.views_of[entity.name] if not view.filter), None)

    def widgets(self, entity: Entity) -> Mapping[str, Widget]:
        """Return the widgets of an entity's fields."""
        found = self._widgets.get(entity.name)
        if found is None:
            found = registry().widgets(entity, self.locale, self._translate)
            for widget in found.values():
                widget.within(self.model)
            self._widgets[entity.name] = found
        return found

    def filters(self, entity: Entity) -> Mapping[str, Widget]:
        """Return the widgets of what a list can be filtered by, parts as ``field.part``."""
        found = self._filters.get(entity.name)
        if found is None:
            widgets = self.widgets(entity)
            found = filterable(self.model, entity, widgets, self.locale, self._translate)
            self._filters[entity.name] = found
        return found

    def table(self, entity: Entity, view: View | None) -> Table:
        """Return the columns of a view."""
        key = (entity.name, view.name if view else "")
        found = self._tables.get(key)
        if found is None:
            found = table(entity, view, self.widgets(entity), self._translate)
            self._tables[key] = found
        return found

    def related(self, entity: Entity) -> tuple[tuple[Entity, Field], ...]:
        """Return the links to an entity that its records show, without the system's own."""
        found = self._related.get(entity.name)
        if found is None:
            found = self._related[entity.name] = tuple(
                (other, field)
                for other, field in self.model.referrers.get(entity.name, ())
                if not field.system and isinstance(field.type, LinkType) and field.type.inverse
            )
        return found

    def layout(self, entity: Entity, form: Form | None = None) -> Layout:
        """Return the arrangement of an entity's record page, by its usual form if not another."""
        form = form or self.model.form_of.get(entity.name)
        key = (entity.name, form.name if form is not None else "")
        found = self._layouts.get(key)
        if found is None:
            widgets = self.widgets(entity)
            found = layout(entity, form, widgets, self.locale, self._translate)
            self._layouts[key] = found
        return found


class Preparations:
    """The present preparations by language; those of an earlier Model are let go."""

    def __init__(self) -> None:
        self._by_locale: dict[str, Prepared] = {}
        self._lock = Lock()

    def of(self, model: Model, locale: str, translate: Translate) -> Prepared:
        """Return what is prepared of ``model`` for readers of ``locale``."""
        found = self._by_locale.get(locale)
        if found is None or found.model is not model:
            with self._lock:
                found = Prepared(model, locale, translate)
                self._by_locale[locale] = found
        return found
