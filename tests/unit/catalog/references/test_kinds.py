"""Every kind of document: what it names has to be there, and every mistake is told."""

from collections.abc import Mapping
from typing import Any

import pytest

from tests.unit.catalog.references.examples import example_documents, report, told, with_changes

OPPORTUNITY = "sales/entities/opportunity.json"
FORM = "sales/forms/opportunity_phone.json"
VIEW = "sales/views/pipeline.json"
APP = "sales/apps/sales.json"
ROLE = "sales/roles/salesperson.json"
WORKFLOW = "sales/workflows/opportunity.json"
SLA = "sales/slas/ticket.json"
CALENDAR = "sales/calendars/service_hours.json"
RULE = "sales/rules/set_chance.json"
AUTOMATION = "sales/automations/new_lead.json"
REPORT = "sales/reports/pipeline_by_stage.json"
DASHBOARD = "sales/dashboards/sales.json"
SEGMENT = "sales/segments/sleeping_gold.json"
MATCHING = "sales/matchings/account_name.json"
TEMPLATE = "sales/templates/welcome.json"
WEBFORM = "sales/webforms/satisfaction.json"
TRANSLATION = "sales/translations/zh_CN.json"
SCENARIO = "sales/tests/discount_needs_manager.json"

GRANT = "/grants/opportunity"
CLOCK = "/clocks/solve"
MISTAKES: list[tuple[str, str, Any, str]] = [
    # An entity: fields by type, then what stands beside the fields.
    (OPPORTUNITY, "/fields/account/to", "acount", "unknown_entity"),
    (OPPORTUNITY, "/fields/team_members/to", "usr", "unknown_entity"),
    (OPPORTUNITY, "/fields/account/fill/region", "account.regoin", "unknown_field"),
    (OPPORTUNITY, "/fields/account/fill/region", "account", "other_entity"),
    (OPPORTUNITY, "/fields/account/fill/regoin", "account.region", "unknown_field"),
    (OPPORTUNITY, "/fields/account/fill/account", "account", "fills_itself"),
    (OPPORTUNITY, "/fields/account/fill/created_by", "owner", "not_writable"),
    (OPPORTUNITY, "/fields/contact/filter", "acount == this.account", "unknown_field"),
    (OPPORTUNITY, "/fields/contact/filter", "account == this.acount", "unknown_field"),
    (OPPORTUNITY, "/fields/contact/filter", "account == this.region", "other_entity"),
    (OPPORTUNITY, "/fields/kind/options/renewal/when", "account.customer", "unknown_field"),
    (OPPORTUNITY, "/fields/kind/default", "old_one", "not_an_option"),
    (OPPORTUNITY, "/fields/chance/required", "stage == 'lots'", "unknown_option"),
    (OPPORTUNITY, "/fields/chance/readonly", "stage", "not_a_condition"),
    (OPPORTUNITY, "/fields/chance/visible", "chanse > 0", "unknown_field"),
    (OPPORTUNITY, "/fields/chance/default/is", "name", "wrong_kind"),
    (OPPORTUNITY, "/fields/expected/is", "name", "wrong_kind"),
    (OPPORTUNITY, "/fields/industry/is", "account.industri", "unknown_field"),
    (OPPORTUNITY, "/fields/total/of", "line", "unknown_inverse"),
    (OPPORTUNITY, "/fields/total/field", "nett", "unknown_field"),
    (OPPORTUNITY, "/fields/total/field", "name", "wrong_kind"),
    (OPPORTUNITY, "/fields/total/where", "quantty > 0", "unknown_field"),
    (OPPORTUNITY, "/fields/quarter_target/from", "targt", "unknown_entity"),
    (OPPORTUNITY, "/fields/quarter_target/where", "owner == this.ownr", "unknown_field"),
    (OPPORTUNITY, "/fields/rebate/is", "rat", "unknown_field"),
    (OPPORTUNITY, "/title/is", "concat(numbr, ' ', name)", "unknown_field"),
    (OPPORTUNITY, "/unique/one_open/where", "stag == 'won'", "unknown_field"),
    (OPPORTUNITY, "/checks/odd_margin/must", "margin > 'x'", "wrong_kind"),
    (OPPORTUNITY, "/checks/has_lines/must", "count(line) > 0", "unknown_records"),
    (OPPORTUNITY, "/checks/amount_to_close/field", "amout", "unknown_field"),
    (OPPORTUNITY, "/checks/amount_to_close/when", "changed('stag')", "unknown_field"),
    (OPPORTUNITY, "/completeness/amout", 2, "unknown_field"),
    (OPPORTUNITY, "/hierarchy", "acount", "unknown_field"),
    (OPPORTUNITY, "/hierarchy", "account", "no_tree"),
    (OPPORTUNITY, "/fields/completeness", {"type": "text"}, "reserved_name"),
    (OPPORTUNITY, "/fields/contact/inverse", "email", "inverse_taken"),
    # Screens.
    (FORM, "/entity", "oportunity", "unknown_entity"),
    (FORM, "/use/when", "kind == 'nw'", "unknown_option"),
    (FORM, "/header/path", "stagge", "unknown_field"),
    (FORM, "/header/path", "amount", "no_options"),
    (FORM, "/tabs/details/sections/close/visible", "stag == 'won'", "unknown_field"),
    (FORM, "/tabs/details/visible", "stag == 'won'", "unknown_field"),
    (FORM, "/tabs/lines/grid", "linse", "unknown_inverse"),
    (FORM, "/tabs/history/related", "account.oportunities", "unknown_inverse"),
    (FORM, "/tabs/history/filter", "id != this.iid", "unknown_field"),
    (FORM, "/fields/amount/required", "stag == 'won'", "unknown_field"),
    (FORM, "/fields/amout", {"span": 2}, "unknown_field"),
    (VIEW, "/group", "stagge", "unknown_field"),
    (VIEW, "/group", "close_date", "no_options"),
    (VIEW, "/sum", "amout", "unknown_field"),
    (VIEW, "/highlight/late/when", "close_dat < today()", "unknown_field"),
    (APP, "/items/numbers/dashboard", "sale", "unknown_dashboard"),
    (APP, "/items/more/items/products/entity", "produkt", "unknown_entity"),
    (ROLE, "/grants/oportunity", {"read": True}, "unknown_entity"),
    (ROLE, f"{GRANT}/export", "ownr == user", "unknown_field"),
    (ROLE, f"{GRANT}/read", "owner == user.tem", "unknown_field"),
    (ROLE, f"{GRANT}/fields/margn", "hidden", "unknown_field"),
    (ROLE, f"{GRANT}/fields/phone/write", "ownr == user", "unknown_field"),
    # What happens to records.
    (WORKFLOW, "/field", "stagee", "unknown_field"),
    (WORKFLOW, "/transitions/quote/to", "quotd", "unknown_state"),
    (WORKFLOW, "/transitions/win/guard", "amout > 0", "unknown_field"),
    (WORKFLOW, "/transitions/win/ask/close_raeson", {}, "unknown_field"),
    (WORKFLOW, "/transitions/win/approval/when", "amout > 0", "unknown_field"),
    (WORKFLOW, "/transitions/win/approval/steps/manager/by/is", "owner.manger", "unknown_field"),
    (WORKFLOW, "/transitions/win/approval/steps/manager/by/is", "account", "wrong_kind"),
    (WORKFLOW, "/transitions/win/approval/steps/finance/by/role", "finanse", "unknown_role"),
    (WORKFLOW, "/transitions/win/approval/reject/to", "quotd", "unknown_state"),
    (WORKFLOW, "/transitions/win/do/thank/template", "thank_yu", "unknown_template"),
    (WORKFLOW, "/transitions/win/do/thank/to/is", "contact.emil", "unknown_field"),
    (SLA, "/calendar", "service_ours", "unknown_calendar"),
    (SLA, f"{CLOCK}/within/is", "priority", "wrong_kind"),
    (SLA, f"{CLOCK}/late/tell/to/is", "owner.manger", "unknown_field"),
    (CALENDAR, "/zone", "Asia/Shangai", "unknown_zone"),
    (RULE, "/script", "set_chanse.py", "unknown_script"),
    (RULE, "/when", "changed('stagee')", "unknown_field"),
    (RULE, "/entity", "oportunity", "unknown_entity"),
    (AUTOMATION, "/trigger/entity", "led", "unknown_entity"),
    (AUTOMATION, "/trigger/when", "sorce == 'webform'", "unknown_field"),
    (AUTOMATION, "/steps/who/field", "ownr", "unknown_field"),
    (AUTOMATION, "/steps/who/field", "region", "other_entity"),
    (AUTOMATION, "/steps/who/where", "region == this.regin", "unknown_field"),
    (AUTOMATION, "/steps/who/where", "'leads' in candidate.skils", "unknown_field"),
    (AUTOMATION, "/steps/who/load/of", "leds", "unknown_inverse"),
    (AUTOMATION, "/steps/who/load/limit", "capacty", "unknown_field"),
    (AUTOMATION, "/steps/mail/template", "welcom", "unknown_template"),
    (AUTOMATION, "/steps/pause/unless", "statuss != 'new'", "unknown_field"),
    (AUTOMATION, "/steps/remind/entity", "tsk", "unknown_entity"),
    (AUTOMATION, "/steps/remind/values/subjct", "Call", "unknown_field"),
    (AUTOMATION, "/steps/remind/values/subject/is", "concat('Call ', nam)", "unknown_field"),
    (AUTOMATION, "/steps/remind/values/owner/is", "region", "other_entity"),
    # What is shown of them.
    (REPORT, "/filter", "stage not in ['lots']", "unknown_option"),
    (REPORT, "/filter", "close_date > ask.sinse", "unknown_field"),
    (REPORT, "/group/stage/field", "stagee", "unknown_field"),
    (REPORT, "/group/stage/by", "month", "no_date"),
    (REPORT, "/measures/value/is", "expectd", "unknown_field"),
    (REPORT, "/measures/value/is", "name", "wrong_kind"),
    (REPORT, "/chart/x", "stagee", "unknown_measure"),
    (DASHBOARD, "/filters/owner/entity", "usr", "unknown_entity"),
    (DASHBOARD, "/widgets/funnel/report", "pipeline_by_stag", "unknown_report"),
    (DASHBOARD, "/widgets/mine/view", "pipline", "unknown_view"),
    (SEGMENT, "/filter", "rfm_tier == 'golf'", "unknown_option"),
    (MATCHING, "/compare/nam", {"method": "exact"}, "unknown_field"),
    (TEMPLATE, "/body", "Dear {{ nme }}", "unknown_field"),
    (TEMPLATE, "/subject", "{{ }}", "empty_place"),
    (TRANSLATION, "/texts/entity~1opportunity#~1fields~1amout~1label", "金额", "unknown_address"),
    (SCENARIO, "/as", "salespersn", "unknown_role"),
    (SCENARIO, "/given/deal/entity", "oportunity", "unknown_entity"),
    (SCENARIO, "/given/deal/values/amout", 5, "unknown_field"),
]
LISTED: list[tuple[str, str, Any, str, str]] = [
    (OPPORTUNITY, "/fields/regards/to", ["account", "contct"], "/1", "unknown_entity"),
    (OPPORTUNITY, "/fields/rebate/sort", ["-threshhold"], "/0", "unknown_field"),
    (OPPORTUNITY, "/unique/one_open/fields", ["account", "nmae"], "/1", "unknown_field"),
    (FORM, "/use/roles", ["salespersn"], "/0", "unknown_role"),
    (FORM, "/tabs/lines/columns", ["prodct"], "/0", "unknown_field"),
    (FORM, "/tabs/lines/totals", ["nett"], "/0", "unknown_field"),
    (VIEW, "/card", ["acount"], "/0", "unknown_field"),
    (ROLE, "/inherits", ["employe"], "/0", "unknown_role"),
    (ROLE, f"{GRANT}/transitions", ["qoute"], "/0", "unknown_transition"),
    (WORKFLOW, "/start", ["nw"], "/0", "unknown_state"),
    (WORKFLOW, "/states/won/locks", ["amout"], "/0", "unknown_field"),
    (WORKFLOW, "/transitions/quote/from", ["nw"], "/0", "unknown_state"),
    (WORKFLOW, "/transitions/win/approval/cc", [{"role": "boss"}], "/0/role", "unknown_role"),
    (SLA, f"{CLOCK}/pause/state", ["waiting_part"], "/0", "unknown_state"),
    (CALENDAR, "/hours/mon", ["18:00-09:00"], "/0", "bad_hours"),
    (CALENDAR, "/hours/mon", ["09:00-12:00", "11:00-18:00"], "/1", "bad_hours"),
    (REPORT, "/sort", ["-vlue"], "/0", "unknown_measure"),
    (MATCHING, "/reveal", ["ownr"], "/0", "unknown_field"),
    (WEBFORM, "/fields", ["scre"], "/0", "unknown_field"),
    (WEBFORM, "/fields", ["created_at"], "/0", "not_writable"),
    (
        SCENARIO,
        "/steps",
        [{"transition": "wn", "of": "deal"}],
        "/0/transition",
        "unknown_transition",
    ),
    (SCENARIO, "/steps", [{"transition": "win", "of": "del"}], "/0/of", "unknown_given"),
]


def test_the_examples_of_the_language_have_no_problems() -> None:
    assert report(example_documents()).problems == ()


@pytest.mark.parametrize(("file", "pointer", "value", "code"), MISTAKES)
def test_a_name_that_leads_nowhere_is_told_at_its_place(
    file: str, pointer: str, value: Any, code: str
) -> None:
    assert (file, pointer, code) in told(file, {pointer.replace("~1", "\0"): value})


@pytest.mark.parametrize(("file", "pointer", "value", "below", "code"), LISTED)
def test_a_name_in_a_list_is_told_with_its_position(
    file: str, pointer: str, value: Any, below: str, code: str
) -> None:
    assert (file, f"{pointer}{below}", code) in told(file, {pointer: value})


@pytest.mark.parametrize(
    ("file", "changes"),
    [
        (WORKFLOW, {"/transitions/win/approval/steps/finance/when": "margn < 10"}),
        (
            AUTOMATION,
            {"/steps/pause/unless": "statuss == 'new'", "/steps/mail/to/is": "emil"},
        ),
        (
            REPORT,
            {"/filter": "stagee == 'new'", "/chart/y": "vale", "/group/month/field": "close_dat"},
        ),
        (
            OPPORTUNITY,
            {
                "/fields/account/to": "acount",
                "/fields/margin/required": "margn > 0",
                "/checks/odd_margin/must": "margn > 0",
                "/completeness/amout": 2,
                "/unique/one_open/where": "stagee == 'new'",
            },
        ),
    ],
)
def test_all_mistakes_of_a_document_are_told_in_one_run(
    file: str, changes: Mapping[str, Any]
) -> None:
    places = {(told_in, pointer) for told_in, pointer, _ in told(file, changes)}
    assert {(file, pointer) for pointer in changes} <= places


def test_a_step_knows_only_the_steps_before_it() -> None:
    name = "/steps/remind/values/subject/is"
    assert told(AUTOMATION, {name: "steps.later.subject"}) == {(AUTOMATION, name, "unknown_step")}


def test_a_step_knows_what_an_earlier_one_made() -> None:
    after = {"action": "update", "of": "steps.remind", "values": {"subject": "Done"}}
    assert told(AUTOMATION, {"/steps/after": after}) == set()


def test_inside_a_loop_names_are_those_of_each_record() -> None:
    steps = {"mark": {"action": "set", "values": {"name": {"is": "concat(name, this.subject)"}}}}
    loop = {"each": "opportunities", "steps": steps}
    changes = {"/trigger": {"event": "updated", "entity": "account"}, "/steps": {"all": loop}}
    assert told(AUTOMATION, changes) == {
        (AUTOMATION, "/steps/all/steps/mark/values/name/is", "unknown_field")
    }


def test_what_a_transition_asks_for_is_known_to_its_guard() -> None:
    asked = {"/transitions/win/guard": "ask.close_reason is not None"}
    assert told(WORKFLOW, asked) == set()
    assert told(WORKFLOW, {"/transitions/quote/guard": "ask.close_reason is not None"}) != set()


def test_a_webhook_calls_only_hosts_that_its_pack_needs() -> None:
    call = {"action": "webhook", "url": "https://elsewhere.example.org/hook"}
    assert told(AUTOMATION, {"/steps/call": call}) == {
        (AUTOMATION, "/steps/call/url", "unknown_host")
    }
    call["url"] = "https://api.example.com/hook"
    assert told(AUTOMATION, {"/steps/call": call}) == set()


def test_the_nearest_name_is_in_the_sentence() -> None:
    problems = report(with_changes(WORKFLOW, {"/transitions/quote/to": "quotd"})).problems
    assert [problem.message() for problem in problems] == [
        "There is no state “quotd”. Did you mean “quoted”?"
    ]
