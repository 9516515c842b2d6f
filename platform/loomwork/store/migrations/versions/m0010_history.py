"""Nothing: the tables of versions come with the entities that keep them, by publishing."""

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Leave everything as it is."""
