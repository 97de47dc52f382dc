"""A change that cannot be read is a link of its log all the same."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.batch import link_changes
from sync.change import VERSION, Dot, Skeleton, has_effect, split, write_change
from sync.refusals import Malformed, TooLarge
from tests.sync.writer import record_id

SALT = bytes(16)


def skeleton(fields: int = 1, **parts: object) -> Skeleton:
    """Give the skeleton of a first change with a few fields."""
    named: dict[str, list[Dot]] = {f"answers.f{number}": [] for number in range(fields)}
    first = Skeleton(VERSION, 3, 1, 0, record_id(1), "dossier", (1, 0), named)
    return msgspec.structs.replace(first, **parts)


def linked_has_effect(change: bytes) -> bool:
    """Tell whether a change has effect as the first of seat 3."""
    (linked,) = link_changes(3, 1, [change], bytes(32))
    return has_effect(linked)


def test_a_written_change_has_effect() -> None:
    assert linked_has_effect(write_change(skeleton(2), ["Đặng", 3], SALT))


@pytest.mark.parametrize("value", [0.5, "a\0b", "Hoa\u0300", 2**53, [[[[[[[["x"]]]]]]]], {1: 2}])
def test_a_value_out_of_bounds_is_not_written(value: object) -> None:
    with pytest.raises(Malformed):
        write_change(skeleton(), [value], SALT)


def test_a_kind_with_nul_is_not_written() -> None:
    with pytest.raises(Malformed):
        write_change(skeleton(kind="dos\0sier"), ["x"], SALT)


def test_a_change_over_the_limits_is_not_written() -> None:
    with pytest.raises(Malformed):
        write_change(skeleton(501), ["x"] * 501, SALT)
    with pytest.raises(TooLarge):
        write_change(skeleton(20), ["ạ" * 20_000] * 20, SALT)


@pytest.mark.parametrize(
    "broken",
    [
        msgspec.structs.replace(skeleton(), seat=4),
        msgspec.structs.replace(skeleton(), seq=2),
        msgspec.structs.replace(skeleton(), prev=1),
        msgspec.structs.replace(skeleton(), version=2),
        msgspec.structs.replace(skeleton(), record=bytes(15)),
        msgspec.structs.replace(skeleton(), fields={"Họ tên": []}),
        msgspec.structs.replace(skeleton(), kind="x" * 33),
        msgspec.structs.replace(skeleton(), at=(2**53, 0)),
    ],
)
def test_what_does_not_fit_its_place_has_no_effect(broken: Skeleton) -> None:
    body = msgspec.msgpack.encode([SALT, ["x"]])

    assert not linked_has_effect(msgspec.msgpack.encode(broken) + body)


@pytest.mark.parametrize(
    "body",
    [
        msgspec.msgpack.encode([SALT, []]),
        msgspec.msgpack.encode([SALT, ["x", "y"]]),
        msgspec.msgpack.encode([SALT[:-1], ["x"]]),
        msgspec.msgpack.encode("not a body"),
        b"\x92\xc4\x10" + SALT + b"\x91\xa2\xff\xfe",
        b"\x92\xc4\x10" + SALT + b"\x91" + b"\x91" * 300 + b"\xc0",
    ],
)
def test_a_body_that_does_not_fit_its_skeleton_has_no_effect(body: bytes) -> None:
    assert not linked_has_effect(msgspec.msgpack.encode(skeleton()) + body)


@pytest.mark.parametrize("rest", [b"", b"\xc0", b"\xc0\xc0\xc0", b"\x91" * 200_000])
def test_what_is_not_two_values_is_no_change(rest: bytes) -> None:
    with pytest.raises(Malformed):
        split(rest)


@given(junk=st.binary(max_size=200))
def test_junk_is_either_no_change_or_has_no_effect(junk: bytes) -> None:
    try:
        split(junk)
    except Malformed:
        return
    assert not linked_has_effect(junk)
