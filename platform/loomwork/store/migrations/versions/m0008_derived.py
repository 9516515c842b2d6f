"""Which derived values are kept up to date, and which are stale."""

import sqlalchemy as sa
from alembic import op

from loomwork.store.types import moment, text, uuid

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "lw_derived",
        sa.Column("entity", text(48), primary_key=True),
        sa.Column("field", text(48), primary_key=True),
        sa.Column("mark", text(64), nullable=False),
        sa.Column("computed_at", moment(), nullable=False),
        if_not_exists=True,
    )
    op.create_table(
        "lw_stale",
        sa.Column("id", uuid(), primary_key=True),
        sa.Column("entity", text(48), nullable=False),
        sa.Column("field", text(48), nullable=False),
        sa.Column("source", text(48), nullable=False),
        sa.Column("record", uuid(), nullable=False),
        if_not_exists=True,
    )
