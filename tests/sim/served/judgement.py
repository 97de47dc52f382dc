"""What must hold of the real office once all is healed, beside what must hold of every office.

I2   a backup made now holds, and covers what a receipt ever called safe in this epoch
I9   every record stands once in the feed of its area, and in no other but as having left
I11  the desk's list counts the conflicts of the model
I12  every attachment that stands in a record is here or named as missing
I16  what follows from the logs comes out the same when it is folded anew
I19  no byte of an erased body is in a backup made now
"""

from collections import Counter

import msgspec
import sqlalchemy as sa

from server.attachments.tables import named_attachments
from server.backups.backup import BackupRefused
from server.backups.manifest import find_newest
from server.dossiers.tables import dossiers, findings
from server.records.tables import area_counters, feeds, holders, records
from sync.record import decode_state
from tests.sim.judgement import erased_bodies
from tests.sim.ports import OfficeDump
from tests.sim.served.office import ServedOffice
from tests.sim.traces import traces
from tests.sim.witness import Violated, require
from tests.sim.world import World

ATTACHMENT = "attachments."
FOLDED = (records, holders, dossiers, named_attachments)


def judge(world: World, office: ServedOffice) -> None:
    """Raise Violated where something does not hold."""
    dump = office.dump()
    _note_what_there_is(world, office)
    _require_a_backup(world, office)
    office.run(lambda connection: _require_feeds(connection, dump))
    office.run(lambda connection: _require_list(connection, dump))
    office.run(lambda connection: _require_names(connection, dump))
    before = office.run(_folded)
    office.rebuild()
    for name, rows in office.run(_folded).items():
        require(rows == before[name], "I16", f"{name} comes out otherwise when folded anew")


def _note_what_there_is(world: World, office: ServedOffice) -> None:
    found = office.run(lambda connection: connection.execute(sa.select(findings)).all())
    for one in found:
        world.note(f"finding:{one.kind}")
        if one.kind == "conflict":
            world.note("conflict")
        if one.kind == "quarantine":
            world.note(f"quarantine:{msgspec.json.decode(one.detail)['reason']}")
    left = sa.select(sa.func.count()).where(feeds.c.left)
    world.reached["left-mark"] += office.run(lambda c: c.execute(left).scalar_one())


def _require_a_backup(world: World, office: ServedOffice) -> None:
    world.now += 1
    try:
        office.back_up()
    except BackupRefused as refused:
        raise Violated("I2", f"a backup is refused: {refused.faults}") from None
    newest = find_newest(office.folder.settings.backups_folder)
    assert newest is not None
    ends = {end.seat: end.last for end in newest.manifest.logs}
    for seat, safe in world.witness.safe.items():
        covered = ends.get(seat, 0)
        require(covered >= safe, "I2", f"{seat} is safe up to {safe}, the backup has {covered}")
    _require_erased(world, office, newest.database.read_bytes())


def _require_erased(world: World, office: ServedOffice, content: bytes) -> None:
    """I19: nothing that was erased is in a backup made now, in whatever page or table."""
    if world.witness.erased:
        found = traces([content], *erased_bodies(world, office.dump()))
        require(not found, "I19", f"in a backup made now is {found}")


def _require_feeds(connection: sa.Connection, dump: OfficeDump) -> None:
    counters = {row.area: row.number for row in connection.execute(sa.select(area_counters))}
    standing: Counter[tuple[bytes, str]] = Counter()
    for row in connection.execute(sa.select(feeds)):
        require(row.number <= counters[row.area], "I9", f"a number beyond its counter: {row.area}")
        if not row.left:
            standing[row.record, row.area] += 1
    wanted = Counter({(record, area): 1 for record, area in dump.areas.items() if area is not None})
    require(standing == wanted, "I9", "a record is missing in a feed, or stands in a wrong one")


def _require_list(connection: sa.Connection, dump: OfficeDump) -> None:
    wanted = Counter(record for record, _ in dump.conflicts)
    for row in connection.execute(sa.select(dossiers.c.record, dossiers.c.conflicts)):
        fact = f"the desk counts {row.conflicts} conflicts instead of {wanted[row.record]}"
        require(row.conflicts == wanted[row.record], "I11", fact)


def _require_names(connection: sa.Connection, dump: OfficeDump) -> None:
    named = {(row.record, row.digest) for row in connection.execute(sa.select(named_attachments))}
    shown = set(connection.execute(sa.select(dossiers.c.record)).scalars())
    wanted = {
        (record, bytes.fromhex(name.removeprefix(ATTACHMENT)))
        for record in shown
        for name, register in decode_state(dump.states[record]).registers.items()
        if name.startswith(ATTACHMENT)
        and any(_names(msgspec.msgpack.decode(head.value)) for head in register.heads)
    }
    require(named == wanted, "I12", "attachments are named otherwise than records say")


def _names(value: object) -> bool:
    return isinstance(value, dict) and not value.get("erased")


def _folded(connection: sa.Connection) -> dict[str, list[tuple[object, ...]]]:
    rows = {
        table.name: sorted((tuple(row) for row in connection.execute(sa.select(table))), key=repr)
        for table in FOLDED
    }
    is_open = (findings.c.kind == "conflict") & findings.c.closed.is_(None)
    conflicts = connection.execute(sa.select(findings.c.record, findings.c.field).where(is_open))
    return rows | {"conflicts": sorted(tuple(row) for row in conflicts)}
