"""Steps of automations, transitions and service levels: what they read, and what they write."""

from collections.abc import Mapping
from typing import Any, TypeAlias
from urllib.parse import urlsplit

from loomwork.catalog.references.people import check_party, check_recipient
from loomwork.catalog.references.reader import Path, Reader, entity_of, target_of
from loomwork.catalog.references.world import NOTHING
from loomwork.errors import N_, InvalidError
from loomwork.expressions.scope import FieldInfo, Scope
from loomwork.model.entity import Entity, Field
from loomwork.model.kinds import Kind

Result: TypeAlias = Entity | Mapping[str, FieldInfo]
MAKING = ("create", "create_or_match")
RECIPIENTS = ("to", "cc", "reply_to")
MESSAGES = ("email", "message", "notify")


class StepChecker:
    """Checks steps in their order: each may name the results of those before it.

    ``entity`` is what bare names are fields of, None where nothing is at hand, as on a schedule.
    """

    def __init__(
        self,
        reader: Reader,
        entity: Entity | None,
        roots: Mapping[str, Result],
        *,
        changes: bool = False,
        this: Entity | None = None,
    ) -> None:
        self._reader = reader
        self._entity = entity
        self._roots: dict[str, Result] = dict(roots)
        self._changes = changes
        self._this = this

    def check(self, path: Path, steps: Mapping[str, Any]) -> None:
        """Check named steps, one after the other."""
        for name, step in steps.items():
            self._roots[f"steps.{name}"] = self._check_step((*path, name), step)

    def _check_step(self, path: Path, step: Mapping[str, Any]) -> Result:
        """Check one step; return what it makes for the steps after it."""
        scope = self._scope(path)
        for key in ("when", "unless"):
            if key in step:
                self._reader.condition((*path, key), step[key], scope)
        if "each" in step:
            self._check_each(path, step)
        elif "branch" in step:
            self._check_branch(path, step)
        elif "action" in step:
            return self._check_action(path, step, scope)
        return {}

    def _scope(self, path: Path) -> Scope:
        return self._reader.scope(
            path, self._entity, this=self._this, roots=self._roots, changes=self._changes
        )

    def _inside(self) -> "StepChecker":
        """Return a checker whose steps know those before them and are not known after them."""
        return StepChecker(
            self._reader, self._entity, self._roots, changes=self._changes, this=self._this
        )

    def _check_each(self, path: Path, step: Mapping[str, Any]) -> None:
        """Check the steps for each of the records that lead here: bare names are theirs inside."""
        item = self._reader.inverse((*path, "each"), self._entity or NOTHING, step["each"])
        if item is None:
            return
        if "where" in step:
            place = (*path, "where")
            scope = self._reader.scope(place, item, this=self._entity, roots=self._roots)
            self._reader.condition(place, step["where"], scope)
        inside = StepChecker(self._reader, item, self._roots, this=self._entity)
        inside.check((*path, "steps"), step["steps"])

    def _check_branch(self, path: Path, step: Mapping[str, Any]) -> None:
        for name, way in step["branch"].items():
            here = (*path, "branch", name)
            self._reader.condition((*here, "when"), way["when"], self._scope(here))
            self._inside().check((*here, "steps"), way["steps"])
        self._inside().check((*path, "else"), step.get("else", {}))

    def _check_action(self, path: Path, step: Mapping[str, Any], scope: Scope) -> Result:
        action = step["action"]
        if action == "assign":
            self._check_assign(path, step)
            return {}
        if action in MESSAGES:
            self._check_message(path, step, scope)
            return {}
        if action == "webhook":
            self._check_webhook(path, step, scope)
            return {}
        if action == "approve":
            check_party(self._reader, (*path, "by"), step["by"], scope)
            self._inside().check((*path, "rejected"), step.get("rejected", {}))
            return {}
        if action == "script":
            check_script(self._reader, (*path, "script"), step["script"])
            check_loose(self._reader, (*path, "values"), step.get("values", {}), scope)
            return {}
        target = self._target(path, step, scope)
        if target is not None:
            self._check_writing(path, step, target, scope)
        return target if target is not None and action in MAKING else {}

    def _target(self, path: Path, step: Mapping[str, Any], scope: Scope) -> Entity | None:
        """Return the entity whose records a step writes, as far as it can be told."""
        if "entity" in step:
            return self._reader.entity((*path, "entity"), step["entity"])
        if "of" not in step:
            return self._entity
        node = self._reader.value((*path, "of"), step["of"], scope, Kind.LINK)
        return None if node is None else self._reader.world.entities.get(entity_of(node))

    def _check_writing(
        self, path: Path, step: Mapping[str, Any], target: Entity, scope: Scope
    ) -> None:
        reader = self._reader
        if "where" in step:
            place = (*path, "where")
            inner = reader.scope(place, target, this=self._entity, roots=self._roots)
            reader.condition(place, step["where"], inner)
        reader.fields((*path, "match"), target, step.get("match", ()))
        if "transition" in step:
            known = transitions_of(reader, target)
            reader.known((*path, "transition"), "transition", step["transition"], known)
            check_loose(reader, (*path, "values"), step.get("values", {}), scope)
        else:
            check_values(reader, (*path, "values"), step.get("values", {}), target, scope)
        if "field" in step:
            field = reader.field((*path, "field"), target, step["field"])
            for key in ("to", "by"):
                if isinstance(step.get(key), Mapping) and field is not None:
                    wanted = Kind.NUMBER if key == "by" else Kind.LINK
                    place = (*path, key, "is")
                    reader.value(place, step[key]["is"], scope, wanted, target_of(field))

    def _check_assign(self, path: Path, step: Mapping[str, Any]) -> None:
        """Check a step that chooses one of several candidates for a link."""
        own, reader = self._entity or NOTHING, self._reader
        link = reader.field((*path, "field"), own, step["field"])
        check_party(reader, (*path, "else"), step.get("else"), self._scope(path))
        candidates = reader.entity((*path, "from"), step["from"])
        if candidates is None:
            return
        if link is not None and target_of(link) != candidates.name:
            text = N_("The field “{name}” does not link to “{entity}”.")
            context = {"name": step["field"], "entity": candidates.name}
            reader.add((*path, "field"), "other_entity", text, **context)
        if "where" in step:
            place = (*path, "where")
            roots = {**self._roots, "candidate": candidates}
            scope = reader.scope(place, candidates, this=own, roots=roots)
            reader.condition(place, step["where"], scope)
        self._check_load((*path, "load"), step.get("load", {}), candidates)

    def _check_load(self, path: Path, load: Mapping[str, Any], candidates: Entity) -> None:
        if "of" in load:
            counted = self._reader.inverse((*path, "of"), candidates, load["of"])
            if counted is not None and "where" in load:
                place = (*path, "where")
                scope = self._reader.scope(place, counted, this=candidates)
                self._reader.condition(place, load["where"], scope)
        if "limit" in load:
            self._reader.field((*path, "limit"), candidates, load["limit"])

    def _check_message(self, path: Path, step: Mapping[str, Any], scope: Scope) -> None:
        if "template" in step:
            self._reader.document_known((*path, "template"), "template", step["template"])
        for key in RECIPIENTS:
            check_recipient(self._reader, (*path, key), step.get(key), scope)

    def _check_webhook(self, path: Path, step: Mapping[str, Any], scope: Scope) -> None:
        check_loose(self._reader, (*path, "body"), step.get("body", {}), scope)
        pack = self._reader.layer((*path, "url"))
        hosts = self._reader.world.body("pack", pack).get("needs", {}).get("hosts", ())
        host = urlsplit(step["url"]).netloc
        if host not in hosts:
            text = N_("The pack does not say that it needs the host “{host}”.")
            self._reader.add((*path, "url"), "unknown_host", text, host=host)
        if "secret" in step:
            pack = self._reader.layer((*path, "secret"))
            settings = [
                key.partition(".")[2]
                for key in self._reader.world.settings
                if key.startswith(f"{pack}.")
            ]
            self._reader.known((*path, "secret"), "setting", step["secret"], settings)


def transitions_of(reader: Reader, entity: Entity) -> list[str]:
    """Return the names of the transitions of all workflows of an entity."""
    workflows = reader.world.workflows.get(entity.name, {}).values()
    return [name for workflow in workflows for name in workflow.body["transitions"]]


def check_values(
    reader: Reader, path: Path, values: Mapping[str, Any], target: Entity, scope: Scope
) -> None:
    """Check values for the fields of ``target``: what is written, or expressions."""
    for name, value in values.items():
        field = reader.field((*path, name), target, name)
        if field is None:
            continue
        if isinstance(value, Mapping):
            reader.text((*path, name, "is"), value["is"], scope, field)
        else:
            check_value(reader, (*path, name), value, field)


def check_value(reader: Reader, path: Path, value: Any, field: Field) -> None:
    """Check a value that is written for a field."""
    try:
        field.type.parse(value)
    except InvalidError as error:
        for problem in error.problems:
            reader.add(path, problem.code, problem.text, **problem.context)


def check_loose(reader: Reader, path: Path, values: Mapping[str, Any], scope: Scope) -> None:
    """Check values that may be of any kind."""
    for name, value in values.items():
        if isinstance(value, Mapping):
            reader.value((*path, name, "is"), value["is"], scope)


def check_script(reader: Reader, path: Path, name: str) -> None:
    """Check that the pack which names a script brings it."""
    files = reader.world.attachments.get(reader.layer(path), ())
    scripts = [file.removeprefix("scripts/") for file in files if file.startswith("scripts/")]
    reader.known(path, "script", name, scripts)
