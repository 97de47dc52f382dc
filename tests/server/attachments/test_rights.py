"""Whose attachments somebody may send and read: a record's, never a digest's."""

from uuid import UUID, uuid4

import httpx
import pytest
import sqlalchemy as sa

from server.clock import now_ms
from server.devices.confirmation import revoke
from server.devices.tables import seats
from server.staff.tables import staff
from server.tokens import TOKEN_MS, BadToken, Claim, make_token, read_token
from tests.server.conftest import OpenOffice
from tests.support.desk import Desk
from tests.support.phone import Phone, PhoneSeat, new_record
from tests.support.tus import DOOR, Uploader, attach, digest_of, photo_of, uploader

PHOTO = photo_of()
SECRET = b"s" * 32


class Scene:
    """An, who took a dossier with a photo; the photo is at the office."""

    def __init__(self, office: OpenOffice) -> None:
        """Take it."""
        self.office = office
        self.phone = office.phone()
        self.an = self.phone.sign_in("an")
        self.record = self.phone.take_dossier(self.an)
        attach(self.phone, self.an, self.record, PHOTO)
        self.sending = uploader(self.phone, self.an)
        assert self.sending.upload(self.record, PHOTO).status_code == 204

    def other(self, name: str) -> tuple[Phone, PhoneSeat]:
        """Give somebody else on another phone."""
        phone = self.office.phone(f"Máy của {name}")
        return phone, phone.sign_in(name)


@pytest.fixture
def scene(office: OpenOffice) -> Scene:
    """Set it."""
    return Scene(office)


def refused(answer: httpx.Response) -> tuple[int, bytes]:
    """Give all that an answer tells, but its length."""
    return answer.status_code, answer.content


def test_a_colleague_of_the_team_may_read_and_send(scene: Scene) -> None:
    sending = uploader(*scene.other("binh"))

    assert sending.read(scene.record, digest_of(PHOTO)).content == PHOTO
    assert sending.create(scene.record, PHOTO).status_code == 201


@pytest.mark.parametrize("name", ["hoa", "tam"])
def test_another_team_and_a_helper_learn_nothing(scene: Scene, name: str) -> None:
    """THREAT-8, THREAT-9: unknown, foreign and forbidden are one answer."""
    phone, seat = scene.other(name)
    sending = uploader(phone, seat)
    own = phone.take_dossier(seat, area="09661" if name == "hoa" else "10441")
    phone.exchange(seat)
    held, never_seen = digest_of(PHOTO), digest_of(b"never seen")

    reads = {
        refused(sending.read(record, digest))
        for record, digest in (
            (scene.record, held),
            (scene.record, never_seen),
            (own, held),
            (own, never_seen),
            (new_record(), held),
            ("nonsense", held),
            (scene.record, "nonsense"),
            (scene.record, held.upper()),
        )
    }
    heads = {
        sending.ask("HEAD", f"{DOOR}{record}/{held}").status_code
        for record in (scene.record, own, uuid4())
    }
    creations = {
        refused(sending.create(record, photo))
        for record in (scene.record, own, uuid4())
        for photo in (PHOTO, b"never seen")
    }

    assert len(reads) == len(creations) == 1
    assert heads == {status for status, _ in (*reads, *creations)} == {404}


def test_an_upload_belongs_to_its_device(scene: Scene) -> None:
    photo = photo_of(1)
    attach(scene.phone, scene.an, scene.record, photo)
    scene.phone.exchange(scene.an)
    address = scene.sending.create(scene.record, photo).headers["location"]
    other = uploader(*scene.other("binh"))

    assert other.head(address).status_code == 404
    assert other.patch(address, 0, photo).status_code == 404
    assert other.ask("DELETE", address).status_code == 404
    assert scene.sending.patch(address, 0, photo).status_code == 204


def test_what_no_change_names_is_not_taken(scene: Scene) -> None:
    assert scene.sending.create(scene.record, photo_of(2)).status_code == 404


def test_what_was_put_back_is_not_taken(scene: Scene) -> None:
    phone, hoa = scene.other("hoa")
    photo = photo_of(3)
    phone.records[scene.record] = scene.phone.records[scene.record]
    attach(phone, hoa, scene.record, photo)
    phone.exchange(hoa)

    assert scene.sending.create(scene.record, photo).status_code == 404


def test_without_a_good_token_there_is_nothing(scene: Scene) -> None:
    good = scene.sending.token
    secret = scene.office.office.keys.sealing_key
    seat = scene.an.number
    tokens = {
        "none": "",
        "nonsense": "x" * 40,
        "beyond ASCII": "é",
        "cut": good[:-1],
        "another's": make_token(SECRET, Claim(scene.phone.device, seat), now_ms()),
        "expired": make_token(secret, Claim(scene.phone.device, seat), now_ms() - TOKEN_MS),
        "another device's": make_token(secret, Claim(scene.phone.device + 1, seat), now_ms()),
        "the office's own": make_token(secret, Claim(1, 1), now_ms()),
        "too long": "a" * 5_000,
    }
    for what, token in tokens.items():
        if what == "beyond ASCII":
            continue  # no client can even send it
        sending = Uploader(scene.phone.http, token)
        for answer in (
            sending.create(scene.record, PHOTO),
            sending.read(scene.record, digest_of(PHOTO)),
        ):
            assert (answer.status_code, answer.json()["code"]) == (401, "bad-token"), what
    basic = {"Authorization": f"Basic {good}"}
    assert scene.sending.create(scene.record, PHOTO, **basic).status_code == 401


def test_any_flipped_bit_spoils_a_token() -> None:
    token = make_token(SECRET, Claim(7, 9), 1_000)
    assert read_token(SECRET, token, 1_000) == Claim(7, 9)

    for place in range(len(token) - 1):
        flipped = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
        with pytest.raises(BadToken):
            read_token(SECRET, flipped, 1_000)
    with pytest.raises(BadToken):
        read_token(SECRET, token, 1_000 + TOKEN_MS)
    with pytest.raises(BadToken):
        read_token(SECRET, "é", 1_000)


def test_a_token_comes_only_with_the_seats_signature(scene: Scene) -> None:
    assert scene.phone.exchange().token is None
    assert scene.phone.exchange(scene.an).token is not None
    again = scene.phone.exchange(scene.an, number=1)
    assert again.token is None


def test_a_right_that_ends_ends_at_once(scene: Scene) -> None:
    photo = photo_of(4)
    attach(scene.phone, scene.an, scene.record, photo)
    scene.phone.exchange(scene.an)
    address = scene.sending.create(scene.record, photo).headers["location"]

    def statuses() -> set[int]:
        return {
            scene.sending.patch(address, 0, photo).status_code,
            scene.sending.read(scene.record, digest_of(PHOTO)).status_code,
        }

    move = sa.update(staff).where(staff.c.sign_in == "an")
    scene.office.run(lambda connection: connection.execute(move.values(team=2)))
    assert statuses() == {404}
    scene.office.run(lambda connection: connection.execute(move.values(team=1, active=False)))
    assert statuses() == {401}
    scene.office.run(lambda connection: connection.execute(move.values(active=True)))
    retire = sa.update(seats).where(seats.c.number == scene.an.number)
    scene.office.run(lambda connection: connection.execute(retire.values(retired_at=1)))
    assert statuses() == {401}
    scene.office.run(lambda connection: connection.execute(retire.values(retired_at=None)))
    scene.office.run(lambda connection: revoke(connection, scene.phone.device, 7, now_ms()))
    assert statuses() == {401}


def test_an_officer_opens_it_from_the_desk(scene: Scene) -> None:
    desk = Desk(scene.office.http)
    address = f"/desk/dossiers/{scene.record}/attachments/{digest_of(PHOTO)}"

    assert desk.get(address).status_code == 303  # to the sign-in page
    desk.sign_in("giang")
    page = desk.get(address)

    assert page.content == PHOTO
    assert page.headers["content-disposition"].startswith("attachment; filename=")
    assert page.headers["x-content-type-options"] == "nosniff"
    assert "sandbox; default-src 'none'" in page.headers["content-security-policy"]
    for record, digest in (
        (scene.record, digest_of(b"never seen")),
        (scene.record, "nonsense"),
        (UUID(int=7), digest_of(PHOTO)),
    ):
        missing = desk.get(f"/desk/dossiers/{record}/attachments/{digest}")
        assert missing.status_code == 404
