"""What a browser sent, with one text for each field."""

from typing import TYPE_CHECKING

from loomwork_ui.widgets.base import Form

if TYPE_CHECKING:
    from werkzeug.datastructures import MultiDict

OWN = "_"
"""What the names of the form's own inputs begin with."""


def sent_form(form: "MultiDict[str, str]") -> Form:
    """Return what each name has: of several inputs with one name, each has a line."""
    found: dict[str, str] = {}
    for name, values in form.lists():
        if name.startswith(OWN) or len(values) == 1:
            found[name] = values[0]
        else:
            found[name] = "\n".join(" ".join(value.splitlines()) for value in values)
    return found
