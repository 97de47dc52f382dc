"""What devices hand in, taken in one transaction; several that come at once, in one go.

Rows of fifty devices in one statement cost a database far less than fifty statements do. Only what
is plain goes together: batches, of seats that no other of them writes for, and papers of the device
itself. Whatever is strange with one, all are done one after the other instead, and it alone is
refused.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Self

import sqlalchemy as sa

from server.codes.rules import Standing
from server.devices.orders import note_heard
from server.erasures.dropping import Gone
from server.erasures.erasure import keeper_of, take_back
from server.exchange.authors import load_writers
from server.exchange.bundles import BundleTaken, Unsealed, take_bundles
from server.exchange.counting import count_request, heard_of
from server.exchange.lending import lease
from server.exchange.offering import take_offered
from server.exchange.opening import Opened, open_exchange
from server.exchange.taking import Load, Taken, Taker, take, take_all
from server.exchange.welcome import shows_news, welcome
from server.office import Office
from server.writer import JointJob
from sync import signature
from sync.papers import CONFIRMED

_OWN_PAPERS: Final = frozenset({signature.ENROLMENT, signature.CERTIFICATE})


@dataclass(frozen=True)
class Handed:
    """What a transaction did, and how the request reads after it."""

    opened: Opened
    taken: Taken
    bundles: list[BundleTaken]
    is_fresh: bool
    is_welcomed: bool
    # What a device brought word of that this office had erased in a lost life.
    erased: Gone | None = None
    # What the reader's seat may number dossiers with, where the device is to be told.
    leases: Sequence[Standing] = ()

    @property
    def records(self) -> list[bytes]:
        """Name the records that changed."""
        carried = [record for bundle in self.bundles for record in bundle.records]
        return list(dict.fromkeys([*self.taken.records, *carried]))


class Apart(Exception):
    """One of them has to be opened anew: they cannot be taken in one go."""


@dataclass(frozen=True, eq=False)
class HandIn(JointJob):
    """A request that is opened, with what was sealed in it."""

    office: Office
    opened: Opened
    body: bytes
    unsealed: list[Unsealed]
    now: int

    def __call__(self, connection: sa.Connection) -> Handed:
        """Take it alone."""
        return hand_in(
            connection,
            office=self.office,
            opened=self.opened,
            body=self.body,
            unsealed=self.unsealed,
            now=self.now,
        )

    def may_join(self, others: Sequence[Self]) -> bool:
        """Tell whether all are plain, and no two of one device or of one seat."""
        if not all(one.is_plain for one in (self, *others)):
            return False
        device, seats = self.opened.request.device, _own_seats(self.opened)
        return all(
            device != other.opened.request.device and seats.isdisjoint(_own_seats(other.opened))
            for other in others
        )

    @property
    def is_plain(self) -> bool:
        """Whether it brings nothing but batches and what the device itself was given."""
        request, opened = self.opened.request, self.opened
        is_known = opened.status == CONFIRMED and opened.known is not None
        shows_lists = any(paper.purpose not in _OWN_PAPERS for paper in request.shown)
        return is_known and not (self.unsealed or request.offered or shows_lists)

    @classmethod
    def do_together(cls, connection: sa.Connection, jobs: Sequence[Self]) -> list[Handed]:
        """Take all in one go; raises Apart."""
        office, now = jobs[0].office, max(job.now for job in jobs)
        if shows_news(connection, office, [job.opened for job in jobs]) and any(
            welcome(connection, office, job.opened, now) for job in jobs
        ):
            raise Apart
        own = [_own_seats(job.opened) for job in jobs]
        writers = load_writers(connection, set().union(*own))
        loads = [
            Load(job.opened.batches, {seat: writers[seat] for seat in seats if seat in writers})
            for job, seats in zip(jobs, own, strict=True)
        ]
        taken = take_all(connection, _taker_of(office), loads, now)
        handed = []
        for job, one in zip(jobs, taken, strict=True):
            is_fresh, standing = _count(connection, office, job.opened, one, job.now)
            handed.append(Handed(job.opened, one, [], is_fresh, is_welcomed=False, leases=standing))
        return handed


def hand_in(
    connection: sa.Connection,
    *,
    office: Office,
    opened: Opened,
    body: bytes,
    unsealed: list[Unsealed],
    now: int,
) -> Handed:
    """Take what one device hands in, whatever it is."""
    is_welcomed = welcome(connection, office, opened, now)
    if is_welcomed:
        opened = open_exchange(connection, office.settings.office, office.keys, body, now)
    if opened.status not in ("confirmed", "revoked") or opened.known is None:
        # It came back by its papers a moment ago; the desk has to let it in.
        return Handed(opened, Taken([], []), [], is_fresh=False, is_welcomed=is_welcomed)
    keeper = keeper_of(office.settings, office.keys)
    # Before anything is taken: what a lost life of the office erased must not come in again.
    erased = take_back(connection, keeper, opened.request.shown, now)
    taken = Taken([], [])
    taker = _taker_of(office)
    if opened.batches:
        writers = load_writers(connection, _own_seats(opened))
        taken = take(connection, taker, opened.batches, writers, now)
    take_offered(connection, office.keys, opened.request.offered, opened.request.device, now)
    carried = take_bundles(connection, taker, unsealed, now)
    is_fresh, standing = _count(connection, office, opened, taken, now)
    return Handed(opened, taken, carried, is_fresh, is_welcomed, erased, standing)


def _own_seats(opened: Opened) -> set[int]:
    """Name the seats that batches are for and that the device has."""
    seats: Mapping[int, object] = opened.known.seats if opened.known else {}
    return {batch.seat for batch in opened.batches} & seats.keys()


def _taker_of(office: Office) -> Taker:
    return Taker(office.settings.office, office.keys, office.settings.agency)


def _count(
    connection: sa.Connection, office: Office, opened: Opened, taken: Taken, now: int
) -> tuple[bool, Sequence[Standing]]:
    """Note that a device was here; tell whether it is news, and what it may number with."""
    heard = heard_of(opened, taken.ends)
    if not count_request(connection, opened.request, heard.unsent, now):
        return False, ()
    note_heard(connection, heard, now)
    return True, lease(connection, office, opened, now)
