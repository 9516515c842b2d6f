"""The demo site's team covers every role and both languages."""

from datetime import date

from loomwork_metadata.demo import demo_teams, demo_users


def test_every_role_of_sales_has_a_user() -> None:
    assert {role for user in demo_users() for role in user.roles} == {
        "salesperson",
        "sales_manager",
        "read_only",
    }


def test_every_user_is_in_a_team_and_every_team_has_one_lead(today: date) -> None:
    teams = [team.key for team in demo_teams(today)]
    assert {user.team for user in demo_users()} == set(teams)
    assert sorted(user.team for user in demo_users() if user.leads_team) == sorted(teams)


def test_user_names_and_addresses_are_different() -> None:
    assert len({user.username for user in demo_users()}) == len(demo_users())
    assert len({user.email for user in demo_users()}) == len(demo_users())


def test_half_of_the_users_work_in_chinese() -> None:
    assert [user.language for user in demo_users()].count("zh_cn") == 4
