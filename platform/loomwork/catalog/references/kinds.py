"""The kinds of which nothing is built yet, each with its check."""

from collections.abc import Callable, Mapping
from typing import TypeAlias

from loomwork.catalog.findings import Findings
from loomwork.catalog.folding import FoldedDocument
from loomwork.catalog.references.automations import check_automation, check_rule
from loomwork.catalog.references.contents import check_matching, check_template, check_webform
from loomwork.catalog.references.reports import check_dashboard, check_report, check_segment
from loomwork.catalog.references.scenarios import check_scenario
from loomwork.catalog.references.workflows import check_calendar, check_sla, check_workflow
from loomwork.catalog.references.world import World

Check: TypeAlias = Callable[[FoldedDocument, World, Findings], None]
CHECKS: Mapping[str, Check] = {
    "workflow": check_workflow,
    "sla": check_sla,
    "calendar": check_calendar,
    "rule": check_rule,
    "automation": check_automation,
    "report": check_report,
    "dashboard": check_dashboard,
    "segment": check_segment,
    "matching": check_matching,
    "template": check_template,
    "webform": check_webform,
    "scenario": check_scenario,
}
