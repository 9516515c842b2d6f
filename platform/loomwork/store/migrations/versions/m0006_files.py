"""Files that records hold, by the hash of their content."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

from loomwork.store.types import integer, moment, text, uuid

revision = "0006"
down_revision = "0005"

ASCII = sa.String(64).with_variant(
    mysql.VARCHAR(64, charset="ascii", collation="ascii_bin"), "mysql", "mariadb"
)


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "lw_content",
        sa.Column("sha256", ASCII, primary_key=True),
        sa.Column("size", integer(), nullable=False),
        sa.Column("used_at", moment(), nullable=False),
        if_not_exists=True,
    )
    op.create_table(
        "lw_file",
        sa.Column("id", uuid(), primary_key=True),
        sa.Column("sha256", ASCII, nullable=False),
        sa.Column("size", integer(), nullable=False),
        sa.Column("media_type", text(120), nullable=False),
        sa.Column("name", text(255), nullable=False),
        sa.Column("created_at", moment(), nullable=False),
        sa.Column("created_by", uuid()),
        sa.Column("released_at", moment()),
        if_not_exists=True,
    )
    op.create_index("lw_file_sha256", "lw_file", ["sha256"], if_not_exists=True)
    op.create_index("lw_file_released_at", "lw_file", ["released_at"], if_not_exists=True)
    op.create_table(
        "lw_file_use",
        sa.Column("file", uuid(), primary_key=True),
        sa.Column("entity", text(48), primary_key=True),
        sa.Column("field", text(48), primary_key=True),
        sa.Column("record", uuid(), primary_key=True),
        if_not_exists=True,
    )
