"""Names of people, families, firms and streets, by country."""

from dataclasses import dataclass

# Each sign with its reading, from which e-mail addresses and domains are made.
FAMILY = {
    "王": "wang", "李": "li", "张": "zhang", "刘": "liu", "陈": "chen", "杨": "yang",
    "黄": "huang", "赵": "zhao", "吴": "wu", "周": "zhou", "徐": "xu", "孙": "sun",
    "马": "ma", "朱": "zhu", "胡": "hu", "郭": "guo", "何": "he", "林": "lin",
    "高": "gao", "罗": "luo", "郑": "zheng", "梁": "liang", "谢": "xie", "沈": "shen",
    "唐": "tang", "许": "xu", "韩": "han", "冯": "feng", "曹": "cao", "欧阳": "ouyang",
}  # fmt: skip
GIVEN = {
    "伟": "wei", "芳": "fang", "娜": "na", "敏": "min", "静": "jing", "磊": "lei",
    "洋": "yang", "勇": "yong", "艳": "yan", "杰": "jie", "娟": "juan", "涛": "tao",
    "明": "ming", "超": "chao", "霞": "xia", "平": "ping", "刚": "gang", "丽": "li",
    "强": "qiang", "军": "jun", "志远": "zhiyuan", "雨欣": "yuxin", "浩然": "haoran",
    "子涵": "zihan", "思远": "siyuan", "晓燕": "xiaoyan", "建国": "jianguo", "婷婷": "tingting",
    "家豪": "jiahao", "梦洁": "mengjie", "文博": "wenbo", "慧敏": "huimin", "国强": "guoqiang",
    "佳怡": "jiayi", "俊杰": "junjie", "秀英": "xiuying", "海燕": "haiyan", "立新": "lixin",
}  # fmt: skip
BRAND_FIRST = {
    "华": "hua", "江": "jiang", "恒": "heng", "瑞": "rui", "鑫": "xin", "宏": "hong",
    "中": "zhong", "盛": "sheng", "德": "de", "永": "yong", "金": "jin", "新": "xin",
    "嘉": "jia", "联": "lian", "东": "dong", "天": "tian", "万": "wan", "海": "hai",
    "博": "bo", "同": "tong", "正": "zheng", "启": "qi", "安": "an", "泰": "tai",
    "远": "yuan", "锦": "jin", "凯": "kai", "元": "yuan",
}  # fmt: skip
BRAND_SECOND = {
    "南": "nan", "泰": "tai", "达": "da", "盛": "sheng", "源": "yuan", "丰": "feng",
    "信": "xin", "成": "cheng", "康": "kang", "隆": "long", "通": "tong", "和": "he",
    "辉": "hui", "润": "run", "诚": "cheng", "邦": "bang", "越": "yue", "宇": "yu",
    "川": "chuan", "利": "li", "美": "mei", "亿": "yi", "晟": "sheng", "祥": "xiang",
    "维": "wei", "力": "li",
}  # fmt: skip
CHINESE_LEGAL = {
    "有限公司": 64,
    "科技有限公司": 14,
    "股份有限公司": 9,
    "集团有限公司": 5,
    "实业有限公司": 8,
}
CHINESE_STREETS = (
    "人民路", "建设路", "工业大道", "科技路", "中山路", "开发区大道", "创业路", "长江路",
    "解放路", "园区一路", "东方大道", "和平路", "学院路", "迎宾路", "滨江路", "兴业街",
)  # fmt: skip

BRAND_START = (
    "Nord", "Alp", "Rhen", "Vel", "Mar", "Cor", "Lin", "Hal", "Sol", "Tre", "Ost", "Bel",
    "Kar", "Val", "Fer", "Dun", "Lan", "Hav", "Sil", "Mon", "Ard", "Gra", "Wes", "Cal",
)  # fmt: skip
BRAND_END = (
    "mark", "tex", "dal", "ton", "vik", "berg", "field", "nova", "mont", "stad", "port",
    "ex", "ora", "ing", "wood", "line",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Culture:
    """How people, firms and streets of a country are called. ``street`` has a ``{number}``."""

    given: tuple[str, ...]
    family: tuple[str, ...]
    legal: tuple[str, ...]
    streets: tuple[str, ...]
    language: str
    currency: str = "eur"


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


GERMAN = Culture(
    given=_words("Anna Julia Katrin Sabine Laura Lena Thomas Stefan Markus Jan Felix Jonas Uwe"),
    family=_words(
        "Schneider Fischer Weber Wagner Becker Hofmann Koch Richter Wolf Schröder Neumann Krüger"
        " Lange Vogel Brandt Köhler"
    ),
    legal=("GmbH", "GmbH & Co. KG", "AG"),
    streets=("Industriestraße {number}", "Bahnhofstraße {number}", "Am Hafen {number}"),
    language="german",
)
FRENCH = Culture(
    given=_words("Camille Claire Sophie Élodie Julien Nicolas Pierre Antoine Mathieu Hélène Luc"),
    family=_words(
        "Bernard Dubois Laurent Lefèvre Moreau Girard Fournier Mercier Rousseau Garnier Chevalier"
        " Perrin"
    ),
    legal=("SAS", "SARL", "SA"),
    streets=("{number} rue de l’Industrie", "{number} avenue de la Gare", "{number} quai Sud"),
    language="french",
)
ITALIAN = Culture(
    given=_words("Giulia Chiara Francesca Elena Marco Luca Paolo Matteo Alessandro Davide Sara"),
    family=_words("Bianchi Ferrari Romano Colombo Ricci Marino Greco Conti Gallo Fontana Moretti"),
    legal=("S.r.l.", "S.p.A."),
    streets=("Via Roma {number}", "Via dell’Industria {number}", "Viale Europa {number}"),
    language="italian",
)
SPANISH = Culture(
    given=_words("Lucía Marta Carmen Elena Javier Pablo Sergio Carlos Andrés Nuria Íñigo"),
    family=_words("García Martínez Navarro Torres Ruiz Molina Ortega Vidal Ibáñez Serrano Campos"),
    legal=("S.L.", "S.A."),
    streets=("Calle Mayor {number}", "Avenida del Puerto {number}"),
    language="spanish",
)
DUTCH = Culture(
    given=_words("Sanne Femke Lotte Daan Bram Jeroen Pieter Maarten Eva"),
    family=_words("Jansen Bakker Visser Smit Mulder Dekker Dijkstra Vermeer Hoekstra"),
    legal=("B.V.", "N.V."),
    streets=("Stationsweg {number}", "Havenstraat {number}"),
    language="english",
)
SWEDISH = Culture(
    given=_words("Elin Karin Maja Sofia Erik Anders Johan Nils Oskar Åsa"),
    family=_words("Andersson Lindqvist Bergström Nyberg Sandberg Öberg Ekström Holm Lundgren"),
    legal=("AB",),
    streets=("Storgatan {number}", "Hamngatan {number}"),
    language="english",
)
POLISH = Culture(
    given=_words("Agnieszka Magdalena Joanna Piotr Tomasz Michał Paweł Łukasz Ewa"),
    family=_words("Nowak Kowalczyk Zieliński Wójcik Lewandowski Mazur Krawczyk Duda Wróbel"),
    legal=("Sp. z o.o.", "S.A."),
    streets=("ul. Fabryczna {number}", "ul. Piotrkowska {number}"),
    language="english",
)
ENGLISH = Culture(
    given=_words("Emma Sarah Rachel Olivia James Oliver Daniel Andrew Michael Laura Peter Grace"),
    family=_words(
        "Walker Hughes Bennett Carter Foster Murray Palmer Harrison Whitfield Barlow O’Connor Reed"
    ),
    legal=("Ltd", "plc"),
    streets=("{number} Mill Lane", "{number} Station Road", "Unit {number}, Harbour Park"),
    language="english",
)
AMERICAN = Culture(
    given=_words("Emily Jessica Ashley Karen Michael David Robert Brian Kevin Maria Jason"),
    family=_words("Johnson Miller Davis Anderson Thompson Sanchez Nguyen Peterson Brooks Kelly"),
    legal=("Inc.", "LLC", "Corp."),
    streets=("{number} Industrial Blvd", "{number} Main Street", "{number} Commerce Drive"),
    language="english",
    currency="usd",
)
CULTURES = {
    **dict.fromkeys(("germany", "austria", "switzerland"), GERMAN),
    "france": FRENCH,
    "italy": ITALIAN,
    "spain": SPANISH,
    "netherlands": DUTCH,
    "sweden": SWEDISH,
    "poland": POLISH,
    **dict.fromkeys(("united_kingdom", "ireland"), ENGLISH),
    "united_states": AMERICAN,
}
