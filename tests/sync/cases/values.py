"""Vectors of clocks, values, kinds of records and versions of the app."""

from typing import Any

import msgspec

from sync import (
    app_version,
    kinds,
    value,
)
from sync.clock import At, tick, witness
from tests.sync.cases.case import Case


def clock_cases() -> list[Case]:
    """Clocks that stand still, go backwards, or follow one that is far ahead."""
    hour = 3_600_000
    ticks = [((0, 0), 5), ((5, 0), 5), ((5, 7), 4), ((5, 7), 6)]
    witnessed = [((5, 0), (9, 3), 5), ((5, 0), (5 + hour, 0), 5), ((5, 0), (6 + hour, 0), 5)]
    return [
        {"deed": "tick", "last": last, "now": now, "at": tick(At(*last), now)}
        for last, now in ticks
    ] + [
        {
            "deed": "witness",
            "last": last,
            "foreign": foreign,
            "now": now,
            "at": witness(At(*last), At(*foreign), now),
        }
        for last, foreign, now in witnessed
    ]


def value_cases() -> list[Case]:
    """Values at and over every bound."""
    nested: Any = "x"
    depths = []
    for _ in range(9):
        depths.append(nested)
        nested = [nested]
    values: list[Any] = [
        None,
        True,
        "Đặng Thị Hoà",
        "Hoa\u0300",
        "a\0b",
        "x" * 20_000,
        "x" * 20_001,
        0,
        -(2**53 - 1),
        2**53 - 1,
        2**53,
        0.5,
        b"\x01",
        [1] * 1000,
        [1] * 1001,
        {"state": "handed_in", "count": 2},
        {1: "x"},
        {"erased": True},
        {"erased": False},
        [{"erased": True}],
        *depths,
    ]
    return [
        {"value": msgspec.msgpack.encode(one).hex(), "fits": value.find_fault(one) is None}
        for one in values
    ]


def version_cases() -> list[Case]:
    """Versions with other numbers of parts, with an addition, and what is none."""
    pairs = [
        ("0.1.0", "0"), ("0", "0.0.0"), ("", "0"), ("dev", "0"), ("dev", "0.0.1"),
        ("0.1.0", "0.1.0"), ("0.1", "0.1.0"), ("0.1.0", "0.1"), ("0.9.0", "0.10.0"),
        ("0.10.0", "0.9.9"), ("1.4.0-beta", "1.4.0"), ("1.3.9+abc", "1.4"), ("2", "1.99.99"),
    ]  # fmt: skip
    return [
        {"version": version, "minimum": least, "is_too_old": app_version.is_too_old(version, least)}
        for version, least in pairs
    ]


def kind_cases() -> list[Case]:
    """Values at and over the bounds of every shape, and fields that are none."""
    values: list[tuple[str, str, Any]] = [
        ("stop", "place", "Nhà văn hoá thôn Đồi Dùng"),
        ("stop", "place", ""),
        ("stop", "place", "ấ" * 200),
        ("stop", "place", "ấ" * 201),
        ("stop", "place", None),
        ("stop", "place", 5),
        ("stop", "day", "2026-11-22"),
        ("stop", "day", "22/11/2026"),
        ("stop", "day", "2026-11-22 "),
        ("stop", "opens", "08:00"),
        ("stop", "opens", "8:00"),
        ("stop", "trip", "01900000000070008000000000000001"),
        ("stop", "trip", "01900000-0000-7000-8000-000000000001"),
        ("stop", "crew", [1, 2, 3]),
        ("stop", "crew", list(range(64))),
        ("stop", "crew", list(range(65))),
        ("stop", "crew", ["1"]),
        ("stop", "crew", [True]),
        ("stop", "colour", "đỏ"),
        ("queue_ticket", "priority", "old"),
        ("queue_ticket", "priority", "Old"),
        ("queue_ticket", "issued_at", "2026-11-22T08:01:02+07:00"),
        ("queue_ticket", "issued_at", "2026-11-22 08:01:02"),
        ("handover", "fees", 0),
        ("handover", "fees", 2**53 - 1),
        ("handover", "fees", -1),
        ("handover", "fees", True),
        ("handover", "remark", "x" * 2_000),
        ("handover", "remark", "x" * 2_001),
        ("result_delivery", "id_checked", False),
        ("result_delivery", "id_checked", 1),
        ("result_delivery", "signature", bytes(64 * 1024)),
        ("result_delivery", "signature", bytes(64 * 1024 + 1)),
        ("result_delivery", "signature", b""),
        ("dossier", "stop", "01900000000070008000000000000001"),
        ("dossier", "answers.name", "An"),
        ("seat", "area", "10441"),
    ]
    return [
        {"kind": kind, "field": field, "value": _short(value), "fits": kinds.fits(*case)}
        for case in values
        for kind, field, value in [case]
    ]


def _short(value: object) -> str:
    packed = msgspec.msgpack.encode(value)
    # A drawing at its bound would be most of this file: what is all zeroes is told by its length.
    if isinstance(value, bytes) and len(value) > 100:
        return f"zeroes:{len(value)}"
    return packed.hex()
