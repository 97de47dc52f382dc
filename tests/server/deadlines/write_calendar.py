"""Writes server/deadlines/calendar.json: `python -m tests.server.deadlines.write_calendar`.

Public holidays come from the `holidays` package; what it lacks, or takes for certain too early, is
corrected here. The file is read like code: a holiday that moves shows as a line of a review, and no
update of a package moves a promise by itself.
"""

import json
from datetime import date
from pathlib import Path
from typing import Any

import holidays

FILE = Path(__file__).parents[3] / "server" / "deadlines" / "calendar.json"
LABEL = "2026-11"
FIRST_YEAR, LAST_YEAR = 2025, 2027

SWAPPED = {
    # The package names the day off and omits the Saturday that is worked for it.
    "2025-05-02": "2025-04-26",
    "2026-01-02": "2026-01-10",
    "2026-08-31": "2026-08-22",
}
# A day of culture is planned and not decided; the office works until it is.
NOT_CERTAIN = {date(2026, 11, 24), date(2027, 11, 24)}
WORKDAY = [{"opens": "08:00", "closes": "12:00"}, {"opens": "13:30", "closes": "17:00"}]


def calendar() -> dict[str, Any]:
    """Give the calendar as it stands in the file."""
    years = range(FIRST_YEAR, LAST_YEAR + 1)
    known = holidays.country_holidays("VN", years=years, language="vi")
    off = {day.isoformat(): name for day, name in known.items() if day not in NOT_CERTAIN}
    for day, worked in SWAPPED.items():
        off[day] = f"Nghỉ hoán đổi, làm bù ngày {date.fromisoformat(worked):%d/%m/%Y}"
    return {
        "label": LABEL,
        "first": f"{FIRST_YEAR}-01-01",
        "last": f"{LAST_YEAR}-12-31",
        "days_off": [{"day": day, "name_vi": off[day]} for day in sorted(off)],
        "working": sorted(SWAPPED.values()),
        "units": [
            {"code": "branch", "name_vi": "Bộ phận một cửa của chi nhánh", "hours": WORKDAY},
            {
                "code": "police",
                "name_vi": "Công an cấp xã",
                "hours": WORKDAY,
                "saturday": WORKDAY[:1],
            },
        ],
        "readings": {"day_off": "as_received", "supplement": "anew"},
    }


def content() -> str:
    """Give the file as it is written."""
    return json.dumps(calendar(), ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    FILE.write_text(content(), encoding="utf-8")
