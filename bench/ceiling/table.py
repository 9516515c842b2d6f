"""The table of the hand-written endpoint: the columns and indexes of the product's."""

import sqlalchemy as sa

VARIABLE = "BENCH_CEILING_DATABASE_URL"
METADATA = sa.MetaData()
ACCOUNT = sa.Table(
    "ceiling_account",
    METADATA,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("name", sa.String(160), nullable=False),
    sa.Column("number", sa.String(20), unique=True),
    sa.Column("status", sa.String(20), nullable=False),
    sa.Column("industry", sa.String(20)),
    sa.Column("website", sa.String(200)),
    sa.Column("phone", sa.String(40)),
    sa.Column("email", sa.String(254)),
    sa.Column("city", sa.String(80)),
    sa.Column("employees", sa.BigInteger),
    sa.Column("annual_revenue", sa.Numeric(18, 2)),
    sa.Column("customer_since", sa.Date),
    sa.Column("last_contact", sa.DateTime(timezone=True)),
    sa.Column("active", sa.Boolean),
    sa.Column("parent", sa.Uuid, index=True),
    sa.Column("notes", sa.Text),
    sa.Column("owner", sa.Uuid, index=True),
    sa.Column("team", sa.Uuid),
    sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("created_by", sa.Uuid),
    sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("updated_by", sa.Uuid),
    sa.Column("version", sa.BigInteger, nullable=False),
    sa.Column("deleted_at", sa.DateTime(timezone=True)),
    sa.Index("ceiling_account_by_status", "status", "annual_revenue", "id"),
)
