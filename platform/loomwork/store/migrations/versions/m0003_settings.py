"""What the site has set of its packs' settings."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

from loomwork.store.types import text

revision = "0003"
down_revision = "0002"

BODY = sa.Text().with_variant(
    mysql.LONGTEXT(charset="utf8mb4", collation="utf8mb4_nopad_bin"), "mysql", "mariadb"
)


def upgrade() -> None:
    """Create the table of settings; what is not in it has the pack's default."""
    op.create_table(
        "lw_setting",
        sa.Column("pack", text(48), primary_key=True),
        sa.Column("name", text(48), primary_key=True),
        sa.Column("value", BODY, nullable=False),
        if_not_exists=True,
    )
