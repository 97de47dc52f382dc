"""Vectors of what an office gives out: codes, orders, papers, six words."""

import msgspec

from sync import (
    codes,
    fingerprint,
    order,
    papers,
    signature,
)
from tests.sync.cases.case import Case
from tests.sync.writer import OFFICE, new_key


def code_cases() -> list[Case]:
    """Codes of both kinds; what people type for them; leases that run out, clocks that jump."""
    lease = codes.HeldLease(4, 2001, 2003, "2026-11-21", "2026-12-04", "H26.118.05")
    begun = msgspec.structs.replace(lease, used={"2026-11-21": 2002, "2026-11-22": 2003})
    later = codes.HeldLease(9, 2101, 2200, "2026-11-22", "2026-12-04", "H26.118.05")
    made = [(7, "2026-11-21", 1), (961, "2026-11-21", 960), (2_000_001, "2049-12-31", 31)]
    days = ["1969-12-31", "1970-01-01", "2000-02-29", "2026-03-01", "2026-11-21", "2100-03-01", ""]
    typed = [
        "H26.118.05-261121-0001", "h26.118.05 – 261121 - 0001", " h26.118.05-261121-00012 ",
        "000.00.18.H26-210304-0001", "G01.99-260125-AB0012", "T27-QWE-332", "H26", "", "Ngô Đức",
        codes.provisional_code(7, codes.day_number("2026-11-21"), 1),
        codes.provisional_code(7, codes.day_number("2026-11-21"), 1).replace("-", "").lower(),
    ]  # fmt: skip
    given: list[tuple[list[codes.HeldLease], str]] = [
        ([], "2026-11-21"), ([lease], "2026-11-20"), ([lease], "2026-11-21"),
        ([begun], "2026-11-21"), ([begun], "2026-11-22"), ([begun], "2026-12-05"),
        ([later, begun], "2026-11-21"), ([later, begun], "2026-11-22"),
    ]  # fmt: skip
    counters = [({}, 5), ({5: 1}, 5), ({5: 960, 6: 3}, 5), ({5: 1}, 4)]
    said: list[dict[str, object]] = [
        {}, {"dossier_code": "A-1", "provisional_code": "T2", "codes.G-9": {"kind": "portal"}},
        {"dossier_code": 7, "provisional_code": "-", "codes.G-9": None, "codes.G-1": True},
        {"dossier_code": "9" * 65, "provisional_code": "T2"},
    ]  # fmt: skip
    return [
        *({"deed": "day", "day": day, "number": codes.day_number(day)} for day in days),
        *(
            {
                "deed": "provisional",
                "device": device,
                "day": day,
                "counter": counter,
                "code": codes.provisional_code(device, codes.day_number(day), counter),
            }
            for device, day, counter in made
        ),
        *(
            {
                "deed": "typed",
                "text": text,
                "kind": codes.code_kind(text),
                "folded": codes.fold_code(text),
                "is_mistyped": codes.is_mistyped(text),
                "groups": codes.code_groups(text),
            }
            for text in typed
        ),
        *(_lease_case(leases, day) for leases, day in given),
        *(
            {
                "deed": "counter",
                "counters": {str(day): last for day, last in by_day.items()},
                "day": day,
                "next": codes.next_counter(by_day, day),
            }
            for by_day, day in counters
        ),
        *({"deed": "of", "values": values, "codes": codes.codes_of(values)} for values in said),
    ]


def _lease_case(leases: list[codes.HeldLease], day: str) -> Case:
    found = codes.next_ordinal(leases, day)
    return {
        "deed": "lease",
        "leases": [msgspec.to_builtins(one) for one in leases],
        "day": day,
        "next": found and [found[0].lease, found[1]],
        "code": found and codes.official_code(found[0].agency, day, found[1]),
        "left": codes.codes_left(leases, day),
        "until": codes.last_day(leases, day),
    }


def order_cases() -> list[Case]:
    """Orders of every kind, also to others, old, and of a deed that nobody knows."""
    time = 1_800_000_000_000
    cases = [
        (order.Order(OFFICE, 2, 0, order.Action.STOP, time), 0),
        (order.Order(OFFICE, 2, 5, order.Action.HAND_IN, time), 0),
        (order.Order(OFFICE, 2, 5, order.Action.NOW, time), 4),
        (order.Order(OFFICE, 2, 5, order.Action.NOW, time), 5),
        (order.Order(OFFICE, 2, 4, order.Action.HAND_IN, time), 5),
        (order.Order(OFFICE, 2, 6, "dance", time), 5),
        (order.Order(OFFICE, 3, 6, order.Action.NOW, time), 5),
        (order.Order("other-office", 2, 6, order.Action.NOW, time), 5),
    ]
    return [
        {
            "message": order.write_order(one).hex(),
            "newest": newest,
            "is_ours": order.is_for(one, OFFICE, 2),
            "action": order.find_action(one, newest),
        }
        for one, newest in cases
    ]


def papers_cases() -> list[Case]:
    """Every paper as it is signed, and what a device reads of it."""
    key, time = new_key(0), 1_800_000_000_000
    public = signature.public_bytes(new_key(1))
    waiting = papers.Enrolment(OFFICE, 2, public, time)
    confirmed = papers.Enrolment(OFFICE, 2, public, time, papers.CONFIRMED, "Máy của An")
    certificate = papers.Certificate(OFFICE, 2, 3, "an", public, time)
    entries = [papers.Revocation("device", 4, time), papers.Revocation("seat", 7, time)]
    revocations = papers.Revocations(OFFICE, 1_000_001, entries, time)
    signed = [
        (papers.sign_enrolment(key, waiting), {"is_confirmed": False}),
        (papers.sign_enrolment(key, confirmed), {"is_confirmed": True}),
        (papers.sign_certificate(key, certificate), {"seat": 3}),
        (papers.sign_paper(key, signature.REVOCATIONS, revocations), {"number": 1_000_001}),
        (papers.sign_paper(key, signature.ERASURES, [OFFICE, 5, [], time]), {"number": 5}),
    ]
    return [
        {"purpose": one.purpose, "message": one.message.hex(), "reads": reads}
        for one, reads in signed
    ]


def fingerprint_cases() -> list[Case]:
    """Words of three devices at one office."""
    office = signature.public_bytes(new_key(0))
    keys = [signature.public_bytes(new_key(number)) for number in (1, 2, 3)]
    return [
        {
            "office_key": office.hex(),
            "public_key": key.hex(),
            "words": fingerprint.fingerprint_words(office, key),
        }
        for key in keys
    ]
