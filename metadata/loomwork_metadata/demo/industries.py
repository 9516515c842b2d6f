"""Industries: how their firms are called, how large they are, what they spend."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Industry:
    """One industry. ``deal`` is the median of a deal in CNY, ``spread`` its log deviation.

    ``head_count`` is the median of employees, ``revenue`` that of the yearly revenue of one of
    them, in CNY.
    """

    weight: float
    chinese: tuple[str, ...]
    western: tuple[str, ...]
    deal: float
    spread: float
    head_count: int
    revenue: float


INDUSTRIES = {
    "textiles": Industry(
        weight=16,
        chinese=("纺织", "针织", "服饰", "印染", "家纺", "毛纺"),
        western=("Textiles", "Knitwear", "Fabrics", "Weaving", "Yarns"),
        deal=180_000,
        spread=0.9,
        head_count=160,
        revenue=420_000,
    ),
    "machinery": Industry(
        weight=18,
        chinese=("机械", "精密机械", "数控设备", "自动化设备", "重工"),
        western=("Machine Works", "Engineering", "Automation", "Tooling", "Drives"),
        deal=420_000,
        spread=1.0,
        head_count=210,
        revenue=700_000,
    ),
    "electronics": Industry(
        weight=13,
        chinese=("电子", "光电", "半导体", "电路板", "微电子"),
        western=("Electronics", "Sensors", "Circuits", "Optics", "Instruments"),
        deal=360_000,
        spread=1.1,
        head_count=260,
        revenue=900_000,
    ),
    "automotive": Industry(
        weight=10,
        chinese=("汽车零部件", "汽车电子", "汽配", "车业"),
        western=("Automotive", "Motor Parts", "Mobility", "Castings"),
        deal=650_000,
        spread=1.0,
        head_count=480,
        revenue=1_000_000,
    ),
    "chemicals": Industry(
        weight=7,
        chinese=("化工", "新材料", "涂料", "塑业"),
        western=("Chemicals", "Coatings", "Polymers", "Materials"),
        deal=300_000,
        spread=0.8,
        head_count=180,
        revenue=1_400_000,
    ),
    "food": Industry(
        weight=9,
        chinese=("食品", "饮料", "茶业", "粮油", "乳业"),
        western=("Foods", "Beverages", "Dairy", "Bakeries"),
        deal=150_000,
        spread=0.8,
        head_count=190,
        revenue=650_000,
    ),
    "healthcare": Industry(
        weight=6,
        chinese=("医疗器械", "生物科技", "药业"),
        western=("Medical", "Diagnostics", "Health", "Pharma"),
        deal=280_000,
        spread=0.9,
        head_count=150,
        revenue=950_000,
    ),
    "construction": Industry(
        weight=6,
        chinese=("建材", "钢结构", "装饰工程", "门窗"),
        western=("Building", "Timber", "Steelworks", "Windows"),
        deal=240_000,
        spread=1.0,
        head_count=120,
        revenue=600_000,
    ),
    "logistics": Industry(
        weight=6,
        chinese=("物流", "供应链", "国际货运", "仓储"),
        western=("Logistics", "Freight", "Warehousing", "Transport"),
        deal=130_000,
        spread=0.9,
        head_count=140,
        revenue=500_000,
    ),
    "retail": Industry(
        weight=4,
        chinese=("商贸", "百货", "连锁超市"),
        western=("Trading", "Stores", "Retail"),
        deal=90_000,
        spread=0.8,
        head_count=110,
        revenue=800_000,
    ),
    "software": Industry(
        weight=3,
        chinese=("软件", "信息技术", "网络科技"),
        western=("Software", "Systems", "Data"),
        deal=110_000,
        spread=0.9,
        head_count=60,
        revenue=550_000,
    ),
    "services": Industry(
        weight=2,
        chinese=("咨询", "检测技术", "环保工程"),
        western=("Consulting", "Inspection", "Services"),
        deal=70_000,
        spread=0.7,
        head_count=40,
        revenue=450_000,
    ),
}
