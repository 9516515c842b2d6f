"""Bodies that cannot be read: what is said of them is ours, in the caller's language."""

import pytest

from tests.integration.rest.conftest import Caller, errors, problem

PLANTS = "/records/plant"
CHINESE = {"Accept-Language": "zh-CN"}
BODIES = [
    (b"", "请求正文不是有效的 JSON：第 1 行，第 1 列。"),
    (b"{", "请求正文不是有效的 JSON：第 1 行，第 2 列。"),
    (b'{"name": "A",\n "b" 1}', "请求正文不是有效的 JSON：第 2 行，第 6 列。"),
    (b"{} {}", "请求正文不是有效的 JSON：第 1 行，第 4 列。"),
    (b"[" * 100_000, "JSON 嵌套过深。"),
    (b'{"a":' * 50_000, "JSON 嵌套过深。"),
    (b'{"price": -Infinity}', "“-Infinity”不是 JSON。"),
    (b'{"name": "\xff\xfe\xfd"}', "请求正文不是 UTF-8 编码。"),
    (b'{"name": "\\ud800"}', "请求正文中含有不成对的代理码位，不是有效字符。"),
    (b'{"\\udfff": 1}', "请求正文中含有不成对的代理码位，不是有效字符。"),
]


@pytest.mark.parametrize(("body", "sentence"), BODIES)
@pytest.mark.parametrize("path", [PLANTS, f"{PLANTS}/effects", "/expressions/plant"])
def test_what_is_wrong_with_a_body_is_said_in_the_caller_s_language(
    ann: Caller, path: str, body: bytes, sentence: str
) -> None:
    answer = problem(ann.call("POST", path, data=body, headers=CHINESE), 400)
    assert answer["detail"] == sentence


@pytest.mark.parametrize("digits", [401, 4_300, 10_000])
@pytest.mark.parametrize("sign", ["", "-"])
@pytest.mark.parametrize("field", ["height", "price", "planted", "bed", "alive"])
def test_a_whole_number_of_any_length_is_refused_at_its_field(
    ann: Caller, field: str, sign: str, digits: int
) -> None:
    body = f'{{"name": "A", "{field}": {sign}{"9" * digits}}}'
    ((pointer, _),) = errors(ann.call("POST", PLANTS, data=body))
    assert pointer == f"/{field}"


def test_an_expression_with_half_a_surrogate_pair_is_refused_at_its_column(ann: Caller) -> None:
    body = b'{"expression": "height > \\udc00"}'
    answer = problem(ann.call("POST", "/expressions/plant", data=body, headers=CHINESE), 422)
    (told,) = answer["errors"]
    assert (told["pointer"], told["column"]) == ("/expression", 10)
    assert told["message"] == "此处是不成对的代理码位，不是有效字符。"
