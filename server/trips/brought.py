"""What a trip brought, counted from what has arrived; the sheets say what its people counted."""

from collections import Counter
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from server.fieldwork.deliveries import DELIVERED, Step, counts_differ, is_open, step_of
from server.fieldwork.deliveries import KIND as RESULT
from server.fieldwork.deliveries import is_on_the_way as is_out
from server.fieldwork.reading import Work, find_work, newest_work, work_of

SCORES = ("overall", "attitude", "waiting", "clarity")
SCORE_MAX = 5


@dataclass(frozen=True)
class Score:
    """One question of the survey: how many answered, and their mean in tenths."""

    question: str
    answers: int
    mean_tenths: int


@dataclass(frozen=True)
class Given:
    """A result that went along: how far it is, and whether the two who counted it differ."""

    work: Work
    step: Step
    differs: bool


def given_of(work: Work) -> Given:
    """Tell of one result how far it is."""
    return Given(work, step_of(work.said), counts_differ(work.said))


def results_out(connection: sa.Connection) -> list[Given]:
    """List results that somebody outside may still have, also those taken to a home."""
    found = [
        one
        for one in newest_work(connection, RESULT, DELIVERED)
        if is_open(one.said) or is_out(one.said)
    ]
    return [given_of(one) for one in found]


@dataclass(frozen=True)
class Brought:
    """A trip, or a stop that belongs to none, with all that has arrived of it."""

    trip: Work
    stops: list[Work]
    dossiers: dict[str, int]
    tickets: dict[str, int]
    sheets: list[Work]
    originals: list[Work]
    petitions: list[Work]
    results: list[Given]
    scores: list[Score]


def brought_by(connection: sa.Connection, record: UUID) -> Brought | None:
    """Find a trip with what it brought."""
    trip = find_work(connection, record, "trip") or find_work(connection, record, "stop")
    if trip is None:
        return None
    stops = [trip] if trip.kind == "stop" else work_of(connection, "stop", trip=record.hex)

    def of_stops(kind: str) -> list[Work]:
        return [one for stop in stops for one in work_of(connection, kind, stop=stop.record.hex)]

    originals = [one for one in of_stops("custody") if one.status != "returned"]
    return Brought(
        trip,
        stops,
        dict(Counter(one.stop or "" for one in of_stops("dossier"))),
        dict(Counter(one.stop or "" for one in of_stops("queue_ticket"))),
        of_stops("handover"),
        originals,
        of_stops("petition"),
        [given_of(one) for one in of_stops(RESULT)],
        _scores(of_stops("satisfaction_survey")),
    )


def _scores(answers: list[Work]) -> list[Score]:
    scores = []
    for question in SCORES:
        given = [one.count(question) for one in answers]
        given = [score for score in given if 1 <= score <= SCORE_MAX]
        if given:
            scores.append(Score(question, len(given), round(10 * sum(given) / len(given))))
    return scores
