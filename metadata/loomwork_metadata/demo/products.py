"""What the demo firm sells: machines for production, and what belongs to them."""

from collections.abc import Iterator
from datetime import date

from loomwork_metadata.demo.chance import log_normal, money, rounded, stream
from loomwork_metadata.demo.record import DemoRecord
from loomwork_metadata.demo.timeline import office_hour, year_before

# English and Chinese name, category, unit, median price in CNY, and the models.
LINES = (
    ("Cutting table", "智能裁床", "machine", "set", 260_000, ("C200", "C300", "C500")),
    ("Packing line", "自动包装线", "machine", "set", 480_000, ("P10", "P20")),
    ("Inspection station", "视觉检测站", "machine", "set", 190_000, ("V1", "V2", "V4")),
    ("Robot cell", "机器人工作站", "machine", "set", 620_000, ("R6", "R12")),
    ("Labelling machine", "贴标机", "machine", "set", 88_000, ("L1", "L3")),
    ("Vision sensor", "视觉传感器", "module", "piece", 6_800, ("VS-40", "VS-60", "VS-80")),
    ("Servo drive", "伺服驱动器", "module", "piece", 4_200, ("SD-1", "SD-2", "SD-5")),
    ("Control unit", "控制单元", "module", "piece", 12_500, ("CU-8", "CU-16")),
    ("Conveyor module", "输送模块", "module", "metre", 3_600, ("CM-400", "CM-600")),
    ("Blade set", "刀片套装", "spare_part", "set", 860, ("BS-1", "BS-2")),
    ("Drive belt", "传动带", "spare_part", "metre", 95, ("DB-10", "DB-20")),
    ("Bearing kit", "轴承套件", "spare_part", "set", 540, ("BK-1", "BK-2")),
    ("Label roll", "标签卷", "consumable", "piece", 38.5, ("LR-50", "LR-80")),
    ("Lubricant", "润滑脂", "consumable", "kilogram", 76, ("G1", "G2")),
    ("Line monitor", "产线监控软件", "software", "year", 36_000, ("Basic", "Plus")),
    ("Quality archive", "质量追溯软件", "software", "year", 52_000, ("Basic", "Plus")),
    ("Commissioning", "安装调试", "service", "hour", 680, ("Standard",)),
    ("Maintenance contract", "维保服务", "service", "year", 24_000, ("Silver", "Gold")),
    ("Operator training", "操作培训", "service", "hour", 450, ("Standard",)),
)


def products(seed: int, today: date) -> Iterator[DemoRecord]:
    """Yield the price list: about forty products, a few of them no longer sold."""
    source = stream(seed, "products")
    first, _ = year_before(today)
    models = [(line, model) for line in LINES for model in line[5]]
    for number, ((english, chinese, category, unit, median, _), model) in enumerate(models, 1):
        yield DemoRecord(
            entity="product",
            key=f"product-{number:03}",
            values={
                "code": f"{category[:2].upper()}-{1000 + number}",
                "name": f"{english} {model} {chinese}",
                "category": category,
                "price": money(rounded(log_normal(source, median, 0.25))),
                "unit": unit,
                "active": source.random() > 0.08,
                "description": f"{english} {model}.\n{chinese}，型号 {model}。",
            },
            at=office_hour(source, first, 8),
        )
