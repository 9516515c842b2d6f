"""Just enough of Markdown to follow its links: fences, headings, links and their anchors."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

FENCE = re.compile(r"^(```|~~~).*?^\1\s*$", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`[^`\n]+`")
HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*#*$", re.MULTILINE)
LINK = re.compile(r"\]\(\s*<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\s*\)")
REFERENCE = re.compile(r"^\[[^\]]+\]:\s*<?(\S+?)>?(?:\s|$)", re.MULTILINE)
ELSEWHERE = re.compile(r"^[a-z][a-z0-9+.-]*:")


def anchors(path: Path) -> set[str]:
    """Return the fragments that a Markdown file's headings answer to, in GitHub's spelling."""
    text = FENCE.sub("", path.read_text(encoding="utf-8"))
    seen: dict[str, int] = {}
    found = set()
    for title in HEADING.findall(text):
        plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", title).lower()
        slug = re.sub(r"[^\w\- ]", "", plain).replace(" ", "-")
        count = seen.get(slug, 0)
        seen[slug] = count + 1
        found.add(f"{slug}-{count}" if count else slug)
    return found


def links(path: Path) -> Iterator[str]:
    """Yield the targets inside the project that a Markdown file points to."""
    text = CODE.sub("", FENCE.sub("", path.read_text(encoding="utf-8")))
    for target in [*LINK.findall(text), *REFERENCE.findall(text)]:
        if not ELSEWHERE.match(target):
            yield unquote(target)


def is_dead(path: Path, target: str) -> bool:
    """Tell whether ``target``, written in the file ``path``, leads nowhere."""
    name, _, fragment = target.partition("#")
    destination = (path.parent / name).resolve() if name else path
    if not destination.exists():
        return True
    return bool(fragment) and destination.suffix == ".md" and fragment not in anchors(destination)
