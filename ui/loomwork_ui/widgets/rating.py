"""Stars."""

from typing import Any, ClassVar

from markupsafe import Markup

from loomwork.errors import N_
from loomwork.model.types.rating import HOLLOW, STAR, STARS
from loomwork_ui.reader import Reader
from loomwork_ui.widgets.base import Widget

OF = N_("{stars} of {most} stars")
SHOWN = Markup('<span class="stars" role="img" aria-label="{0}" title="{0}">{1}</span>')


class RatingWidget(Widget):
    """A number of stars; without scripts, and for screen readers, a choice of numbers."""

    template: ClassVar[str] = "widgets/rating.html"
    filter_template: ClassVar[str] = "widgets/rating_filter.html"

    @property
    def most(self) -> int:
        """Return how many stars there are."""
        return int(getattr(self.field.type, "max", STARS))

    @property
    def choices(self) -> dict[int, str]:
        """Return what can be chosen, in words."""
        return {stars: self._words(stars) for stars in range(1, self.most + 1)}

    def words(self, value: Any, reader: Reader) -> str:
        del reader
        return "" if value is None else self._words(int(value))

    def _words(self, stars: int) -> str:
        return self.translate(OF).format(stars=stars, most=self.most)

    def display(self, value: Any, reader: Reader) -> str:
        if value is None:
            return ""
        # More than there are now may be kept from when there were more.
        drawn = STAR * int(value) + HOLLOW * max(0, self.most - int(value))
        return SHOWN.format(self.words(value, reader), drawn)
