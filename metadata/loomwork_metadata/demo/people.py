"""The sales team of the demo site, and who looks after which region."""

from datetime import UTC, date, datetime, time, timedelta

from loomwork_metadata.demo.chance import Source, pick
from loomwork_metadata.demo.record import DemoRecord, DemoUser, Ref, Value

TEAMS = {
    "china": ("中国区销售部", "负责中国大陆的客户。"),
    "international": ("International sales", "Looks after customers outside China."),
    "operations": ("Operations", "Controlling, reports and order handling."),
}

# The loads are unequal on purpose: real territories are.
TERRITORIES = {
    "east": {"li.wei": 0.72, "chen.jie": 0.18, "wang.fang": 0.10},
    "north": {"chen.jie": 0.88, "wang.fang": 0.12},
    "south": {"zhang.min": 0.90, "li.wei": 0.10},
    "west": {"zhang.min": 0.55, "chen.jie": 0.45},
    "europe": {"anna.keller": 0.76, "maria.rossi": 0.16, "tom.baker": 0.08},
    "overseas": {"tom.baker": 0.85, "maria.rossi": 0.15},
}
TEAM_OF_REGION = {
    **dict.fromkeys(("east", "north", "south", "west"), "china"),
    **dict.fromkeys(("europe", "overseas"), "international"),
}


def demo_teams(today: date) -> tuple[DemoRecord, ...]:
    """Return the teams. They have no lead yet, since users refer to teams and exist later."""
    founded = datetime.combine(today - timedelta(days=400), time(8), tzinfo=UTC)
    return tuple(
        DemoRecord(
            entity="team",
            key=key,
            values={"name": name, "description": description},
            at=founded,
        )
        for key, (name, description) in TEAMS.items()
    )


def demo_users() -> tuple[DemoUser, ...]:
    """Return the users: five salespeople, two managers, and one who only reads."""
    return (
        _chinese("li.wei", "李伟", "销售代表（华东）", "+86 21 0555 0101"),
        _chinese("chen.jie", "陈洁", "销售代表（华北）", "+86 10 0555 0102"),
        _chinese("zhang.min", "张敏", "销售代表（华南）", "+86 20 0555 0103"),
        _chinese("wang.fang", "王芳", "中国区销售经理", "+86 21 0555 0104", manager=True),
        _western("anna.keller", "Anna Keller", "Account executive", "+49 30 23125 105"),
        _western("tom.baker", "Tom Baker", "Account executive", "+44 20 7946 0106"),
        _western(
            "maria.rossi",
            "Maria Rossi",
            "Head of international sales",
            "+49 30 23125 107",
            manager=True,
        ),
        DemoUser(
            username="sofie.lind",
            name="Sofie Lind",
            email="sofie.lind@example.com",
            job_title="Sales controller",
            phone="+46 8 465 004 08",
            roles=("read_only",),
            team="operations",
            leads_team=True,
        ),
    )


def _chinese(
    username: str, name: str, job_title: str, phone: str, *, manager: bool = False
) -> DemoUser:
    return DemoUser(
        username=username,
        name=name,
        email=f"{username}@example.com",
        job_title=job_title,
        phone=phone,
        roles=("sales_manager",) if manager else ("salesperson",),
        team="china",
        leads_team=manager,
        language="zh_cn",
    )


def _western(
    username: str, name: str, job_title: str, phone: str, *, manager: bool = False
) -> DemoUser:
    return DemoUser(
        username=username,
        name=name,
        email=f"{username}@example.com",
        job_title=job_title,
        phone=phone,
        roles=("sales_manager",) if manager else ("salesperson",),
        team="international",
        leads_team=manager,
    )


def owner_in(source: Source, region: str) -> str:
    """Return the user name of someone who looks after ``region``."""
    return pick(source, TERRITORIES[region])


def owned(owner: str, region: str) -> dict[str, Value]:
    """Return the values that say whose a record is."""
    return {"owner": Ref("user", owner), "team": Ref("team", TEAM_OF_REGION[region])}
