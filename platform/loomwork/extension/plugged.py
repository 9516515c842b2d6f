"""What packages bring through entry points, the platform's own exactly as a plug-in's."""

from collections.abc import Iterator
from importlib.metadata import EntryPoint, entry_points
from typing import Any, Final

from loomwork.errors import N_, UnavailableError

PLATFORM: Final = "loomwork"
"""The package that is no plug-in; what it brings comes first."""
BROKEN = N_("The package “{package}” brings “{name}”, which cannot be loaded: {reason}.")


def package_of(point: EntryPoint) -> str:
    """Return the name of the installed package that brings something."""
    return point.dist.name if point.dist is not None else point.module


def plugged(group: str) -> Iterator[tuple[EntryPoint, Any]]:
    """Yield what packages bring in ``group``, the platform's own first, the others by their name.

    Raises UnavailableError, naming the package, where something cannot be loaded.
    """
    found = entry_points(group=group)
    for point in sorted(found, key=lambda one: (not _own(one), package_of(one), one.name)):
        try:
            yield point, point.load()
        except Exception as error:
            raise UnavailableError(
                BROKEN, package=package_of(point), name=point.name, reason=_reason(error)
            ) from error


def _own(point: EntryPoint) -> bool:
    return package_of(point) == PLATFORM


def _reason(error: Exception) -> str:
    text = " ".join(str(error).split()).rstrip(".")
    return f"{type(error).__name__}: {text}" if text else type(error).__name__
