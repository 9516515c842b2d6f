"""Values that fields get by themselves: defaults that are computed, and what a link brings."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal
from decimal import Context as Numbers
from typing import TYPE_CHECKING, Any

from loomwork.errors import N_, InvalidError, Problem
from loomwork.expressions.context import Context, Record
from loomwork.model.kinds import Kind
from loomwork.model.storage import StorageKind
from loomwork.model.types.encrypted import SealedType, Unsealed
from loomwork.model.values import Duration
from loomwork.records.drafts.normalising import normalised
from loomwork.records.rules.expression import Expression, holds

if TYPE_CHECKING:
    from loomwork.model.entity import Entity, Field
    from loomwork.records.rules.conditions import Values

EXACT = Numbers(prec=60, rounding=ROUND_HALF_UP)
UNFIT = N_("The value that “{link}” brings does not fit here.")


@dataclass(slots=True, kw_only=True)
class Filling:
    """Completes ``values``; ``before`` is the stored record, None for a new one.

    ``locks`` are the conditions under which a field cannot be changed; ``given`` is what the
    caller sets, which stays as it is. What was set is among ``fields``; a value that does not fit
    is not set and told among ``problems``.
    """

    entity: "Entity"
    rules: "Values"
    locks: Mapping[str, Expression]
    context: Context
    values: dict[str, Any]
    given: Mapping[str, Any]
    before: Record | None
    fields: set[str] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)

    def compute_defaults(self) -> None:
        """Set the computed defaults of a new record's fields, in their order."""
        for name, found in self.rules.defaults.items():
            if name not in self.given:
                self.fields.add(name)
                try:
                    value = self._value(name, found, self.values)
                except InvalidError as error:
                    self.problems += error.problems
                    value = None
                self.values |= self.entity.fields[name].spread(value)

    def follow(self, changed: Iterable[str]) -> None:
        """Set what the links among ``changed`` bring; one that is filled may bring more."""
        fills, moved = self.rules.fills, set(changed)
        waiting = [name for name in fills if name in moved]
        done: set[str] = set()
        while waiting:
            link = waiting.pop(0)
            done.add(link)
            if self.values.get(link) is None:
                continue
            for target, found in fills[link].items():
                if target in self.given or not self._bring(link, target, found):
                    continue
                self.fields.add(target)
                if target in fills and target not in done and target not in waiting:
                    waiting.append(target)

    def _bring(self, link: str, target: str, found: Expression) -> bool:
        """Set ``target`` unless it has to stay; tell whether that changed it."""
        raw, present = found.value(self.values, self.context), self.values.get(target)
        if self._stays(target, found, raw, present):
            return False
        try:
            value = fitted(self.entity.fields[target], raw)
        except InvalidError as error:
            context = {"link": self.entity.fields[link].label}
            code = error.problems[0].code
            self.problems.append(
                Problem(code=code, text=UNFIT, context=context, pointer=f"/{target}")
            )
            return False
        if value is None and self.before is None:
            return False
        same = self._is(target, value, self.values)
        self.values |= self.entity.fields[target].spread(value)
        return not same

    def _is(self, name: str, value: Any, record: Record) -> bool:
        """Tell whether a record has ``value`` in a field.

        Where the main value follows from the parts, only those are compared.
        """
        member = self.entity.fields[name]
        keys = member.keys[1:] if member.type.composes else member.keys
        kept = member.spread(value)
        return all(kept[key] == record.get(key) for key in keys)

    def _stays(self, target: str, found: Expression, raw: Any, present: Any) -> bool:
        """Tell whether ``target`` keeps its value, whatever the link would bring.

        In a stored record what somebody has set by hand stays: whatever is not what the link
        brought as it was before. So does what is locked.
        """
        if self.before is None:
            return raw is None
        if present is None:
            return raw is None or self._locked(target)
        try:
            brought = self._value(target, found, self.before)
        except InvalidError:
            return True
        return not self._is(target, brought, self.values) or self._locked(target)

    def _locked(self, target: str) -> bool:
        locked = self.locks.get(target)
        return (
            self.before is not None
            and holds(locked, self.values, self.context)
            and holds(locked, self.before, self.context)
        )

    def _value(self, name: str, found: Expression, record: Record) -> Any:
        return fitted(self.entity.fields[name], found.value(record, self.context))


def fitted(field: "Field", value: Any) -> Any:
    """Return a computed value as the field keeps it; InvalidError where it does not fit at all."""
    if value is None:
        return None
    if isinstance(field.type, SealedType):
        return Unsealed(fitted(replace(field, type=field.type.of), value))
    if field.type.kind is Kind.NUMBER:
        storage = field.type.storage
        places = storage.places if storage.kind is StorageKind.DECIMAL else 0
        value = Decimal(value).quantize(Decimal(1).scaleb(-places), context=EXACT)
    elif field.type.kind is Kind.DURATION:
        value = Duration(value)
    elif not isinstance(value, str):
        return value
    try:
        return field.type.parse(normalised(field, value))
    except InvalidError as error:
        raise InvalidError(
            problems=[problem.at(f"/{field.name}") for problem in error.problems]
        ) from error
