"""What must hold of papers once the world has healed.

I12  every paper that a record names is at the office, whole, or named missing: then nobody who
     lives has it and may send it
I3   a paper that a person was told is saved is at the office or on a phone
I13  no phone has a paper left to send
I18  what the office says that it holds of a bundle's papers, it holds
I19  a paper whose change was erased by law is at no place any more
"""

from collections.abc import Iterable, Mapping
from hashlib import sha256

from sync.change import LinkedChange
from sync.record import decode_state, heads
from sync.register import open_value
from tests.sim.erasures import name_of
from tests.sim.papers.door import FIELD, OK, UNFIT, PaperName
from tests.sim.papers.naming import names_in
from tests.sim.papers.witness import dossier
from tests.sim.ports import OfficeDump
from tests.sim.witness import require
from tests.sim.world import PhoneHere, World


def judge_papers(world: World) -> None:
    """Raise Violated where a promise about papers is broken."""
    if not world.papers.witness.photos:
        return
    office = world.office.dump()
    require_present(world, office)
    require_nothing_lost(world, office)
    require_brought(world, office)
    require_erased(world, office)
    require_readable(world, office)


def require_present(world: World, office: OfficeDump) -> None:
    """I12, I13: what is named and not here, nobody who may send it has."""
    held = world.office.papers.dump().held
    for name, data in held.items():
        fact = f"what the office holds as a paper of {dossier(name)} has other bytes, or none"
        require(sha256(data).digest() == name.digest, "I12", fact)
    named = named_papers(office)
    worn = {name for _, name in world.papers.witness.excused}
    for phone in world.phones:
        for name, row in phone.engine.dump().papers.items():
            is_missing = name in named and name not in held
            if is_missing and row.data is not None and row.stage != "refused":
                fact = f"{dossier(name)} waits for a paper that phone {phone.name} may send"
                require(not may_send(world, phone, name, office), "I12", fact)
            # A disk that turned a bit twice has spoilt nothing in the end; copies have it, too.
            is_worn = name in worn
            if row.data is not None and row.stage == "refused" and not is_worn:
                fact = f"phone {phone.name} sends a fit paper of {dossier(name)} no more"
                require(row.data.startswith(UNFIT), "I12", fact)
    world.reached["paper:missing"] += len(named - held.keys())
    world.reached["paper:present"] += len(named & held.keys())


def may_send(world: World, phone: PhoneHere, name: PaperName, office: OfficeDump) -> bool:
    seen = world.papers.witness
    dump = phone.engine.dump()
    row = dump.papers[name]
    if phone.is_revoked:
        # Its log parted before the office was heard to have the change that names it: its text goes
        # first, and that only its person carries over. On such a phone, perhaps nobody comes.
        known = dump.untold.get(row.seat)
        if known is not None and row.seq > known:
            return False
        device = world.registry.seats[phone.seats[0]].device
        seats = world.registry.seats
        return any(
            row.change.seat in seats and seats[row.change.seat].device == device
            for row in office.rows.values()
            if not row.change.is_erased and name in names_in(row.change)
        )
    seat = phone.engine.papers.person_of(row)
    return seat in phone.seats and seen.may_hold(seat, name, office)


def require_nothing_lost(world: World, office: OfficeDump) -> None:
    """I3: a paper is at the office, or still on some phone."""
    seen = world.papers.witness
    held = world.office.papers.dump().held
    saved = world.witness.saved
    carried: dict[bytes, bytes] = {}
    for phone in world.phones:
        carried |= phone.engine.dump().carried
    erased = erased_papers(world, office, carried)
    on_phones = {
        name
        for phone in world.phones
        for name, row in phone.engine.dump().papers.items()
        if row.data is not None
    }
    excused = {name for _, name in seen.excused}
    for name, photo in seen.photos.items():
        promise = saved.get(photo.head)
        is_forgiven = promise is None or promise.is_forgiven
        is_kept = name in held or name in on_phones or name in erased or name in excused
        fact = f"a paper of {dossier(name)}, saved on phone {photo.phone}, is lost"
        require(is_forgiven or is_kept, "I3", fact)


def require_brought(world: World, office: OfficeDump) -> None:
    """I18: papers that a phone carries are held where the office says so, or cannot be."""
    seen = world.papers.witness
    held, named = world.office.papers.dump().held, named_papers(office)
    epoch = world.office.epoch
    for phone in world.phones:
        if phone.is_revoked:
            continue
        for digest, (since, code) in phone.engine.dump().bundles.items():
            names = seen.bundled.get(digest, {})
            if not names:
                continue
            place = f"papers that phone {phone.name} carries"
            if code == "gap":
                is_right = any(name not in held for name in names)
                require(is_right, "I18", f"{place} wait, and are held")
            elif code == "refused-content":
                is_unfit = any(data.startswith(UNFIT) for data in names.values())
                require(is_unfit, "I18", f"{place} are refused, and are fit")
            else:
                require(since == epoch, "I18", f"{place} were not offered in epoch {epoch}")
                lost = [name for name in names if name in named and name not in held]
                require(not lost, "I18", f"{place} were taken, and are not held")


def erased_papers(
    world: World, office: OfficeDump, carried: Mapping[bytes, bytes] | None = None
) -> set[PaperName]:
    """Name what changes named that were erased, and no other names.

    Whoever had not heard of the erasure may have carried such a change over: where it is told
    which became which (`carried`), that names it no more than the first did.
    """
    listed = world.witness.erased
    changes = [row.change for row in office.rows.values()]
    changes += [one.written.change for one in world.witness.saved.values()]
    gone = [change for change in changes if name_of(change) in listed]
    repeated = repeats_of(gone, carried or {})
    erased: set[PaperName] = set()
    standing: set[PaperName] = set()
    for change in changes:
        names = {name for name in names_in(change) if (change.head, name) not in repeated}
        (erased if name_of(change) in listed else standing).update(names)
    return erased - standing


def repeats_of(
    changes: Iterable[LinkedChange], carried: Mapping[bytes, bytes]
) -> set[tuple[bytes, PaperName]]:
    """Give as what changes were carried over, however often, and the papers that they named."""
    repeated: set[tuple[bytes, PaperName]] = set()
    for change in changes:
        for name in names_in(change):
            head = carried.get(change.head)
            while head is not None and (head, name) not in repeated:
                repeated.add((head, name))
                head = carried.get(head)
    return repeated


def require_erased(world: World, office: OfficeDump) -> None:
    """I19: nothing of an erased paper is at the office, or on a phone that hears from it."""
    seen = world.papers.witness
    erased = erased_papers(world, office)
    dump = world.office.papers.dump()
    for name in erased & seen.photos.keys():
        fact = f"a paper of {dossier(name)} was erased, and is at the office"
        data = seen.photos[name].data
        require(name not in dump.held, "I19", fact)
        require(not any(one.startswith(data) for one in dump.files), "I19", fact)
        for phone in world.phones:
            row = phone.engine.dump().papers.get(name)
            is_gone = phone.is_revoked or row is None
            fact = f"a paper of {dossier(name)} was erased, and is on phone {phone.name}"
            require(is_gone, "I19", fact)
            # Two tabs may have taken it twice, for two dossiers.
            is_alone = not (phone.is_revoked or world.reached["engine:both-tabs"])
            is_left = is_alone and any(data in one for one in phone.engine.content())
            fact = f"bytes of an erased paper of {dossier(name)} are on phone {phone.name}"
            require(not is_left, "I19", fact)
        world.note("paper:erased")


def require_readable(world: World, office: OfficeDump) -> None:
    """I12, I5: whoever may hold a record reads what is held of its papers; nobody else does."""
    seen = world.papers.witness
    held, named = world.office.papers.dump().held, named_papers(office)
    for phone in world.phones:
        sending = phone.engine.papers
        for name in world.papers.some(seen.photos):
            answer = world.papers.look(phone, name)
            if answer is None:
                continue
            wants = name in held and name in named
            may = seen.may_hold(sending.reader, name, office)
            fact = f"{sending.reader} may read a paper of {dossier(name)}: {answer.status}"
            require((answer.status == OK) == (wants and may), "I12", fact)


def named_papers(office: OfficeDump) -> set[PaperName]:
    """Name what the records that are shown speak of."""
    found = set()
    for record, stored in office.states.items():
        if office.areas[record] is None:
            continue
        state = decode_state(stored)
        for field_name in state.registers:
            if field_name.startswith(FIELD):
                values = [open_value(head) for head in heads(state, field_name)]
                if any(isinstance(value, dict) and not value.get("erased") for value in values):
                    digest = bytes.fromhex(field_name.removeprefix(FIELD))
                    found.add(PaperName(record, digest))
    return found
