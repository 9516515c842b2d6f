"""Counters of sequences, and the keys of encrypted fields."""

import sqlalchemy as sa
from alembic import op

from loomwork.store.types import integer, moment, text

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "lw_counter",
        sa.Column("name", text(120), primary_key=True),
        sa.Column("period", text(20), primary_key=True),
        sa.Column("value", integer(), nullable=False),
        if_not_exists=True,
    )
    op.create_table(
        "lw_key",
        sa.Column("id", text(20), primary_key=True),
        sa.Column("wrapped", text(120), nullable=False),
        sa.Column("created_at", moment(), nullable=False),
        sa.Column("retired_at", moment()),
        if_not_exists=True,
    )
