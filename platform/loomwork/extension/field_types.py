"""Field types, found through entry points: the built-in ones exactly as a plug-in's."""

import inspect
from collections.abc import Mapping
from functools import cache
from importlib.metadata import EntryPoint

from loomwork.errors import N_, UnavailableError
from loomwork.extension.plugged import package_of, plugged
from loomwork.model.field_type import FieldType

GROUP = "loomwork.field_types"
NOT_A_TYPE = N_("The package “{package}” brings “{value}” as a field type, which it is not.")
UNFINISHED = N_("The field type “{name}” of the package “{package}” lacks {missing}.")
OTHER_NAME = N_(
    "The package “{package}” brings the field type “{name}”, whose class says that it is “{said}”."
)
TAKEN = N_(
    "The package “{package}” brings a field type “{name}”, which “{other}” brings already:"
    " it needs another name."
)


@cache
def field_types() -> Mapping[str, type[FieldType]]:
    """Return every installed field type by the name that documents write.

    Raises UnavailableError, naming the package, for one that is broken or has another's name.
    """
    found: dict[str, type[FieldType]] = {}
    owners: dict[str, str] = {}
    for point, loaded in plugged(GROUP):
        package = package_of(point)
        if point.name in found:
            raise UnavailableError(
                TAKEN, package=package, name=point.name, other=owners[point.name]
            )
        found[point.name], owners[point.name] = _checked(point, loaded), package
    return found


def _checked(point: EntryPoint, loaded: object) -> type[FieldType]:
    package = package_of(point)
    if not (isinstance(loaded, type) and issubclass(loaded, FieldType)):
        raise UnavailableError(NOT_A_TYPE, package=package, value=point.value)
    if inspect.isabstract(loaded):
        lacking = ", ".join(sorted(loaded.__abstractmethods__))
        raise UnavailableError(UNFINISHED, package=package, name=point.name, missing=lacking)
    said = getattr(loaded, "name", "")
    if said != point.name:
        raise UnavailableError(OTHER_NAME, package=package, name=point.name, said=said)
    return loaded
