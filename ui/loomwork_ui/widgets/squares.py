"""QR codes as drawings."""

QUIET = 4
"""Light squares that a reader needs around the code."""


def squares(text: str) -> str:
    """Return the QR code of ``text`` as SVG; raises ValueError where it is too long for one."""
    # Loaded by the first code that is shown.
    import segno

    matrix = segno.make(text, error="m", micro=False).matrix
    path = "".join(
        f"M{column + QUIET} {row + QUIET}h1v1h-1z"
        for row, line in enumerate(matrix)
        for column, dark in enumerate(line)
        if dark
    )
    size = len(matrix) + 2 * QUIET
    return (
        f'<svg viewBox="0 0 {size} {size}" aria-hidden="true" shape-rendering="crispEdges">'
        f'<rect width="{size}" height="{size}" fill="#fff"/><path d="{path}" fill="#000"/></svg>'
    )
