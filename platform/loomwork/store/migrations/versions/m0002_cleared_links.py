"""Links that were emptied because their record went into the recycle bin."""

import sqlalchemy as sa
from alembic import op

from loomwork.store.types import text, uuid

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Create the table from which a restored record gets its links back."""
    op.create_table(
        "lw_cleared_link",
        sa.Column("target", uuid(), primary_key=True),
        sa.Column("entity", text(48), primary_key=True),
        sa.Column("field", text(48), primary_key=True),
        sa.Column("record", uuid(), primary_key=True),
        if_not_exists=True,
    )
