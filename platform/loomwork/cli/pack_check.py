"""What ``loomwork pack check`` says of a pack."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from loomwork.catalog.compile import Report, check_documents
from loomwork.catalog.documents import ATTACHMENT, Document, read_pack, scan_pack
from loomwork.cli.output import problem_entry, problem_line, translate
from loomwork.cli.site import opened_site
from loomwork.errors import N_, DocumentError, Problem, UnavailableError
from loomwork.extension.field_types import field_types
from loomwork.model.whole import Pending
from loomwork.publishing.install import merged
from loomwork_metadata import pack_folder

Packs = dict[str, tuple[Document, ...]]


def checked(
    place: Path, beside: Sequence[tuple[Document, ...]]
) -> tuple[dict[str, Any], list[str]]:
    """Return the outcome of a check as data and as lines for people.

    What the pack requires is looked for in ``beside``, among the installed packs of the site if
    there is one, and among those that ship.
    """
    documents, unread = scan_pack(place)
    name = documents[0].pack if documents else ""
    problems = within_pack(documents, unread)
    report = Report(problems=(), warnings=(), pending=(), documents={}, model=None)
    if documents:
        packs = _required(documents, {pack[0].pack: pack for pack in beside})
        report = check_documents(
            merged((), [*packs.values(), documents]),
            field_types(),
            unread=[problem.file for problem in problems],
        )
    own = [one for one in report.warnings if one.file.startswith(f"{name}/")]
    waiting = [one for one in report.pending if one.file.startswith(f"{name}/")]
    pending = [_waiting(one) for one in waiting]
    problems += report.problems
    data = {
        "pack": name,
        "version": str(documents[0].body.get("version", "")) if documents else "",
        "documents": sum(one.kind != ATTACHMENT for one in documents),
        "problems": [problem_entry(problem) for problem in problems],
        "warnings": [problem_entry(problem) for problem in own],
        "pending": [problem_entry(problem) for problem in pending],
    }
    lines = _lines(data, problems, own, pending)
    if problems:
        # As every command says that fails.
        data = {"error": DocumentError.code, "message": lines[0], **data}
    return data, lines


def within_pack(documents: Sequence[Document], unread: Sequence[Problem]) -> list[Problem]:
    """Return what is wrong with files that cannot be read, with the pack's name if it has one."""
    if not documents:
        return list(unread)
    pack = documents[0].pack
    return [problem.within(f"{pack}/{problem.file}") for problem in unread]


def _waiting(pending: Pending) -> Problem:
    return Problem(
        code="not_yet",
        text=pending.what,
        context=pending.context,
        file=pending.file,
        pointer=pending.pointer,
    )


def _required(documents: Sequence[Document], beside: Packs) -> Packs:
    found: Packs = {}
    installed: Packs | None = None
    waiting = [documents]
    while waiting:
        requires = waiting.pop()[0].body.get("requires")
        for name in requires if isinstance(requires, dict) else ():
            if name in found or name == documents[0].pack:
                continue
            if installed is None and name not in beside:
                installed = _installed()
            pack = beside.get(name) or (installed or {}).get(name) or _shipped(name)
            if pack:
                found[name] = pack
                waiting.append(pack)
    return found


def _installed() -> Packs:
    try:
        with opened_site() as site:
            names = {document.pack for document in site.documents}
            return {
                name: tuple(one for one in site.documents if one.pack == name) for name in names
            }
    except UnavailableError:
        return {}


def _shipped(name: str) -> tuple[Document, ...] | None:
    folder = pack_folder(name)
    return read_pack(folder) if folder else None


def _lines(
    data: dict[str, Any],
    problems: Sequence[Problem],
    warnings: Iterable[Problem],
    pending: Iterable[Problem],
) -> list[str]:
    lines = [f"  {problem_line(problem)}" for problem in problems]
    text = N_("The pack “{pack}” has {documents} documents and no problems.")
    if problems:
        text = N_("The pack “{pack}” has {documents} documents and {count} problems:")
    if not data["pack"]:
        text = DocumentError.text
    head = translate(text).format_map({**data, "count": len(problems)})
    lines = [head, *lines]
    for title, found in (
        (N_("Probably not meant:"), list(warnings)),
        (N_("Checked, but not carried out by this version, so it cannot be installed:"), pending),
    ):
        shown = [f"  {problem_line(problem)}" for problem in found]
        lines += [translate(title), *shown] if shown else []
    return lines
