"""What must hold once the world has healed, against the naive reference.

I3   nothing that a person was told is saved is lost
I4   no value goes but by a change that may replace it, and whose author saw it
I8   what the office puts back does not pile up
I9   every phone holds what its seats may, byte for byte as the office does
I10  the office's states are those of the plain fold
I11  so are its conflicts
I13  nothing is left to send
I17  no official code stands in two dossiers, unless a phone was copied
I18  what a phone carries for others was brought to the office
I19  what was erased stands nowhere any more: not in a log, a branch or a state, here or on a phone
"""

from collections import defaultdict
from collections.abc import Mapping

import msgspec

from sync.change import Dot, LinkedChange
from sync.codes import OFFICIAL
from sync.record import decode_state
from tests.sim.authoring import same_value
from tests.sim.erasures import name_of
from tests.sim.model import (
    ERASED,
    canonical,
    fold,
    lost_values,
    piled_up,
    said_in,
    standing_quarantined,
)
from tests.sim.ports import DeviceDump, Feed, OfficeDump
from tests.sim.scopes import scopes_of
from tests.sim.traces import traces
from tests.sim.witness import Promise, Violated, require
from tests.sim.world import PhoneHere, World

NIL = msgspec.msgpack.encode(None)


def judge(world: World) -> None:
    """Raise Violated where a promise of the protocol is broken."""
    office = world.office.dump()
    dumps = {phone.name: phone.engine.dump() for phone in world.phones}
    require_the_model(office)
    require_nothing_lost(world, office, dumps)
    require_nothing_named_unseen(world, office)
    require_no_code_twice(world, office)
    scopes = scopes_of(world.registry, office)
    for phone in world.phones:
        if phone.is_revoked:
            continue
        dump = dumps[phone.name]
        require_equal_replica(world, phone, dump, office, scopes)
        require_empty_outbox(phone, dump)
        require_nothing_foreign(phone, dump)
        require_bundles_brought(world, phone, dump)
    require_erased(world, office, dumps)


def require_the_model(office: OfficeDump) -> None:
    """I10, I11, I4, I8: the office's states and conflicts are those of the plain fold."""
    waiting = [place for place, row in office.rows.items() if row.effect == "waiting"]
    require(not waiting, "I10", f"{waiting} wait for ever")
    unreadable = [place for place, row in office.rows.items() if row.effect == "unreadable"]
    require(not unreadable, "I10", f"{unreadable} cannot be read")
    model = fold(office.rows.values())
    require(model.keys() == office.states.keys(), "I10", "other records than in the model")
    conflicts = set()
    for record, one in model.items():
        dossier = int.from_bytes(record[-8:], "big")
        lost = lost_values(one)
        require(not lost, "I4", f"dossier {dossier} has lost a value of {lost}")
        piled = piled_up(one)
        require(not piled, "I8", f"in dossier {dossier} put-backs pile up in {piled}")
        standing = standing_quarantined(one)
        require(not standing, "I4", f"in dossier {dossier} quarantined {standing} stand")
        state = one.state()
        if office.states[record] != state:
            apart = shown_apart(office.states[record], state)
            raise Violated("I10", f"dossier {dossier} is {apart}")
        conflicts |= {(record, name) for name, found in one.fields.items() if len(found.values) > 1}
    require(conflicts == office.conflicts, "I11", "other conflicts than in the model")


def require_nothing_lost(world: World, office: OfficeDump, dumps: Mapping[int, DeviceDump]) -> None:
    """I3: what a person was told is saved is at the office, or in a branch, or carried over."""
    heads = {row.change.head for row in office.rows.values()} | office.branches
    carried: dict[bytes, bytes] = {}
    retold: dict[int, set[int]] = {}
    untold: set[tuple[int, int]] = set()
    parted: set[int] = set()
    for phone in world.phones:
        dump = dumps[phone.name]
        carried |= dump.carried
        parted |= {*dump.replaced, *dump.retold}
        retold[phone.name] = dump.retold
        # On a device that is revoked nobody signs in anew, to carry over what of theirs it lacks.
        untold |= {(phone.name, seat) for seat in dump.untold if phone.is_revoked}
    said = said_at(office)

    def is_kept(head: bytes) -> bool:
        return head in heads or (head in carried and is_kept(carried[head]))

    for promise in world.witness.saved.values():
        change = promise.written.change
        place = f"{change.seat}:{change.seq} of phone {promise.phone}"
        is_retold = change.seat in retold.get(promise.phone, ()) and is_said_again(
            promise, world, said
        )
        is_untold = (promise.phone, change.seat) in untold
        # What was erased in a branch is not said again under the new seat.
        is_cut = change.seat in parted and name_of(change) in world.witness.erased
        is_excused = promise.is_forgiven or is_retold or is_untold or is_cut
        require(is_excused or is_kept(change.head), "I3", f"{place} was saved, and is lost")


def said_at(office: OfficeDump) -> set[tuple[bytes, str, bytes]]:
    """Give all that was ever said at the office: record, field, value."""
    said = set()
    for row in office.rows.values():
        skeleton = row.change.skeleton
        if skeleton is not None:
            for name, value in zip(skeleton.fields, said_in(row.change), strict=True):
                said.add((skeleton.record, name, canonical(value)))
    return said


def is_said_again(promise: Promise, world: World, said: set[tuple[bytes, str, bytes]]) -> bool:
    """Tell whether a change of a closed branch was said anew, or set again on its own phone."""

    def of_its_phone(promises: Mapping[bytes, Promise]) -> list[LinkedChange]:
        return [one.written.change for one in promises.values() if one.phone == promise.phone]

    saved, torn = of_its_phone(world.witness.saved), of_its_phone(world.witness.torn)

    def is_met(change: LinkedChange, name: str) -> bool:
        if any(replaces(other, change, name) for other in saved):
            return True
        record, value = set_in(change, name)
        if (record, name, value) in said or (record, name, ERASED) in said:
            return True
        # Whether a torn one came to the disk, only what followed from it shows.
        return any(replaces(other, change, name) and is_met(other, name) for other in torn)

    skeleton = promise.written.change.skeleton
    assert skeleton is not None
    return all(is_met(promise.written.change, name) for name in skeleton.fields)


def replaces(other: LinkedChange, change: LinkedChange, name: str) -> bool:
    """Tell whether a change sets a field anew that another one had set."""
    return other.skeleton is not None and change.dot in other.skeleton.fields.get(name, ())


def set_in(change: LinkedChange, name: str) -> tuple[bytes, bytes]:
    """Give the record and the value that a change sets a field of it to, in one shape."""
    assert change.skeleton is not None
    said = dict(zip(change.skeleton.fields, said_in(change), strict=True))
    return change.skeleton.record, canonical(said[name])


def require_nothing_named_unseen(world: World, office: OfficeDump) -> None:
    """I4: a change replaces what its author saw, and nothing else that goes by the same name."""
    values: dict[tuple[Dot, str], bytes] = {}
    for row in office.rows.values():
        if row.change.skeleton is not None and not row.change.is_erased:
            for name, value in zip(row.change.skeleton.fields, said_in(row.change), strict=True):
                values[row.change.dot, name] = value
    for promise in world.witness.saved.values():
        for name, seen in promise.written.saw.items():
            for dot, value in seen:
                stands = values.get((dot, name))
                is_same = stands is None or value == ERASED or same_value(stands, value)
                place = f"{promise.written.change.seat}:{promise.written.change.seq}"
                require(is_same, "I4", f"{place} replaces a value of {name} that it never saw")


def require_no_code_twice(world: World, office: OfficeDump) -> None:
    """I17: what a clone does, nobody can keep it from; it is a finding (FAULT-46)."""
    if world.witness.copied_seats:
        return
    records: dict[bytes, set[bytes]] = defaultdict(set)
    for row in office.rows.values():
        skeleton = row.change.skeleton
        if skeleton is not None:
            for name, value in zip(skeleton.fields, said_in(row.change), strict=True):
                if name == OFFICIAL and value not in (NIL, ERASED):
                    records[value].add(skeleton.record)
    for code, found in records.items():
        dossiers = sorted(int.from_bytes(record[-8:], "big") for record in found)
        require(len(found) == 1, "I17", f"dossiers {dossiers} are both {code!r}")


def require_equal_replica(
    world: World,
    phone: PhoneHere,
    dump: DeviceDump,
    office: OfficeDump,
    scopes: dict[Feed, set[bytes]],
) -> None:
    """I9: each phone holds exactly what its seats may, byte for byte as the office does."""
    for seat in phone.seats:
        if world.registry.is_revoked(seat):
            continue
        may = set(world.registry.seats[seat].areas)
        fact = f"phone {phone.name} asks for {dump.areas[seat]} for {seat}, who may read {may}"
        require(set(dump.areas[seat]) == may, "I9", fact)
        for area in dump.areas[seat]:
            feed = Feed(seat, area)
            # What only a lost life gave stays as it was: somebody may bring it yet.
            held = {
                record
                for record, feeds in dump.feeds.items()
                if feed in feeds
                and (record in scopes[feed] or not world.witness.lost_life_gave(feed, record))
            }
            fact = f"phone {phone.name} holds {len(held)} of {len(scopes[feed])} in {feed}"
            require(held == scopes[feed], "I9", fact)
            for record in sorted(held):
                if dump.states[record] != office.states[record]:
                    dossier = int.from_bytes(record[-8:], "big")
                    apart = shown_apart(dump.states[record], office.states[record])
                    raise Violated("I9", f"phone {phone.name} has dossier {dossier} as {apart}")


def require_empty_outbox(phone: PhoneHere, dump: DeviceDump) -> None:
    """I13: the office has said that it holds all of every log."""
    for seat, last in dump.last.items():
        held = dump.held[seat]
        require(held == last, "I13", f"phone {phone.name}: {seat} has {last}, {held} acknowledged")


def require_nothing_foreign(phone: PhoneHere, dump: DeviceDump) -> None:
    """I5: what came only for areas that a seat has lost is gone."""
    for record, feeds in dump.feeds.items():
        has_reason = not feeds or any(
            feed.seat not in phone.seats or feed.area in dump.areas.get(feed.seat, (feed.area,))
            for feed in feeds
        )
        dossier = int.from_bytes(record[-8:], "big")
        fact = f"phone {phone.name} holds dossier {dossier} for {sorted(feeds)}, which it has lost"
        require(has_reason, "I5", fact)


def require_bundles_brought(world: World, phone: PhoneHere, dump: DeviceDump) -> None:
    """I18: what a phone carries was offered to this office, and is held if it can be."""
    witness, office = world.witness, world.office
    for digest, (epoch, code) in dump.bundles.items():
        batches = witness.bundles.get(digest)
        if batches is None:
            continue  # worn on its way
        if not batches:
            continue  # papers alone: `papers/judgement.py`
        place = f"a bundle of {batches[0].seat} on phone {phone.name}"
        if code == "gap":
            is_right = any(batch.first > office.last(batch.seat) + 1 for batch in batches)
            require(is_right, "I18", f"{place} waits, and could be taken")
        elif not code:
            fact = f"{place} was not offered in epoch {office.epoch}"
            require(epoch == office.epoch, "I18", fact)
            require(witness.holds(batches), "I18", f"{place} was taken, and is not held")


def require_erased(world: World, office: OfficeDump, dumps: Mapping[int, DeviceDump]) -> None:
    """I19: of what was erased by law, the office and every phone have the skeleton alone."""
    listed = world.witness.erased
    if not listed:
        return
    missing = listed - world.office.listed()
    require(not missing, "I19", f"{sorted(missing, key=repr)} were erased, and are not listed")
    beside = listed & office.beside
    require(not beside, "I19", f"a branch still says {sorted(beside, key=repr)}")
    changes = [row.change for row in office.rows.values()]
    said = {one.head: one for one in changes if name_of(one) in listed and not one.is_erased}
    require(not said, "I19", f"the office still says {sorted(map(place_of, said.values()))}")
    changes += [promise.written.change for promise in world.witness.saved.values()]
    erased = {one.head: one for one in changes if name_of(one) in listed}
    dots = {one.dot for one in erased.values()}
    require_no_value_of(dots, office.states, "the office")
    for phone in world.phones:
        if phone.is_revoked:
            continue  # it reads nothing any more, lists neither
        dump = dumps[phone.name]
        left = sorted(place_of(erased[head]) for head in dump.with_body & erased.keys())
        require(not left, "I19", f"the log of phone {phone.name} still says {left}")
        require_no_value_of(dots, dump.states, f"phone {phone.name}")
        found = traces(phone.engine.content(), *erased_bodies(world, office))
        require(not found, "I19", f"on the disk of phone {phone.name} is {found}")


def erased_bodies(world: World, office: OfficeDump) -> tuple[list[LinkedChange], set[bytes]]:
    """Give the changes that were erased, as they were made, and bodies that may stand."""
    saved = [promise.written.change for promise in world.witness.saved.values()]
    erased = [one for one in saved if name_of(one) in world.witness.erased and not one.is_erased]
    others = {row.change.body_bytes for row in office.rows.values()}
    others |= {one.body_bytes for one in saved if name_of(one) not in world.witness.erased}
    return erased, others


def require_no_value_of(dots: set[Dot], states: Mapping[bytes, bytes], where: str) -> None:
    """I19: no state shows a value that one of these changes set."""
    for record, state in states.items():
        for name, one in decode_state(state).registers.items():
            for head in one.heads:
                fact = f"dossier {int.from_bytes(record[-8:], 'big')} of {where} shows {name}"
                require(head.dot not in dots or bytes(head.value) == ERASED, "I19", fact)


def place_of(change: LinkedChange) -> str:
    """Name the place of a change."""
    return f"{change.seat}:{change.seq}"


def shown_apart(found: bytes, wanted: bytes) -> str:
    """Say where two states differ."""
    mine, theirs = msgspec.msgpack.decode(found), msgspec.msgpack.decode(wanted)
    if mine[3] != theirs[3]:
        return f"seen {mine[3]} instead of {theirs[3]}"
    fields, others = {one[0]: one for one in mine[4]}, {one[0]: one for one in theirs[4]}
    for name in sorted({*fields, *others}):
        if fields.get(name) != others.get(name):
            return f"{fields.get(name)} instead of {others.get(name)}"
    return "the same" if found == wanted else "other bytes"
