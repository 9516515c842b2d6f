"""Tokens: what was sealed is opened at its place only, and whatever was changed is told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loomwork.errors import UnavailableError
from loomwork.store.keys.cipher import KeyRing, TokenError, new_key, unwrap, wrap

OLD, NEW = new_key(), new_key()
RING = KeyRing(keys=dict((OLD, NEW)), current=OLD[0])
NEWER = KeyRing(keys=dict((OLD, NEW)), current=NEW[0])
SECRET = b"a secret key that is long enough"
TEXTS = st.text(st.characters(codec="utf-8"), max_size=200)


@given(text=TEXTS, place=TEXTS)
def test_what_was_sealed_is_opened(text: str, place: str) -> None:
    token = RING.seal(text, place)
    assert RING.open(token, place) == text
    assert token != RING.seal(text, place)


@given(text=TEXTS, where=st.integers(0, 10**4), to=st.sampled_from("Az09+/:=é"))
def test_a_changed_token_does_not_open(text: str, where: int, to: str) -> None:
    token = RING.seal(text, "patient.card")
    where %= len(token)
    changed = token[:where] + to + token[where + 1 :]
    assert changed == token or not opens(changed)


def opens(token: str) -> bool:
    """Tell whether a token opens to another text than none."""
    try:
        RING.open(token, "patient.card")
    except TokenError:
        return False
    return True


def test_a_token_does_not_open_elsewhere() -> None:
    token = RING.seal("4711", "patient.card")
    with pytest.raises(TokenError):
        RING.open(token, "patient.story")


@given(text=TEXTS)
def test_renewing_keeps_equal_tokens_equal_and_the_text(text: str) -> None:
    one, two = RING.seal(text, "p.c"), RING.seal(text, "p.c")
    assert NEWER.renew(one, "p.c") == NEWER.renew(one, "p.c")
    assert NEWER.renew(one, "p.c") != NEWER.renew(two, "p.c")
    assert NEWER.open(NEWER.renew(one, "p.c"), "p.c") == text
    assert NEWER.renew(one, "p.c").startswith(f"v1:{NEW[0]}:")


def test_a_data_key_is_opened_by_its_own_secret_key_only() -> None:
    id_, key = OLD
    wrapped = wrap(id_, key, SECRET)
    assert unwrap(id_, wrapped, SECRET) == key
    assert unwrap(id_, wrapped, SECRET + b"!") is None
    assert unwrap("00000000", wrapped, SECRET) is None
    assert unwrap(id_, "no base64 at all", SECRET) is None


def test_without_a_usable_key_nothing_is_sealed() -> None:
    with pytest.raises(UnavailableError, match="loomwork init"):
        KeyRing().seal("4711", "p.c")
    locked = KeyRing(current="0a0b0c0d", locked=frozenset({"0a0b0c0d"}))
    with pytest.raises(UnavailableError, match="rewrap"):
        locked.seal("4711", "p.c")


def test_keys_do_not_show() -> None:
    assert OLD[1].hex() not in repr(RING)
    assert repr(OLD[1]) not in repr(RING)
