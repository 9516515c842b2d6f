"""What Alembic runs for a migration; the connection comes from `loomwork.store.upgrade`."""

from alembic import context

from loomwork.store.upgrade import VERSION_TABLE

context.configure(
    connection=context.config.attributes["connection"],
    version_table=VERSION_TABLE,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
