"""Users, their records and their rights, on every engine."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from loomwork.errors import ConflictError, InvalidError, NotFoundError
from loomwork.model.actor import system
from loomwork.model.whole import Model
from loomwork.publishing.site import Site
from loomwork.web.fab.roles import project_roles
from loomwork.web.fab.sessions import Sessions
from loomwork.web.fab.tables import ROLE, USER, User, create_fab_tables
from loomwork.web.fab.user_record import user_table
from loomwork.web.fab.users import Users

PASSWORD = "correct horse"


def rows(site: Site) -> list[tuple[str, str]]:
    users = user_table(site)
    joined = USER.outerjoin(users, users.c.ab_user_id == USER.c.id)
    with site.database.reader.connect() as connection:
        found = connection.execute(select(USER.c.username, users.c.username).select_from(joined))
        return [(account, record) for account, record in found]


def access(site: Site) -> int:
    return site.store.generation().access


def role_names(connection: Connection) -> set[str]:
    return set(connection.execute(select(ROLE.c.name)).scalars())


def test_a_user_has_a_record_with_the_same_name_address_and_state(any_site: Site) -> None:
    id_ = Users(any_site).add("ann", "Ann Lee", "ann@example.com", PASSWORD, ["salesperson"])
    record = any_site.records.read(system("test"), "user", id_)
    shown = {name: record[name] for name in ("username", "name", "email", "active", "language")}
    assert shown == {
        "username": "ann",
        "name": "Ann Lee",
        "email": "ann@example.com",
        "active": True,
        "language": None,
    }


def test_an_account_that_others_register_gets_its_record_in_the_same_transaction(
    any_site: Site,
) -> None:
    with Sessions(any_site).scoped()() as session:
        session.add(
            User(
                first_name="Li", last_name="Na", username="li", email="li@example.com", active=True
            )
        )
        session.commit()
    assert rows(any_site) == [("li", "li")]


def test_an_account_that_is_rolled_back_leaves_no_record(any_site: Site) -> None:
    with Sessions(any_site).scoped()() as session:
        session.add(
            User(
                first_name="Li", last_name="Na", username="li", email="li@example.com", active=True
            )
        )
        session.flush()
        session.rollback()
    count = select(func.count()).select_from(user_table(any_site))
    with any_site.database.reader.connect() as connection:
        assert connection.execute(count).scalar() == 0


def test_the_record_of_a_removed_account_stays_without_it(any_site: Site) -> None:
    id_ = Users(any_site).add("ann", "Ann", password=PASSWORD)
    with Sessions(any_site).scoped()() as session:
        session.delete(session.scalars(select(User)).one())
        session.commit()
    assert any_site.records.read(system("test"), "user", id_)["active"] is False
    assert rows(any_site) == []


def test_only_the_right_password_of_an_active_user_is_accepted(any_site: Site) -> None:
    users = Users(any_site)
    users.add("ann", "Ann Lee", password=PASSWORD, roles=["salesperson"])
    found = users.authenticate("ann", PASSWORD)
    assert found is not None
    assert (found.login, found.roles, found.admin) == ("ann", frozenset({"salesperson"}), False)
    assert users.authenticate("ann", "wrong") is None
    assert users.authenticate("ANN", PASSWORD) is None
    assert users.authenticate("nobody", PASSWORD) is None
    users.disable("ann")
    assert users.authenticate("ann", PASSWORD) is None
    users.enable("ann")
    assert users.authenticate("ann", PASSWORD) is not None


def test_nobody_gets_in_without_a_password(any_site: Site) -> None:
    users = Users(any_site)
    users.add("ann", "Ann")
    assert users.authenticate("ann", "") is None


def test_the_administrator_has_every_right_and_no_role_of_a_document(any_site: Site) -> None:
    users = Users(any_site)
    users.add("root", "管理员", password=PASSWORD, admin=True)
    found = users.authenticate("root", PASSWORD)
    assert found is not None
    assert (found.admin, found.roles, found.name) == (True, frozenset(), "管理员")


def test_changes_of_rights_move_the_generation_and_sign_ins_do_not(any_site: Site) -> None:
    users = Users(any_site)
    seen = [access(any_site)]
    users.add("ann", "Ann", password=PASSWORD)
    seen.append(access(any_site))
    users.set_roles("ann", ["read_only"])
    seen.append(access(any_site))
    users.disable("ann")
    seen.append(access(any_site))
    users.enable("ann")
    seen.append(access(any_site))
    users.set_password("ann", "another password")
    seen.append(access(any_site))
    assert seen == sorted(set(seen))
    users.authenticate("ann", "another password")
    users.authenticate("ann", "wrong")
    assert access(any_site) == seen[-1]


def test_the_number_of_failures_is_counted_until_a_sign_in(any_site: Site) -> None:
    users = Users(any_site)
    users.add("ann", "Ann", password=PASSWORD)
    users.authenticate("ann", "wrong")
    users.authenticate("ann", "wrong")
    counts = select(USER.c.fail_login_count, USER.c.login_count)
    with any_site.database.reader.connect() as connection:
        assert connection.execute(counts).one() == (2, None)
        users.authenticate("ann", PASSWORD)
        assert connection.execute(counts).one() == (0, 1)
    assert users.find("ann").last_login is not None


@pytest.mark.parametrize(
    ("values", "pointer"),
    [
        ({"username": "ann"}, "/username"),
        ({"username": " bo"}, "/username"),
        ({"username": "bo", "email": "ann@example.com"}, "/email"),
        ({"username": "bo", "roles": ["king"]}, "/roles"),
        ({"username": "bo", "roles": ["Admin"]}, "/roles"),
        ({"username": "bo", "password": "short"}, "/password"),
    ],
)
def test_a_user_that_does_not_fit_is_refused_at_the_right_place(
    site: Site, users: Users, values: dict[str, object], pointer: str
) -> None:
    before = rows(site)
    with pytest.raises(InvalidError) as refused:
        users.add(**{"name": "Bo", **values})  # type: ignore[arg-type]
    assert [problem.pointer for problem in refused.value.problems] == [pointer]
    assert rows(site) == before


def test_a_user_that_does_not_exist_cannot_be_disabled(users: Users) -> None:
    with pytest.raises(NotFoundError, match="nobody"):
        users.disable("nobody")


def test_the_list_shows_every_user_with_roles(users: Users) -> None:
    shown = [(user.username, user.name, user.roles, user.admin) for user in users.all()]
    assert shown == [
        ("ann", "Ann Lee", ("salesperson",), False),
        ("root", "管理员", (), True),
    ]


def test_a_change_of_the_account_leaves_what_the_user_wrote(site: Site, users: Users) -> None:
    id_ = users.find("ann").id
    site.records.update(system("test"), "user", id_, {"name": "Dr. Ann Lee"})
    users.disable("ann")
    record = site.records.read(system("test"), "user", id_)
    assert (record["name"], record["active"]) == ("Dr. Ann Lee", False)


def test_the_tables_can_be_created_again(any_site: Site) -> None:
    Users(any_site).add("ann", "Ann")
    create_fab_tables(any_site.database.writer)
    assert rows(any_site) == [("ann", "ann")]


def test_roles_follow_the_documents_and_nobody_loses_one(any_site: Site) -> None:
    Users(any_site).add("ann", "Ann", password=PASSWORD, roles=["salesperson"])
    present = any_site.model
    roles = {"auditor": present.roles["read_only"]}
    later = Model(
        hash="",
        packs={},
        entities=present.entities,
        roles=roles,
        forms={},
        views={},
        apps={},
    )
    with any_site.database.transaction() as connection:
        project_roles(connection, later)
        project_roles(connection, later)
    with any_site.database.reader.connect() as connection:
        assert role_names(connection) == {"Admin", "Public", "auditor", "salesperson"}


def test_a_session_in_a_transaction_leaves_its_end_to_the_owner(any_site: Site) -> None:
    sessions = Sessions(any_site)
    account = User(first_name="A", last_name="", username="a", email="a@example.com", active=True)
    with any_site.database.writer.connect() as connection, connection.begin() as transaction:
        with sessions.within(connection) as session:
            session.add(account)
        transaction.rollback()
    with Session(any_site.database.writer) as session:
        assert session.scalars(select(User)).all() == []


def test_the_only_active_administrator_can_neither_be_disabled_nor_lose_the_role(
    any_site: Site,
) -> None:
    users = Users(any_site)
    users.add("root", "Root", admin=True)
    users.add("ann", "Ann", roles=["salesperson"])
    with pytest.raises(ConflictError, match="root"):
        users.disable("root")
    with pytest.raises(ConflictError, match="root"):
        users.set_roles("root", ["read_only"])
    users.set_roles("ann", [], admin=True)
    users.disable("root")
    with pytest.raises(ConflictError, match="ann"):
        users.set_roles("ann", [])
    users.enable("root")
    users.set_roles("root", ["read_only"])
    assert [user.username for user in users.all() if user.admin] == ["ann"]
