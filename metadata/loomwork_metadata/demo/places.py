"""Cities where the customers are, with what follows from a place."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """A city. ``latin`` is its name for internet addresses, ``weight`` how many firms it has."""

    city: str
    province: str
    country: str
    region: str
    area_code: str
    postal_code: str
    latin: str
    utc_offset: int
    weight: float


def _china(
    city: str, province: str, region: str, area: str, postal: str, latin: str, weight: float
) -> Place:
    return Place(city, province, "china", region, area, postal, latin, 8, weight)


CHINESE = (
    _china("上海", "上海市", "east", "021", "200000", "shanghai", 9),
    _china("苏州", "江苏省", "east", "0512", "215000", "suzhou", 7),
    _china("无锡", "江苏省", "east", "0510", "214000", "wuxi", 4),
    _china("南京", "江苏省", "east", "025", "210000", "nanjing", 4),
    _china("常州", "江苏省", "east", "0519", "213000", "changzhou", 3),
    _china("杭州", "浙江省", "east", "0571", "310000", "hangzhou", 6),
    _china("宁波", "浙江省", "east", "0574", "315000", "ningbo", 4),
    _china("绍兴", "浙江省", "east", "0575", "312000", "shaoxing", 3),
    _china("合肥", "安徽省", "east", "0551", "230000", "hefei", 3),
    _china("北京", "北京市", "north", "010", "100000", "beijing", 7),
    _china("天津", "天津市", "north", "022", "300000", "tianjin", 3),
    _china("青岛", "山东省", "north", "0532", "266000", "qingdao", 3),
    _china("济南", "山东省", "north", "0531", "250000", "jinan", 2),
    _china("沈阳", "辽宁省", "north", "024", "110000", "shenyang", 2),
    _china("郑州", "河南省", "north", "0371", "450000", "zhengzhou", 2),
    _china("深圳", "广东省", "south", "0755", "518000", "shenzhen", 8),
    _china("广州", "广东省", "south", "020", "510000", "guangzhou", 6),
    _china("东莞", "广东省", "south", "0769", "523000", "dongguan", 5),
    _china("佛山", "广东省", "south", "0757", "528000", "foshan", 4),
    _china("厦门", "福建省", "south", "0592", "361000", "xiamen", 3),
    _china("泉州", "福建省", "south", "0595", "362000", "quanzhou", 2),
    _china("武汉", "湖北省", "west", "027", "430000", "wuhan", 4),
    _china("长沙", "湖南省", "west", "0731", "410000", "changsha", 3),
    _china("成都", "四川省", "west", "028", "610000", "chengdu", 5),
    _china("重庆", "重庆市", "west", "023", "400000", "chongqing", 4),
    _china("西安", "陕西省", "west", "029", "710000", "xian", 3),
)

WESTERN = (
    Place("Hamburg", "Hamburg", "germany", "europe", "40", "20095", "hamburg", 1, 4),
    Place("Stuttgart", "Baden-Württemberg", "germany", "europe", "711", "70173", "stuttgart", 1, 4),
    Place("Köln", "Nordrhein-Westfalen", "germany", "europe", "221", "50667", "koeln", 1, 3),
    Place("Chemnitz", "Sachsen", "germany", "europe", "371", "09111", "chemnitz", 1, 2),
    Place("Nürnberg", "Bayern", "germany", "europe", "911", "90402", "nuernberg", 1, 3),
    Place("Graz", "Steiermark", "austria", "europe", "316", "8010", "graz", 1, 2),
    Place("Linz", "Oberösterreich", "austria", "europe", "732", "4020", "linz", 1, 2),
    Place("Winterthur", "Zürich", "switzerland", "europe", "52", "8400", "winterthur", 1, 2),
    Place("Lyon", "Auvergne-Rhône-Alpes", "france", "europe", "4", "69002", "lyon", 1, 3),
    Place("Lille", "Hauts-de-France", "france", "europe", "3", "59800", "lille", 1, 2),
    Place("Nantes", "Pays de la Loire", "france", "europe", "2", "44000", "nantes", 1, 2),
    Place("Prato", "Toscana", "italy", "europe", "574", "59100", "prato", 1, 3),
    Place("Bergamo", "Lombardia", "italy", "europe", "35", "24121", "bergamo", 1, 3),
    Place("Valencia", "Comunitat Valenciana", "spain", "europe", "96", "46001", "valencia", 1, 2),
    Place("Bilbao", "País Vasco", "spain", "europe", "94", "48001", "bilbao", 1, 2),
    Place(
        "Eindhoven", "Noord-Brabant", "netherlands", "europe", "40", "5611 AA", "eindhoven", 1, 3
    ),
    Place("Göteborg", "Västra Götaland", "sweden", "europe", "31", "411 03", "goteborg", 1, 3),
    Place("Łódź", "Łódzkie", "poland", "europe", "42", "90-001", "lodz", 1, 3),
    Place("Poznań", "Wielkopolskie", "poland", "europe", "61", "61-001", "poznan", 1, 2),
    Place("Leeds", "West Yorkshire", "united_kingdom", "overseas", "113", "LS1 1AA", "leeds", 0, 3),
    Place("Bristol", "Bristol", "united_kingdom", "overseas", "117", "BS1 1AA", "bristol", 0, 2),
    Place(
        "Manchester",
        "Greater Manchester",
        "united_kingdom",
        "overseas",
        "161",
        "M1 1AA",
        "manchester",
        0,
        3,
    ),
    Place("Cork", "Munster", "ireland", "overseas", "21", "T12 0000", "cork", 0, 2),
    Place(
        "Greenville",
        "South Carolina",
        "united_states",
        "overseas",
        "864",
        "29601",
        "greenville",
        -5,
        3,
    ),
    Place(
        "Milwaukee", "Wisconsin", "united_states", "overseas", "414", "53202", "milwaukee", -6, 3
    ),
    Place("Portland", "Oregon", "united_states", "overseas", "503", "97201", "portland", -8, 2),
)
