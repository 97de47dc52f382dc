"""What a procedure's time limit comes to for one dossier: its channel, its place, its answers.

Pure. The catalogue's `time_limit` (server/procedures/README.md) goes in, one or several `Limit`s
come out: several for a bundle, whose promise is that of its last part.

Twin: pwa/src/procedures/limits.ts.
"""

from collections.abc import Collection, Mapping
from typing import Any, Literal

import msgspec

Rule = Literal["same_day", "count", "monthly_batch"]
Days = Literal["working_days", "days", "hours"]


class Limit(msgspec.Struct, frozen=True):
    """One time limit, ready to be counted.

    `cutoff` is `HH:MM`: what comes after it counts as received on the next working day.
    `start_day` is the day of the month on which a monthly batch begins.
    """

    rule: Rule
    number: int
    unit: Days
    cutoff: str | None = None
    start_day: int | None = None
    supplement: Literal["anew", "paused"] | None = None

    @property
    def words(self) -> str:
        """Give the rule as it is kept beside a promise: `count;18;working_days`."""
        ends = [str(end) for end in (self.cutoff, self.start_day) if end is not None]
        return ";".join([self.rule, str(self.number), self.unit, *ends])


def limits_of(
    procedure: Mapping[str, Any],
    channel: str,
    flags: Collection[str],
    answers: Mapping[str, object],
) -> tuple[Limit, ...]:
    """Give the limits that count for a dossier; none where the catalogue knows none.

    `flags` are the area's; `answers` the sealed ones, by their names in the record.
    """
    raw = procedure["time_limit"]
    if raw["rule"] != "parts":
        return (_limit(raw, procedure.get("batch"), channel, flags),)
    # The cut-off is the bundle's.
    return tuple(
        _limit({"cutoff": raw.get("cutoff"), **part["time_limit"]}, None, channel, flags)
        for part in procedure.get("parts") or ()
        if part["time_limit"] is not None and _is_chosen(part, answers)
    )


def unit_of(procedure: Mapping[str, Any]) -> str:
    """Name the kind of office whose hours end the day: residence matters are the police's."""
    return "police" if procedure.get("receipt_template") == "receipt_ct04" else "branch"


def channel_of(procedure: Mapping[str, Any]) -> str:
    """Name the way in which the van hands in: with the citizen's own account, it is online."""
    return "online" if procedure["van"]["role"] == "assist_online" else "direct"


def _limit(
    raw: Mapping[str, Any],
    batch: Mapping[str, Any] | None,
    channel: str,
    flags: Collection[str],
) -> Limit:
    number = int((raw.get("by_channel") or {}).get(channel, raw["number"]))
    for extension in raw.get("extensions") or ():
        # Most extensions depend on what nobody knows at the van (a check elsewhere); those that
        # data can decide name the flag of the area.
        if extension.get("applies") in flags:
            more = int(extension["number"])
            number = more if extension["mode"] == "replaces" else number + more
    return Limit(
        raw["rule"],
        number,
        raw["unit"],
        raw.get("cutoff"),
        int(batch["start_day"]) if batch else None,
        raw.get("supplement"),
    )


def _is_chosen(part: Mapping[str, Any], answers: Mapping[str, object]) -> bool:
    if part["required"]:
        return True
    chosen = part.get("chosen_if")
    return chosen is not None and answers.get(f"answers.{chosen['field']}") in chosen["in"]
