"""Durations in their written forms, names of people taken apart, hosts that cannot deceive."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loomwork.model.types.barcode import check_digit
from loomwork.model.types.duration import DurationType
from loomwork.model.types.person_name import NameParts, name_parts
from loomwork.model.types.rich_text import plain_text, safe
from loomwork.model.types.url import shown_host
from loomwork.model.values import LONGEST, Duration


@pytest.mark.parametrize(
    ("microseconds", "written"),
    [
        (0, "PT0S"),
        (1, "PT0.000001S"),
        (1_500_000, "PT1.5S"),
        (5_400_000_000, "PT1H30M"),
        (93_600_000_000, "P1DT2H"),
        (-86_400_000_000, "-P1D"),
    ],
)
def test_a_duration_is_written_by_iso_8601(microseconds: int, written: str) -> None:
    assert Duration(microseconds).to_json() == written


@given(microseconds=st.integers(min_value=-LONGEST, max_value=LONGEST))
def test_every_duration_is_read_from_what_it_writes(microseconds: int) -> None:
    assert DurationType().parse(Duration(microseconds).to_json()) == microseconds


@given(
    count=st.integers(min_value=1, max_value=10_000), unit=st.sampled_from(["min", "h", "d", "w"])
)
def test_a_documents_duration_is_written_in_the_largest_unit(count: int, unit: str) -> None:
    length = Duration.from_short(f"{count}{unit}")
    assert Duration.from_short(length.to_short()) == length


@pytest.mark.parametrize("text", ["", "1", "h", "1y", "1.5h", "-1h"])
def test_what_no_document_may_say_is_no_duration(text: str) -> None:
    with pytest.raises(ValueError, match=text or ".*"):
        Duration.from_short(text)


@pytest.mark.parametrize(
    ("text", "family", "given_name"),
    [
        ("Ann Lee", "Lee", "Ann"),
        ("Lee, Ann", "Lee", "Ann"),
        ("Ludwig van Beethoven", "van Beethoven", "Ludwig"),
        ("José María de la Cruz", "de la Cruz", "José María"),
        ("Martin Luther King Jr.", "King", "Martin Luther Jr."),
        ("King, Jr.", "", "King Jr."),
        ("Cher", "", "Cher"),
        ("王小明", "王", "小明"),
        ("李伟", "李", "伟"),
        ("欧阳修", "欧阳", "修"),
        ("司马相如", "司马", "相如"),
        ("约翰·史密斯", "史密斯", "约翰"),
        ("山田 太郎", "山田", "太郎"),
        ("김민준", "김", "민준"),
        ("남궁민", "남궁", "민"),
        ("木村拓哉子", "", "木村拓哉子"),
        ("", "", ""),
    ],
)
def test_a_name_is_taken_apart_where_it_can_be(text: str, family: str, given_name: str) -> None:
    assert name_parts(text) == NameParts(family=family, given=given_name)


def test_people_are_sorted_by_their_family_names() -> None:
    names = ["Ann Lee", "Bo Abel", "Cher"]
    assert sorted(names, key=lambda one: name_parts(one).sorted_by) == [
        "Bo Abel",
        "Cher",
        "Ann Lee",
    ]


@given(text=st.text(max_size=40))
def test_no_letter_of_a_name_is_lost_and_nothing_fails(text: str) -> None:
    parts = name_parts(text)
    assert len(parts.family) + len(parts.given) <= len(text)


@pytest.mark.parametrize(
    ("host", "shown"),
    [
        ("example.com", "example.com"),
        ("xn--fsqu00a.xn--55qx5d", "例子.公司"),
        ("www.xn--fsqu00a.com", "www.例子.com"),
        ("xn--pple-43d.com", "xn--pple-43d.com"),
        ("xn--80ak6aa92e.com", "xn--80ak6aa92e.com"),
        ("xn--a.com", "xn--a.com"),
    ],
)
def test_a_host_is_shown_in_its_script_where_that_cannot_deceive(host: str, shown: str) -> None:
    assert shown_host(host) == shown


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>x</script>",
        "<img src=x onerror=x>",
        "<a href='java\tscript:x'>a</a>",
        "<svg><style><img title='</style><img src=x onerror=x>'>",
        "<math><mtext><table><mglyph><style><!--</style>"
        "<img title='--&gt;&lt;img src=x onerror=x&gt;'>",
        "<p style='background:url(x)' class=x id=y>a</p>",
        "<iframe srcdoc='<script>x</script>'></iframe>",
        "<form action=x><input name=y></form>",
    ],
)
def test_nothing_that_could_run_or_load_is_left(hostile: str) -> None:
    cleaned = safe(hostile)
    for word in (
        "<script",
        "<img",
        "<svg",
        "<style",
        "<iframe",
        "<form",
        "<input",
        "style=",
        "href",
    ):
        assert word not in cleaned
    assert safe(cleaned) == cleaned


def test_the_words_of_rich_text_stand_on_lines_of_their_own() -> None:
    text = (
        "<h3>A &amp; B</h3><p>one<br>two</p><ul><li>three</li></ul><table><tr><td>4</td><td>5</td>"
    )
    assert plain_text(safe(text)) == "A & B\none\ntwo\nthree\n4 5"


@given(digits=st.from_regex(r"[0-9]{12}", fullmatch=True))
def test_a_check_digit_finds_every_wrong_digit(digits: str) -> None:
    check = check_digit(digits)
    for place, digit in enumerate(digits):
        other = str((int(digit) + 1) % 10)
        assert check_digit(digits[:place] + other + digits[place + 1 :]) != check
