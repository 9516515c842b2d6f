"""Three sides of a form: what it was made from, what was typed, what is stored by now."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

from loomwork_ui.reader import Reader
from loomwork_ui.widgets.base import BASE, Form, Widget

UNKNOWN = ""
"""The base of a field whose form does not tell it; it equals no value."""
GIVEN = "_given."
"""Before the name of a field that was filled by itself and then set by hand, be it to nothing."""
FILLED = "_filled."
"""Before the name of a field that was filled and that nobody has touched since; what it had before.

Such a field is left to the records service, which fills it again from what it follows.
"""
LENGTH = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """What a form changes; all mappings are by field and hold the changed ones only.

    ``values`` are for the records service, ``texts`` as they were typed, ``bases`` what the form
    was made from. ``disputed`` are the fields that were changed to something else meanwhile.
    """

    values: dict[str, object] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    bases: dict[str, str] = field(default_factory=dict)
    disputed: tuple[str, ...] = ()


def base(widget: Widget, value: Any, reader: Reader) -> str:
    """Return the fingerprint of a value as a form shows it.

    Taken of what the form reads back, so that grouping, line ends and a precision that inputs do
    not show make no difference; a fingerprint, because long texts need not travel twice.
    """
    return _fingerprint(widget, {widget.field.name: widget.entered(value, reader)}, reader)


def compare(
    widgets: Mapping[str, Widget],
    names: Iterable[str],
    form: Form,
    present: Mapping[str, Any],
    reader: Reader,
    *,
    current: bool,
) -> Edit:
    """Return what ``form`` changes of the record that is stored now.

    Fields that follow others are left alone, and those that the form does not send, or sends as it
    was given them: setting the owner to who already owns the record asks for the right to assign
    all the same. ``current``
    says that the form was made from the version that is stored now.
    """
    edit, disputed = Edit(), []
    for name in names:
        widget = widgets[name]
        if not widget.sent(form) or FILLED + name in form:
            continue
        theirs = base(widget, present.get(name), reader)
        before = form.get(BASE + name, theirs if current else UNKNOWN)
        unchanged = _fingerprint(widget, form, reader) in (before, theirs)
        if unchanged and (GIVEN + name not in form or before != theirs):
            continue
        edit.values[name] = widget.parse(form, reader)
        edit.texts[name] = form.get(name, "")
        edit.bases[name] = before
        if before != theirs and not current:
            disputed.append(name)
    return Edit(values=edit.values, texts=edit.texts, bases=edit.bases, disputed=tuple(disputed))


def _fingerprint(widget: Widget, form: Form, reader: Reader) -> str:
    value = widget.parse(form, reader)
    plain = value.replace("\r\n", "\n").strip() if isinstance(value, str) else value
    return blake2b(repr(plain).encode("utf-8", "replace"), digest_size=LENGTH).hexdigest()
