"""Short messages that appear once: on the next page, or at once through htmx."""

import json
from dataclasses import asdict, dataclass
from typing import Any

from flask import Response, flash, get_flashed_messages


@dataclass(frozen=True, slots=True, kw_only=True)
class Toast:
    """A message; ``undo`` is the address that takes back what was done."""

    text: str
    tone: str = "good"
    undo: str = ""


def later(toast: Toast) -> None:
    """Show ``toast`` on the next page that this browser gets."""
    flash(asdict(toast), "toast")  # type: ignore[arg-type]  # any JSON value survives the session


def at_once(response: Response, toast: Toast) -> None:
    """Show ``toast`` on the page that waits for ``response``."""
    response.headers["HX-Trigger"] = json.dumps({"toast": asdict(toast)})


def waiting() -> list[Toast]:
    """Return the messages to be shown now."""
    return [_toast(message) for message in get_flashed_messages()]


def _toast(message: Any) -> Toast:
    return Toast(**message) if isinstance(message, dict) else Toast(text=str(message))
