"""Secrets: whether there is one is shown, and a new one can be typed."""

from typing import Any, ClassVar

from loomwork_ui.reader import Reader
from loomwork_ui.widgets.base import Form, Widget

DOTS = "••••••••"
"""Stands for a secret, in the input too: left as it is, it leaves the secret as it is."""


class SecretWidget(Widget):
    """A password input, which never has the secret itself."""

    template: ClassVar[str] = "widgets/secret.html"

    def parse(self, form: Form, reader: Reader) -> object:
        typed = super().parse(form, reader)
        return {"set": True} if typed == DOTS else typed

    def again(self, entry: str, value: Any) -> str:
        """Return what the input holds: nothing of a secret that was typed and not saved."""
        return DOTS if entry and value else ""

    def was_typed(self, entry: str) -> bool:
        """Tell whether somebody typed a secret that the page leaves out."""
        return entry not in ("", DOTS)

    def entered(self, value: Any, reader: Reader) -> str:
        del reader
        return "" if value in (None, "") else DOTS

    def typed(self, text: str) -> str:
        del text
        return DOTS
