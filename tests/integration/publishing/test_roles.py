"""Role documents reach the rows that assignments hang on, in the switch itself."""

from loomwork.publishing.install import install_packs
from loomwork.publishing.site import Site
from loomwork.web.fab.roles import project_roles
from loomwork.web.fab.tables import ROLE
from tests.documents import FOREMAN, MACHINE, MAKER, MECHANIC, PART, PackBuilder, workshop
from tests.sites import put


def names(site: Site) -> set[str]:
    with site.database.reader.connect() as connection:
        return {row.name for row in connection.execute(ROLE.select())}


def test_roles_come_and_go_with_their_documents(site: Site) -> None:
    def install(*documents: object) -> None:
        builder = PackBuilder(MAKER, MACHINE, PART)
        builder.documents += documents  # type: ignore[arg-type]
        install_packs(site.database, [builder.read()], author="test", at_switch=[project_roles])

    before = site.store.generation()
    install(MECHANIC, FOREMAN)
    assert {"mechanic", "foreman"} <= names(site)
    after = site.store.generation()
    assert (after.metadata, after.access > before.access) == (2, True)
    install(FOREMAN)
    assert "mechanic" not in names(site)
    put(site, workshop())
    assert "mechanic" in site.model.roles
