"""A phone may set any field to any value: every page of the desk is still a page.

What is shown stays shown until somebody decides, so one odd value must not shut a room for good.
"""

from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from server.clock import now_ms
from server.deadlines.supplements import ASKED, supplements_in
from server.dossiers.attesting import attested
from server.dossiers.dossier import Dossier, find_dossier
from server.dossiers.findings import open_findings
from server.dossiers.hands import hands
from server.dossiers.reading import reader_of
from server.dossiers.supplements import supplements_of
from server.papers.receipt import receipt_of
from server.papers.supplement_request import supplement_request_of
from server.procedures.catalogue import catalogue
from server.procedures.reference import Branch
from server.staff.tables import staff
from server.supplements.asking import ask
from sync.codes import OFFICIAL, OTHERS, PROVISIONAL
from tests.server.conftest import OpenOffice
from tests.server.test_assignment import CHI, person_of
from tests.support.desk import Desk
from tests.support.phone import Phone, PhoneSeat, new_record

BRANCH = Branch("Chi nhánh số 8", "Trung tâm", "1900 0000")
PROCEDURE = next(iter(catalogue().procedures))

SEEN: tuple[object, ...] = ("9" * 5_000, b"\xff", {"state": [], "count": "x"}, [[{}], None])
"""What breaks most; these go through all the doors, the others through the readers alone."""

ODD: tuple[object, ...] = (
    *SEEN,
    *(None, True, 0, -1, 2**53 - 1, -(2**53) + 1),
    *("٣٤", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "9999-99-99", "0" * 12),
    *([], [[]], [None], [True, 0, {}], {}, {"": None}, {"state": {}, "way": [], "name": {}}),
    *({"name": "x", "role": []}, [{"name": "x", "codes": [[]], "reason": "other", "words": "x"}]),
)


def _fields() -> list[str]:
    """Name what the desk has words for, and some that it has not."""
    procedure = catalogue().procedures[PROCEDURE]
    asked = [field for entry in catalogue().raw["common_groups"] for field in entry["fields"]]
    return [
        *(f"answers.{entry['id']}" for entry in (*procedure["form_fields"], *asked)),
        *(f"answers.members.row.{name}" for name in ("at", "removed", "full_name")),
        *(f"papers.{paper['id']}" for paper in procedure["documents"]),
        *("area", "status", "sealed_at", "procedure", "catalogue_version", "remarks", "zz"),
        *(PROVISIONAL, OFFICIAL, f"{OTHERS}1", "parts.b.status", "papers.signature", "stop"),
        *("due_at", "received_at", "intake.signing", "intake.help", "intake.passed"),
        *("intake.read_back", "intake.card_read", f"notes.{uuid4()}", f"supplied.{uuid4()}"),
        *(f"supplements.{uuid4()}", f"attachments.{'ab' * 32}", "answers.zz"),
    ]


@pytest.mark.parametrize("value", ODD)
def test_any_answer_can_be_written_out(value: object) -> None:
    for reader in (reader_of(PROCEDURE, "vi"), reader_of(None, "en")):
        for path in _fields():
            reader.answer(path, value)
            reader.sections({path: value}, [path])
            reader.papers({path: value}, [])
        attested(dict.fromkeys(_fields(), value), reader, "vi")
    assert all(hands(one, "vi") == [] for one in (value, [value]))


@pytest.mark.parametrize("value", ODD)
def test_any_request_has_its_paper(value: object) -> None:
    values = dict.fromkeys(_fields(), value)
    request = {"items": value, "more": value, "reason": value, "number": value}
    for said in (request, {**request, "items": [value, "answers.zz", "papers.zz", "zz"]}):
        (one,) = supplements_in({f"{ASKED}x": (said, 0)})
        supplement_request_of(values, one, reader_of(PROCEDURE, "vi"), "", BRANCH, "", None)


@pytest.mark.parametrize("value", ODD)
def test_any_dossier_has_its_receipt(value: object) -> None:
    values, groups = dict.fromkeys(_fields(), value), catalogue().raw["common_groups"]
    for procedure in catalogue().procedures.values():
        receipt_of(uuid4(), values, procedure, groups, BRANCH, "Mai Hạ", "Nguyễn Văn An")


def test_no_room_of_the_desk_is_shut_by_what_a_phone_sent(office: OpenOffice) -> None:
    of_an, of_binh = office.phone(), office.phone("Máy tính bảng 2")
    an, binh = of_an.sign_in("an"), of_binh.sign_in("binh")
    stands = of_an.take_dossier(an)
    odd = [_asked_dossier(office, of_an, an) for _ in SEEN]
    for record, value in zip(odd, SEEN, strict=True):
        _make_odd(of_an, an, record, value)
    of_an.exchange(an)
    of_binh.exchange(binh)
    left = sa.update(staff).where(staff.c.sign_in == "binh").values(active=False)
    office.run(lambda connection: connection.execute(left))
    # Somebody who left sends it, so the desk shows it beside what stands.
    for value in SEEN:
        of_binh.set(binh, stands, dict.fromkeys(_few(), value))
    of_binh.exchange(binh)
    desk = Desk(office.http)
    desk.sign_in("chi")

    assert len(office.run(open_findings)) >= len(SEEN)
    for page in _pages(office, odd):
        assert desk.get(page).status_code in {200, 303}, page


def _pages(office: OpenOffice, records: list[UUID]) -> Iterator[str]:
    yield from ("/desk", "/desk/findings", "/desk/devices", "/desk/returned", "/desk/trips")
    for record in records:
        dossier = f"/desk/dossiers/{record}"
        yield from (dossier, f"{dossier}/conflicts", f"{dossier}/receipt.pdf")
        (request,) = supplements_of(_found(office, record).state)
        yield f"{dossier}/supplements/{request.id}/request.pdf"


def _found(office: OpenOffice, record: UUID) -> Dossier:
    found = office.run(lambda connection: find_dossier(connection, record))
    assert found is not None
    return found


def _asked_dossier(office: OpenOffice, phone: Phone, seat: PhoneSeat) -> UUID:
    """Take a dossier for which the desk asks for more, while it may."""
    record, opened, chi = new_record(), office.office, person_of(office, CHI)
    phone.set(seat, record, {"area": "10441", "procedure": PROCEDURE})
    phone.exchange(seat)
    office.run(lambda one: ask(one, opened, chi, record, (), "Ảnh", "Mờ", now_ms()))
    return record


def _make_odd(phone: Phone, seat: PhoneSeat, record: UUID, value: object) -> None:
    """Set all but its place to the same odd value, some of it put back."""
    few = [name for name in _few() if name not in {"area", "procedure"}]
    # What is the office's alone is put aside with all that is set beside it.
    offices = [name for name in few if name.startswith(ASKED)]
    own = [name for name in few if name not in offices]
    for odd in (own[:15], own[15:], offices):
        phone.set(seat, record, dict.fromkeys(odd, value))


def _few() -> list[str]:
    """Every field but most of the form's: so many long values fit into one change."""
    return _fields()[-32:]
