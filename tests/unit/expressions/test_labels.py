"""Expressions in the words that people use."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loomwork.errors import ExpressionError, Problem
from loomwork.expressions import EntityScope, parse, to_text
from loomwork.expressions.labels import from_labels, read_labels, to_labels
from loomwork.model.entity import Entity, Field
from loomwork.model.field_type import FieldType
from loomwork.model.system_fields import system_fields
from loomwork.model.text import Text
from loomwork.model.types.boolean import BooleanType
from loomwork.model.types.date import DateType
from loomwork.model.types.decimal import DecimalType
from loomwork.model.types.link import LinkType
from loomwork.model.types.select import Option, SelectType
from loomwork.model.types.text import TextType


def text(english: str, chinese: str) -> Text:
    return Text(english, {"zh_CN": chinese})


def field(name: str, type_: FieldType, english: str, chinese: str) -> Field:
    return Field(name=name, type=type_, label=text(english, chinese))


def entity(name: str, english: str, chinese: str, *fields: Field) -> Entity:
    return Entity(
        name=name,
        label=text(english, chinese),
        plural=text(f"{english}s", chinese),
        icon="x",
        title="name",
        ownership="user",
        fields={
            found.name: found for found in (*fields, *system_fields(ownership="user", recycle=True))
        },
    )


INDUSTRY = SelectType(
    options={
        "retail": Option(name="retail", label=text("Retail", "零售")),
        "shop": Option(name="shop", label=text("Shop", "门店")),
        "store": Option(name="store", label=text("Shop", "商铺")),
        "food": Option(name="food", label=text("retail", "食品")),
    }
)
ACCOUNT = entity(
    "account",
    "Account",
    "客户",
    field("name", TextType(), "Name", "名称"),
    field("industry", INDUSTRY, "Industry", "行业"),
)
DEAL = entity(
    "deal",
    "Deal",
    "商机",
    field("name", TextType(), "Name", "名称"),
    field("amount", DecimalType(places=2), "Amount", "金额"),
    field("close_date", DateType(), "Close date", "预计成交日期"),
    field("account", LinkType(to="account", inverse="deals"), "Account", "客户"),
    field("starts", DateType(), "Day", "日期"),
    field("ends", DateType(), "Day", "日期"),
    field("won", BooleanType(), "and", "amount"),
    field("odd", BooleanType(), "a`b", "是 否?"),
)
ENTITIES = {"account": ACCOUNT, "deal": DEAL}
SCOPE = EntityScope(DEAL, ENTITIES, changes=True)
OF_ACCOUNT = EntityScope(ACCOUNT, ENTITIES)


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("金额 > 1000", "amount > 1000"),
        ("金额>1000 and 金额<5", "amount > 1000 and amount < 5"),
        ("Amount > 1000", "amount > 1000"),
        ("amount > 金额 * 2", "amount > amount * 2"),
        ("客户.行业 == '零售'", "account.industry == 'retail'"),
        (
            "客户.行业 in ['零售', 'shop', '商铺']",
            "account.industry in ['retail', 'shop', 'store']",
        ),
        (
            "客户.industry == ('零售' if won else '食品')",
            "account.industry == ('retail' if won else 'food')",
        ),
        ("account.行业 == 'food'", "account.industry == 'food'"),
        ("`Close date` < today()", "close_date < today()"),
        ("客户.`名称` == '金额'", "account.name == '金额'"),
        ("`amount`", "won"),
        ("`and` or `是 否?`", "won or odd"),
        ("changed('金额') and old.金额 < 金额", "changed('amount') and old.amount < amount"),
        ("负责人 == user and 客户 is None", "owner == user and account is None"),
        (
            "sum(客户.商机, 金额, 客户 == this.客户) > 1",
            "sum(account.deals, amount, account == this.account) > 1",
        ),
    ],
)
def test_labels_in_any_language_stand_for_names(source: str, names: str) -> None:
    assert from_labels(source, SCOPE, "zh_CN") == names


@pytest.mark.parametrize(
    ("names", "english", "chinese"),
    [
        ("amount > 1000", "Amount > 1000", "金额 > 1000"),
        ("close_date < today()", "`Close date` < today()", "预计成交日期 < today()"),
        ("starts < ends", "starts < ends", "starts < ends"),
        ("won or odd", "`and` or odd", "`amount` or `是 否?`"),
        ("changed('close_date')", "changed('Close date')", "changed('预计成交日期')"),
        ("account.industry == 'retail'", "Account.Industry == 'Retail'", "客户.行业 == '零售'"),
        ("account.industry == 'food'", "Account.Industry == 'food'", "客户.行业 == '食品'"),
        (
            "account.industry in ['shop', 'store']",
            "Account.Industry in ['shop', 'store']",
            "客户.行业 in ['门店', '商铺']",
        ),
        (
            "count(account.deals, amount > this.amount) > 1",
            "count(Account.Deals, Amount > this.Amount) > 1",
            "count(客户.商机, 金额 > this.金额) > 1",
        ),
        ("old.account.name == name", "old.Account.Name == Name", "old.客户.名称 == 名称"),
    ],
)
def test_what_is_unambiguous_is_shown_by_its_label(names: str, english: str, chinese: str) -> None:
    tree = parse(names, SCOPE)
    assert (to_labels(tree, SCOPE, "en"), to_labels(tree, SCOPE, "zh_CN")) == (english, chinese)


def test_inverse_links_are_called_as_the_records_that_link() -> None:
    assert from_labels("any(商机, 金额 > 1)", OF_ACCOUNT, "zh_CN") == "any(deals, amount > 1)"


def problem(source: str) -> Problem:
    with pytest.raises(ExpressionError) as caught:
        from_labels(source, SCOPE, "zh_CN")
    (found,) = caught.value.problems
    return found


@pytest.mark.parametrize(
    ("source", "code", "column"),
    [
        ("日期 < today()", "ambiguous", 1),
        ("客户.行业 == 'Shop'", "ambiguous", 10),
        ("won and 金额度 > 1", "unknown_label", 9),
        ("客户.金额 > 1", "unknown_label", 4),
        ("`Close dat` < today()", "unknown_label", 1),
        ("won and `Close date < today()", "open_label", 9),
        ("`Close date` < 5", "wrong_kind", 16),
        ("金额 > '金额'", "wrong_kind", 6),
        ("客户.行业 == '零受'", "unknown_option", 10),
        ("金额 金额", "syntax", 4),
        ("金额 > 1)", "bracket", 7),
        ("and > 1", "syntax", 1),
    ],
)
def test_errors_have_the_column_that_was_typed(source: str, code: str, column: int) -> None:
    found = problem(source)
    assert (found.code, found.column) == (code, column)


def test_what_is_ambiguous_is_answered_with_the_names() -> None:
    assert "starts, ends" in problem("日期 < today()").message()
    assert "shop, store" in problem("客户.行业 == 'Shop'").message()


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("客户.行业 == '零售业'", "“零售业” is not an option of “客户.行业”. Did you mean “零售”?"),
        (
            "客户.行业 == 'x'",
            "“x” is not an option of “客户.行业”. There are: 零售, 门店, 商铺, 食品.",
        ),
        (
            "account.industry == 'reta'",
            "“reta” is not an option of “account.industry”. Did you mean “retail”?",
        ),
        (
            "`Close date` < 5",
            "“`Close date`” is a date: compare it with a date, like '2026-01-31'.",
        ),
        ("金额 > 'x'", "“金额” is a number: compare it with a number, like 1200.50."),
        ("客户.行业.名称 == 'x'", "“行业” is not a link: nothing can follow it after a point."),
        ("客户.商机.金额 > 1", "“商机” is not a link: nothing can follow it after a point."),
        ("客户.商机 > 1", "“商机” are many records: ask with any(), all(), count() or sum()."),
        (
            "any(客户.商机, 金额 > 'x')",
            "“金额” is a number: compare it with a number, like 1200.50.",
        ),
        ("金额 > 1 and amuont > 1", "There is no field “amuont”. Did you mean “amount”?"),
    ],
)
def test_errors_call_things_as_they_were_typed(source: str, told: str) -> None:
    assert problem(source).message() == told


@pytest.mark.parametrize(
    ("source", "code", "column", "hint"),
    [
        ("Close date < today()", "spelling", 1, "`Close date`"),
        ("won and this is close date", "spelling", 17, "`Close date`"),
        ("account.close date is None", "syntax", 15, "cannot be understood"),
        ("金额 > 1 或 won", "spelling", 8, "“or” instead of “或”"),
        ("won 或金额 > 1", "spelling", 5, "“or” instead of “或”"),
        ("客户.名称 包含 'x'", "spelling", 7, "contains(field, 'a')"),
        ("名称 == “测试”", "spelling", 7, "straight quotation mark"),
        ("won ？ 1 : 2", "spelling", 5, "if amount > 1000 else"),
    ],
)
def test_what_other_languages_write_is_answered_where_labels_are_typed(
    source: str, code: str, column: int, hint: str
) -> None:
    found = problem(source)
    assert (found.code, found.column) == (code, column)
    assert hint in found.message()


def test_a_label_of_the_record_outside_is_offered_with_this() -> None:
    with pytest.raises(ExpressionError, match=r"written this\.行业"):
        from_labels("any(商机, 行业 == '零售')", OF_ACCOUNT, "zh_CN")


SOURCES = st.sampled_from(
    [
        "amount * 2 > 5 and account.industry not in ['retail', 'shop']",
        "won if starts < ends else odd",
        "max(account.deals, amount, won and this.odd) is not None",
        "changed('starts') or old.close_date != close_date",
        "coalesce(account.industry, 'food') == 'food'",
        "owner == user and created_at >= today()",
    ]
)


@given(SOURCES, SOURCES, st.sampled_from(["en", "zh_CN"]))
def test_what_is_shown_can_be_typed(left: str, right: str, locale: str) -> None:
    tree = parse(f"({left}) and not ({right})", SCOPE)
    assert from_labels(to_labels(tree, SCOPE, locale), SCOPE, locale) == to_text(tree)


PIECES = st.sampled_from(
    [
        *(
            "金额",
            "客户",
            ".",
            "行业",
            "`",
            "'零售'",
            "'",
            "count(",
            "商机",
            ",",
            ")",
            "(",
            "[",
            "]",
        ),
        *(
            "==",
            ">",
            "and",
            "日期",
            "old",
            "user",
            "this",
            "settings",
            "steps",
            "1",
            " ",
            "\n",
            "changed(",
        ),
    ]
)


def column(source: str) -> int | None:
    """Return where a mistake is; the first column where there is none."""
    try:
        read_labels(source, SCOPE, "zh_CN")
    except ExpressionError as error:
        return error.problems[0].column
    return 1


@given(st.lists(PIECES, max_size=25).map("".join) | st.text())
def test_anything_typed_is_read_or_refused_with_its_place(source: str) -> None:
    assert column(source) in range(1, len(source) + 2)
