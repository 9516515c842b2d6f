"""The picture for the documentation: a pair of bars per kind of work, for day and night."""

from collections.abc import Mapping, Sequence
from html import escape
from statistics import median

from bench.rounds import Outcome

WIDTH, LEFT, RIGHT, TOP, ROW, BAR = 640, 150, 150, 64, 52, 16
STYLE = (
    "text{font:13px system-ui,sans-serif;fill:#1f2937}.soft{fill:#6b7280}"
    ".ours{fill:#2563eb}.theirs{fill:#9ca3af}.line{stroke:#d1d5db}"
    "@media(prefers-color-scheme:dark){text{fill:#e5e7eb}.soft{fill:#9ca3af}"
    ".ours{fill:#60a5fa}.theirs{fill:#6b7280}.line{stroke:#374151}}"
)


def draw(outcomes: Sequence[Outcome], facts: Mapping[str, object]) -> str:
    """Return the SVG of the medians."""
    height = TOP + ROW * len(outcomes) + 12
    largest = max(median(side) for one in outcomes for side in (one.product, one.ceiling))
    scale = (WIDTH - LEFT - RIGHT) / largest
    title = "CPU milliseconds per request: Loomwork beside hand-written code"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
        f'width="{WIDTH}" height="{height}" role="img" aria-label="{escape(title)}">',
        f"<title>{escape(title)}</title><style>{STYLE}</style>",
        f'<text x="0" y="16" font-weight="600">{escape(title)}</text>',
        f'<text x="0" y="38" class="soft">{escape(_subtitle(facts))}</text>',
        f'<line class="line" x1="{LEFT}" y1="{TOP - 12}" x2="{LEFT}" y2="{height - 8}"/>',
    ]
    for place, outcome in enumerate(outcomes):
        parts += _pair(outcome, TOP + ROW * place, scale)
    return "\n".join([*parts, "</svg>", ""])


def _subtitle(facts: Mapping[str, object]) -> str:
    return (
        f"{facts['engine']}, {facts['rows']:,} rows; shorter is better. "
        "Blue: Loomwork, with sign-in and a row rule; grey: without."
    )


def _pair(outcome: Outcome, y: int, scale: float) -> list[str]:
    ours, theirs = median(outcome.product), median(outcome.ceiling)
    name = escape(outcome.name)
    return [
        f'<text x="{LEFT - 10}" y="{y + BAR + 4}" text-anchor="end">{name}</text>',
        *_bar("ours", y, ours, scale, f"{ours:.2f} ms  (× {outcome.ratio:.2f})"),
        *_bar("theirs", y + BAR + 2, theirs, scale, f"{theirs:.2f} ms"),
    ]


def _bar(kind: str, y: int, value: float, scale: float, label: str) -> list[str]:
    width = round(value * scale, 1)
    return [
        f'<rect class="{kind}" x="{LEFT}" y="{y}" width="{width}" height="{BAR}" rx="2"/>',
        f'<text class="soft" x="{LEFT + width + 6:.1f}" y="{y + 13}">{escape(label)}</text>',
    ]
