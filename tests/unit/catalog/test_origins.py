"""Where something comes from is known of what is there no more, too."""

from loomwork.catalog.origins import nearest_place, origins_in
from tests.unit.catalog.layering import FORM, NOTE, change, lower, pack, report


def test_a_removal_names_the_layer_that_did_it_and_what_it_hides() -> None:
    upper = pack("upper", change(fields={"size": None}, indexes=None))
    note = report(lower(NOTE), upper).documents["entity"]["note"]
    (found,) = origins_in(note, "/fields/size/min")
    assert (found["at"], found["removed"]) == ("/fields/size", True)
    assert (found["layer"], found["file"]) == ("upper", "upper/entities/note.json")
    assert [one["value"] for one in found["hidden"]] == [{"type": "integer", "min": 0}]


def test_an_order_that_a_patch_says_has_an_origin() -> None:
    upper = pack("upper", change("form", order=["second"]))
    form = report(lower(NOTE, FORM), upper).documents["form"]["note"]
    (found,) = origins_in(form, "/order")
    assert (found["layer"], found["value"]) == ("upper", ["second"])


def test_the_nearest_place_is_found_inside_what_is_there() -> None:
    note = report(lower(NOTE)).documents["entity"]["note"]
    assert nearest_place(note, "/fields/sise/min") == "/fields/size/min"
    assert nearest_place(note, "/fields/entirely_different") == ""
