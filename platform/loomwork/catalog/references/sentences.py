"""What is said of a reference that leads nowhere, without and with the nearest name."""

from collections.abc import Mapping

from loomwork.errors import N_

UNKNOWN: Mapping[str, tuple[str, str]] = {
    "entity": (
        N_("There is no entity “{name}”."),
        N_("There is no entity “{name}”. Did you mean “{hint}”?"),
    ),
    "view": (
        N_("There is no view “{name}”."),
        N_("There is no view “{name}”. Did you mean “{hint}”?"),
    ),
    "field": (
        N_("There is no field “{name}”."),
        N_("There is no field “{name}”. Did you mean “{hint}”?"),
    ),
    "role": (
        N_("There is no role “{name}”."),
        N_("There is no role “{name}”. Did you mean “{hint}”?"),
    ),
    "inverse": (
        N_("No link comes back here under the name “{name}”."),
        N_("No link comes back here under the name “{name}”. Did you mean “{hint}”?"),
    ),
    "state": (
        N_("There is no state “{name}”."),
        N_("There is no state “{name}”. Did you mean “{hint}”?"),
    ),
    "transition": (
        N_("There is no transition “{name}”."),
        N_("There is no transition “{name}”. Did you mean “{hint}”?"),
    ),
    "report": (
        N_("There is no report “{name}”."),
        N_("There is no report “{name}”. Did you mean “{hint}”?"),
    ),
    "dashboard": (
        N_("There is no dashboard “{name}”."),
        N_("There is no dashboard “{name}”. Did you mean “{hint}”?"),
    ),
    "calendar": (
        N_("There is no calendar “{name}”."),
        N_("There is no calendar “{name}”. Did you mean “{hint}”?"),
    ),
    "template": (
        N_("There is no template “{name}”."),
        N_("There is no template “{name}”. Did you mean “{hint}”?"),
    ),
    "segment": (
        N_("There is no segment “{name}”."),
        N_("There is no segment “{name}”. Did you mean “{hint}”?"),
    ),
    "webform": (
        N_("There is no webform “{name}”."),
        N_("There is no webform “{name}”. Did you mean “{hint}”?"),
    ),
    "measure": (
        N_("There is no measure or group “{name}”."),
        N_("There is no measure or group “{name}”. Did you mean “{hint}”?"),
    ),
    "setting": (
        N_("The pack has no setting “{name}”."),
        N_("The pack has no setting “{name}”. Did you mean “{hint}”?"),
    ),
    "script": (
        N_("The pack has no script “{name}”."),
        N_("The pack has no script “{name}”. Did you mean “{hint}”?"),
    ),
    "given": (
        N_("The scenario has no record “{name}”."),
        N_("The scenario has no record “{name}”. Did you mean “{hint}”?"),
    ),
}
