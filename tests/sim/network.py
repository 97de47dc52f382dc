"""The simulated network, with the office's door at its end. It may do anything but forge a key."""

from functools import partial
from typing import NamedTuple

from tests.sim.ports import OK, Arrival, DeviceEngine, OfficeDied, Reply
from tests.sim.world import PhoneHere, World

LATE_MS = 90_000
VAN_MS = 120_000
PORTAL = Reply(OK, b"<!doctype html><title>Wi-Fi</title>")
OLD_REPLIES = 5


class Line(NamedTuple):
    """What an answer comes back on: it ends with the phone's life, as a connection does.

    A phone that was put back to an older copy uses its numbers again. What was on its way to the
    life before answers other cursors, and nothing in it says so.
    """

    phone: PhoneHere
    engine: DeviceEngine


class Network:
    """Carries requests up and answers down."""

    def __init__(self, world: World) -> None:
        self.world = world

    def begin(self, phone: PhoneHere) -> None:
        """Let a phone exchange now and then."""
        delay = self.world.chance.below(self.world.turn_ms_max)
        self.world.later(delay, partial(self.exchange, phone))

    def exchange(self, phone: PhoneHere) -> None:
        """Let a phone send its request, if it is still there."""
        world = self.world
        if phone not in world.phones:
            return
        self.begin(phone)
        if phone.cut_until > world.now:
            world.note("cut")
            return
        if world.chance.below(3) == 1:
            phone.engine.work_as(world.chance.pick(phone.seats))
        asked = phone.engine.ask(world.local(phone))
        world.hear_of_writings(phone)
        for body in asked:
            self.send(phone, body)

    def send(self, phone: PhoneHere, body: bytes) -> None:
        """A request sets out for the office."""
        world, faults = self.world, self.world.faults
        line = Line(phone, phone.engine)
        world.witness.sees_request(body)
        if world.chance.happens(faults.drop_request):
            world.note("drop-request")
            return
        if world.chance.happens(faults.portal):
            world.note("portal")
            world.later(10, partial(self.deliver, line, PORTAL))
            return
        sent = self._spoiled(body)
        if world.chance.happens(faults.duplicate):
            world.note("duplicate-request")
            world.later(self._delay(), partial(self.arrive, line, sent))
        world.later(self._delay(), partial(self.arrive, line, sent))

    def carry(self) -> None:
        """Let the van pass by phones and the office."""
        world = self.world
        world.later(1 + world.chance.below(VAN_MS), self.carry)
        if not world.phones or not world.chance.happens(world.faults.hand_over):
            return
        phone = world.chance.pick(world.phones)
        world.van.load(phone.engine.hand_over())
        body, is_tampered = world.van.request(
            world.chance, world.office.epoch, world.now, world.faults.tamper
        )
        world.note("van")
        if is_tampered:
            world.note("van-tampers")
        world.tell(f"the van passes phone {phone.name}")
        world.later(self._delay(), partial(self.arrive, None, body))

    def arrive(self, line: Line | None, body: bytes) -> None:
        """A request reaches the office's door, which goes on with it a little later."""
        self._go_on(line, self.world.office.arrive(body))

    def _go_on(self, line: Line | None, arrival: Arrival) -> None:
        world = self.world
        length = 1 + world.chance.below(world.transaction_ms_max)
        world.later(length, partial(self.proceed, line, arrival, world.office_life))

    def proceed(self, line: Line | None, arrival: Arrival, life: int) -> None:
        """The office takes a step with a request; the last one ends with an answer.

        Unless it dies before, after its commit, or in between.
        """
        world, faults = self.world, self.world.faults
        if life != world.office_life:
            world.note("request-lost-in-crash")
            return
        try:
            reply = world.office.proceed(arrival, world.now)
        except OfficeDied:
            world.note("crash-in-transaction")
            world.crash_office()
            return
        if reply is None:
            world.witness.sees_commit()
            self._go_on(line, arrival)
            return
        world.tell(f"the office answers a request: {reply.status}")
        world.witness.sees_commit()
        if world.chance.happens(faults.office_crash):
            world.note("crash-before-answer")
            world.crash_office()
            return
        world.witness.sees_answer(reply)
        world.witness.sees_pages(arrival, reply)
        if world.chance.happens(faults.office_crash):
            world.crash_office()
        if line is None:
            return
        if reply.status != OK:
            world.note(f"status:{reply.status}")
        if world.chance.happens(faults.drop_answer):
            world.note("drop-answer")
            return
        if world.chance.happens(faults.duplicate):
            world.note("duplicate-answer")
            world.later(self._delay(), partial(self.deliver, line, reply))
        self._replay(line, reply)
        spoiled = Reply(reply.status, self._spoiled(reply.body))
        world.later(self._delay(), partial(self.deliver, line, spoiled))

    def _replay(self, line: Line, reply: Reply) -> None:
        world, phone = self.world, line.phone
        if phone.old_replies and world.chance.happens(world.faults.replay):
            world.note("replay")
            old = Reply(OK, world.chance.pick(phone.old_replies))
            world.later(self._delay(), partial(self.deliver, line, old))
        if reply.status == OK:
            phone.old_replies = [*phone.old_replies, reply.body][-OLD_REPLIES:]

    def deliver(self, line: Line, reply: Reply) -> None:
        """Something comes back to a phone, if it is still there."""
        world, phone = self.world, line.phone
        if phone not in world.phones:
            return
        if phone.engine is not line.engine:
            world.note("line-of-another-life")
            return
        is_torn = world.chance.happens(world.faults.device_crash)
        asked = phone.engine.deliver(reply, is_torn=is_torn)
        world.tell(f"phone {phone.name} gets an answer: {reply.status}")
        if is_torn:
            world.crash_phone(phone)
        world.hear_of_writings(phone)
        for body in asked:
            self.send(phone, body)
        world.replace_troubled(phone)

    def _delay(self) -> int:
        world = self.world
        if world.chance.happens(world.faults.delay):
            world.note("delay")
            return world.chance.below(LATE_MS)
        return 1 + world.chance.below(500)

    def _spoiled(self, body: bytes) -> bytes:
        world = self.world
        if world.chance.happens(world.faults.truncate):
            world.note("truncate")
            return body[: world.chance.below(len(body))]
        if body and world.chance.happens(world.faults.corrupt):
            world.note("corrupt")
            place, bit = world.chance.below(len(body)), world.chance.below(8)
            return body[:place] + bytes([body[place] ^ 1 << bit]) + body[place + 1 :]
        return body
