"""Field types, found through entry points: the built-in ones exactly as a plug-in's."""

from collections.abc import Mapping
from functools import cache
from importlib.metadata import entry_points

from loomwork.errors import N_, UnavailableError
from loomwork.model.field_type import FieldType

GROUP = "loomwork.field_types"


@cache
def field_types() -> Mapping[str, type[FieldType]]:
    """Return every installed field type by the name that documents write."""
    found: dict[str, type[FieldType]] = {}
    for point in entry_points(group=GROUP):
        loaded = point.load()
        if not (isinstance(loaded, type) and issubclass(loaded, FieldType)):
            raise UnavailableError(
                N_("The plug-in “{name}” does not bring a field type."), name=point.value
            )
        found[point.name] = loaded
    return found
