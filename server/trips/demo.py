"""Invented trips for a demo office: stops today and on the next days. Never made unasked."""

from datetime import timedelta
from typing import Final
from uuid import UUID, uuid5

import sqlalchemy as sa

from server.desk.writing import instant
from server.fieldwork.reading import find_work
from server.office import Office
from server.staff.demo import PEOPLE
from server.staff.person import find_person
from server.trips.planning import StopPlan, add_stop, plan_trip

_SPACE: Final = UUID("7d2f6a52-6d0e-4f52-9a41-5c5b8b1f0d11")

# Team, title, and its stops: days from today, area, place, from, to.
TRIPS: Final = (
    (
        1,
        "Mỹ Đức – Hồng Sơn",
        (
            (0, "10441", "Nhà văn hoá thôn Đồi Dùng", "08:00", "11:30"),
            (0, "10465", "Trụ sở cũ xã Hợp Tiến", "13:30", "16:30"),
            (1, "10489", "Đình làng Yến Vĩ", "08:00", "11:00"),
        ),
    ),
    (
        2,
        "Ba Vì – Minh Châu",
        (
            (0, "09700", "Nhà văn hoá thôn Dy", "08:00", "11:30"),
            (2, "09661", "Trường tiểu học Minh Châu", "08:00", "16:00"),
        ),
    ),
)
_PLANNER: Final = "chi"


def make_demo_trips(connection: sa.Connection, office: Office, now: int) -> None:
    """Make those of today where they are not there yet; an office of its own people has none."""
    numbers = [number for number, sign_in, *_ in PEOPLE if sign_in == _PLANNER]
    planner = find_person(connection, numbers[0])
    if planner is None or planner.sign_in != _PLANNER:
        return
    today = instant(now).date()
    for team, title, stops in TRIPS:
        trip = uuid5(_SPACE, f"{today.isoformat()}/{team}")
        if find_work(connection, trip, "trip") is not None:
            continue
        plans = [
            StopPlan(area, place, (today + timedelta(days=days)).isoformat(), opens, closes)
            for days, area, place, opens, closes in stops
        ]
        plan_trip(connection, office, planner, team, title, plans[0], now, trip)
        for plan in plans[1:]:
            add_stop(connection, office, planner, trip, plan, now)
