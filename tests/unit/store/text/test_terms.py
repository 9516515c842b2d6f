"""Every text is found by each of its words, however they are spelt, and by nothing far off."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loomwork.store.text.fold import fold
from loomwork.store.text.terms import MOST_TERMS, matches, terms
from loomwork.store.text.tokens import LONGEST, tokens

COMPANY = "苏州江南纺织有限公司"
LETTERS = st.sampled_from("aAäÄöüßøłİıéñ0129苏州江南重行ひカ한국สว -_/.@+()&'’ﬁ㍿²")
TEXTS = st.one_of(st.text(LETTERS, max_size=30), st.text(max_size=30))


@pytest.mark.parametrize(
    ("search", "text"),
    [
        ("江南", COMPANY),
        ("jnfz", COMPANY),
        ("JNFZ", COMPANY),
        ("szjn", COMPANY),
        ("suzhou", COMPANY),
        ("jiangnan", COMPANY),
        ("suzhou fangzhi", COMPANY),
        ("公司 苏州", COMPANY),
        ("muller", "Müller"),
        ("mueller", "Müller"),
        ("Müller", "Mueller"),
        ("müller", "MÜLLER-LÜDENSCHEIDT"),
        ("strasse", "Große Straße"),
        ("grosse straße", "GROSSE STRASSE"),
        ("oresund", "Øresund"),
        ("aarhus", "Århus"),
        ("lodz", "Łódź"),
        ("istanbul", "İstanbul"),
        ("ISTANBUL", "İstanbul"),
        ("OPP-2026-00012", "OPP-2026-00012"),
        ("opp-2026", "OPP-2026-00012"),
        ("2026-00012", "OPP-2026-00012"),
        ("00012", "OPP-2026-00012"),
        ("opp202600012", "OPP-2026-00012"),
        ("anna@", "anna.muller@example.com"),
        ("anna.muller@example.com", "anna.muller@example.com"),
        ("muller@example", "anna.muller@example.com"),
        ("example.com", "anna.muller@example.com"),
        ("+49 89 123456", "+49 (0)89 123-456"),
        ("089 1234567", "+49891234567"),
        ("5678", "+8613812345678"),
        ("13812345678", "+86 138 1234 5678"),
        ("x20", "M8x20"),
        ("m8", "M8x20"),
        ("chongqing", "重庆"),
        ("yinhang", "中国银行"),
        ("lvse", "绿色"),
        ("luse", "绿色"),
        ("ＡＢＣ", "abc"),
        ("ひら", "ひらがな"),
        ("한국", "한국어로"),
    ],
)
def test_a_search_finds(search: str, text: str) -> None:
    assert matches(tokens(text), terms(search))


@pytest.mark.parametrize(
    ("search", "text"),
    [
        ("南江", COMPANY),
        ("jfnz", COMPANY),
        ("uller", "Müller"),
        ("m", "a m"[:1]),
        ("OPP-2026-00012", "OPP-2026-00013"),
        ("2026-12", "OPP-2026-00012"),
        ("a b", "ab"),
        ("muller meier", "Müller"),
        ("", "anything"),
        ("%", "100%"),
    ],
)
def test_a_search_does_not_find(search: str, text: str) -> None:
    assert not matches(tokens(text), terms(search))


@given(TEXTS)
def test_a_text_is_found_by_each_of_its_words_and_by_all_of_them(text: str) -> None:
    kept = tokens(text)
    for word in text.split():
        wanted = terms(word)
        assert matches(kept, wanted) or not wanted
    wanted = terms(text)
    assert matches(kept, wanted) or not wanted


@given(TEXTS)
def test_case_and_width_make_no_difference(text: str) -> None:
    kept = tokens(text)
    for other in (fold(text), text.casefold()):
        wanted = terms(other)
        assert matches(kept, wanted) or not wanted


@given(st.text("苏州江南纺织有限公司重庆银行", min_size=1, max_size=20), st.data())
def test_chinese_is_found_by_each_of_its_parts(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    assert matches(tokens(text), terms(text[start:end]))


@given(TEXTS)
def test_tokens_are_bounded_and_hold_only_letters_and_digits(text: str) -> None:
    assert len(terms(text)) <= MOST_TERMS
    for token in tokens(text):
        assert 0 < len(token) <= LONGEST
        assert not any(sign.isspace() or sign in "'\"\\*:&|!() " for sign in token)
        assert not any("A" <= sign <= "Z" for sign in token)


def test_long_texts_get_no_readings() -> None:
    assert "jiangnan" in tokens("江南")
    assert "jiangnan" not in tokens("江南", names=False)
