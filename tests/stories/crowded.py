"""An area after a busy month: hundreds of everything, under names longer than any card."""

from typing import Final
from uuid import UUID

from sync.record import shown
from tests.stories.joining import joined_as
from tests.stories.office import OfficeProcess
from tests.support.phone import new_record

MANY: Final = 210

NAME: Final = (
    "Công Tằng Tôn Nữ Phương Thảo Nguyên Khánh Huyền Trang Bạch Đình Thị Mẫu Ưởng "
    "Quách Thị Đồng Chiêm Xã Mỹ Đức Yến Vĩ Hương"
)
"""Of 120 letters; every seventh has no blank in it, as somebody types who leaves them out."""

AREA: Final = "10441"
MOMENT: Final = "2026-11-22T08:30:00+07:00"


def crowd(office: OfficeProcess, port: int) -> tuple[UUID, UUID]:
    """Let a colleague hand in so much; gives one of the dossiers, and the stop of the queue."""
    with joined_as("an", office, port) as (phone, seat):
        phone.exchange(seat)
        stop, day = next(
            (record, shown(state, "day"))
            for record, state in phone.records.items()
            if state.kind == "stop" and shown(state, "area") == AREA
        )
        dossiers = [
            phone.take_dossier(seat, AREA, applicant_full_name=name_of(n)) for n in range(MANY)
        ]
        phone.exchange(seat)
        for n, dossier in enumerate(dossiers):
            held = {"dossier": dossier.hex, "paper": name_of(n), "count": 1, "status": "held"}
            beside = {"area": AREA, "taken_at": MOMENT}
            phone.set(seat, new_record(), {**held, **beside}, kind="custody")
            ticket = {"stop": stop.hex, "day": day, "number": f"Z{n}", "priority": "other"}
            waits = {"reason": name_of(n), "status": "waiting", "issued_at": MOMENT}
            phone.set(seat, new_record(), {"area": AREA, **ticket, **waits}, kind="queue_ticket")
        phone.exchange(seat)
        return dossiers[0], stop


def name_of(number: int) -> str:
    """Name somebody, so that they can be found."""
    return f"{NAME.replace(' ', '') if number % 7 == 0 else NAME} {number}"
