"""Invented people and teams, so that an office can be tried out. Never made unasked."""

from typing import Final

import sqlalchemy as sa

from server.staff.passwords import hash_password
from server.staff.tables import staff, team_areas, teams

PASSWORD: Final = "luudong-demo"  # noqa: S105 -- the point of it is that everybody knows it

TEAMS: Final = {
    1: ("Xe lưu động Mỹ Đức", ("10441", "10465", "10459", "10489")),
    2: (
        "Xe lưu động Ba Vì",
        ("09661", "09619", "09664", "09634", "09676", "09694", "09700", "09706"),
    ),
}

PEOPLE: Final = (
    (1, "tam", "Lê Thị Tâm", "helper", 1),
    (2, "an", "Nguyễn Văn An", "receiving_officer", 1),
    (3, "binh", "Trần Thị Bình", "receiving_officer", 1),
    (4, "chi", "Phạm Thu Chi", "case_officer", None),
    (5, "dung", "Hoàng Tiến Dũng", "signatory", None),
    (6, "giang", "Vũ Hương Giang", "inspector", None),
    (7, "quan", "Đỗ Minh Quân", "admin", None),
    (8, "hoa", "Bùi Thanh Hoa", "receiving_officer", 2),
)


def make_demo_staff(connection: sa.Connection) -> None:
    """Make them where nobody works yet; an office with people of its own is left alone."""
    if connection.execute(sa.select(staff.c.id).limit(1)).first():
        return
    for team, (name, areas) in TEAMS.items():
        connection.execute(sa.insert(teams).values(id=team, name=name))
        rows = [{"team": team, "area": area} for area in areas]
        connection.execute(sa.insert(team_areas), rows)
    password_hash = hash_password(PASSWORD)
    for number, sign_in, name, role, of_team in PEOPLE:
        connection.execute(
            sa.insert(staff).values(
                id=number,
                sign_in=sign_in,
                name=name,
                role=role,
                team=of_team,
                password_hash=password_hash,
                active=True,
            )
        )
