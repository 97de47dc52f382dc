"""Who is who at the real office: every deed is done there first, and noted here for the checks."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import sqlalchemy as sa

from server.database import Job
from server.devices.confirmation import confirm, revoke
from server.devices.enrolment import enrol
from server.devices.links import make_link
from server.devices.revocations import keep_revocations
from server.devices.seats import take_seat
from server.devices.tables import devices, seats
from server.keys import OfficeKeys
from server.staff.person import Person, areas_of_team, find_person
from server.staff.tables import staff, team_areas
from sync.exchange import PROTOCOL, EnrolmentRequest
from tests.sim.ports import OFFICE, Grant, Rights
from tests.sim.registry import DEVICE_KEYS, SEAT_KEYS, DeviceFacts, Registry, SeatFacts
from tests.sim.served.folder import OFFICER, TEAMS, person_number
from tests.sim.signing import KeyPair, Keys, PrivateKey


class Staffing(Registry):
    """A registry that follows the tables of an office."""

    def __init__(
        self,
        keys: Keys,
        office_keys: OfficeKeys,
        run: Callable[[Job[Any]], Any],
        now: Callable[[], int],
    ) -> None:
        super().__init__(keys)
        self._office_keys, self._run, self._now = office_keys, run, now
        self._gone: set[int] = set()  # people who have left
        self._own_keys: dict[int, bytes] = {}

    def office_key(self) -> KeyPair:
        """Give the key that the office signs with."""
        return KeyPair(self._office_keys.private_key, self._office_keys.public_key)

    def bundle_key(self) -> PrivateKey:
        """Give the key that bundles are sealed to."""
        return self._office_keys.bundle_keys[-1]

    def public_key_of(self, seat: int) -> bytes:
        """Give the public key of any seat, those at the desk among them."""
        facts = self.seats.get(seat)
        if facts is not None:
            return facts.key.public
        if seat not in self._own_keys:
            found = sa.select(seats.c.public_key).where(seats.c.number == seat)
            self._own_keys[seat] = self._run(lambda connection: connection.execute(found).scalar())
        return self._own_keys[seat]

    def add_device(self, *, is_van: bool = False) -> DeviceFacts:
        """Let a device join by a link, and let the desk confirm it."""
        key = self.keys.pair(DEVICE_KEYS + len(self.devices))
        now = self._now()

        def join(connection: sa.Connection) -> int:
            code = make_link(connection, OFFICER, now)
            request = EnrolmentRequest(PROTOCOL, code, key.public, "phone", "simulated", now)
            number = enrol(connection, self._office_keys, request, now)
            confirm(connection, number, OFFICER, now)
            return number

        facts = DeviceFacts(self._run(join), key, is_van)
        self.devices[facts.number] = facts
        return facts

    def add_seat(
        self,
        device: int,
        staff: int,
        team: int,
        _areas: tuple[str, ...],
        /,
        *,
        is_helper: bool,
    ) -> Grant:
        """Let one of the office's people sign in. Areas are a team's, not a person's."""
        number = team + 1
        person = person_number(staff, number, is_helper=is_helper)
        return self._take_seat(device, person, number, is_helper=is_helper)

    def replace_seat(self, old: int) -> Grant:
        """Give the person of a seat another one on the same device."""
        was = self.seats[old]
        return self._take_seat(was.device, was.staff, was.team, is_helper=was.is_helper)

    def _take_seat(self, device: int, person: int, team: int, *, is_helper: bool) -> Grant:
        key = self.keys.pair(SEAT_KEYS + len(self.seats))

        def take(connection: sa.Connection) -> tuple[int, list[str]]:
            role = "helper" if is_helper else "receiving_officer"
            somebody = Person(person, f"person{person}", f"Person {person}", role, team)
            number = take_seat(connection, somebody, device, key.public, self._now())
            return number, areas_of_team(connection, team)

        seat, areas = self._run(take)
        is_gone = person in self._gone
        self.seats[seat] = SeatFacts(
            seat, device, person, team, is_helper, key, tuple(areas), is_retired=is_gone
        )
        return Grant(seat, key, tuple(areas))

    def change_areas(self, seat: int, areas: tuple[str, ...]) -> Grant:
        """Give or take rights of the whole team of a seat."""
        team = self.seats[seat].team
        self._run(partial(_set_areas, team=team, areas=areas))
        self._note_areas(team, areas)
        return Grant(seat, self.seats[seat].key, self.seats[seat].areas)

    def _note_areas(self, team: int, areas: tuple[str, ...]) -> None:
        for number, facts in self.seats.items():
            if facts.team == team:
                self.seats[number] = replace(facts, areas=areas)

    def revoke(self, device: int) -> None:
        """Let a device in no longer."""
        self._run(partial(self._shut_out, device=device))
        super().revoke(device)

    def _shut_out(self, connection: sa.Connection, *, device: int) -> None:
        revoke(connection, device, OFFICER, self._now())
        keep_revocations(connection, self._office_keys, OFFICE, self._now())

    def retire(self, seat: int) -> None:
        """Let the person of a seat leave the office."""
        person = self.seats[seat].staff
        self._gone.add(person)
        self._run(partial(_leave, person=person))
        for number, facts in self.seats.items():
            if facts.staff == person:
                self.seats[number] = replace(facts, is_retired=True)

    def rights(self) -> dict[int, Rights]:
        """Give what each seat may read at this moment."""
        return {
            seat: Rights(facts.areas, self.is_revoked(seat)) for seat, facts in self.seats.items()
        }

    def look_again(self) -> list[str]:
        """After the office has lost a while: do again what people would, and note the rest.

        Gives what had been taken away, and was given back by it.
        """
        self._own_keys.clear()
        returned: list[str] = []
        statuses = self._run(
            lambda connection: {
                row.number: row.status for row in connection.execute(sa.select(devices))
            }
        )
        for number, facts in self.devices.items():
            if facts.is_revoked and statuses[number] != "revoked":
                returned.append(f"device {number}")
                self._run(partial(self._shut_out, device=number))
            elif statuses[number] == "pending":
                self._run(partial(confirm, number=number, staff_id=OFFICER, now=self._now()))
        for person in sorted(self._gone):
            if self._run(partial(find_person, staff_id=person)) is not None:
                returned.append(f"person {person}")
                self._run(partial(_leave, person=person))
        for team in range(1, len(TEAMS) + 1):
            areas = self._run(partial(areas_of_team, team=team))
            self._note_areas(team, tuple(areas))
        return returned


def _leave(connection: sa.Connection, *, person: int) -> None:
    connection.execute(sa.update(staff).where(staff.c.id == person).values(active=False))


def _set_areas(connection: sa.Connection, *, team: int, areas: tuple[str, ...]) -> None:
    connection.execute(sa.delete(team_areas).where(team_areas.c.team == team))
    if areas:
        rows = [{"team": team, "area": area} for area in areas]
        connection.execute(sa.insert(team_areas), rows)
