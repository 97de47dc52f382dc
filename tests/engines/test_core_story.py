"""The core story in engines other than Chromium's, where tests/stories tells it at length.

A phone starts without network, takes a dossier, dies, finds it again and hands it in.
"""

from pathlib import Path
from typing import Final

import sqlalchemy as sa
from PIL import Image

from server.devices.confirmation import confirm
from server.devices.tables import devices
from tests.engines.phone import EnginePhone
from tests.stories.branches import Answers, Form, read_forms
from tests.stories.office import OfficeProcess, assert_discreet
from tests.stories.records import connected, values_of_record

EXTRACT: Final = "2.000635"
"""An extract of a civil record: one of the shortest forms."""

PAPER: Final = "extract_request"

CITIZEN: Final = "Quách Thị Mẫu Ưởng"

LABEL: Final = "Máy bảng xe 1"
ADMINISTRATOR: Final = 1


def test_a_dossier_taken_offline_outlives_the_page_and_reaches_the_office(
    office: OfficeProcess, phone: EnginePhone, tmp_path: Path
) -> None:
    join(office, phone)
    phone.wait_until_ready_offline()
    office.stop()
    phone.reopen()
    phone.go("#/")
    phone.wait_for_screen("today")

    form = read_forms()[EXTRACT]
    wanted = shortest(form)
    draft = phone.start_dossier(EXTRACT)
    phone.fill(draft, form, wanted)
    phone.reload()
    phone.add_photo(PAPER, photo(tmp_path))
    phone.reopen()
    record = phone.seal(draft)
    phone.page.wait_for('[data-place="saved"]')
    phone.reopen()
    phone.open_dossier(record)
    phone.page.wait_for('[data-place="saved"]')
    phone.page.wait_for('[data-answer="answers.applicant_full_name"]', CITIZEN)

    office.start()
    phone.send_now()
    phone.open_dossier(record)
    phone.page.wait_for('[data-place="received"]', "Văn phòng đã nhận")
    phone.page.wait_for('[data-place="received"]', "1/1 ảnh")
    held = values_of_record(office.database, record)
    assert {name: held[name] for name in held if name.startswith("answers.")} == named(wanted)
    assert {name for name in held if name.startswith("papers.")} == {
        f"papers.{name}" for name in form.shown_papers(wanted)
    }
    assert_discreet(office, [CITIZEN])


def shortest(form: Form) -> Answers:
    """Answer what must be answered, and no more; what the form says by itself is right."""
    answers = form.complete(
        {name: field["default"] for name, field in form.fields.items() if "default" in field}
    )
    return {
        name: answers[name]
        for name in answers
        if form.fields[name]["required"] or form.fields[name].get("default") is not None
    }


def join(office: OfficeProcess, phone: EnginePhone) -> None:
    """Become one of the office's devices; Nguyễn Văn An signs in."""
    words = phone.enrol(office.run("link").split("/app/#")[1].split()[0], LABEL)
    assert len(words) == 6
    with connected(office.database) as connection, connection.begin():
        number = connection.execute(
            sa.select(devices.c.number).where(devices.c.label == LABEL)
        ).scalar_one()
        confirm(connection, number, ADMINISTRATOR, 0)
    phone.page.wait_for('[data-enrolment="confirmed"]')
    phone.sign_in("an")


def photo(folder: Path) -> Path:
    """Take a photo of a paper, as large as a phone's camera takes them."""
    path = folder / "photo.jpg"
    Image.effect_noise((2400, 3200), 40).convert("RGB").save(path, quality=60)
    return path


def named(wanted: Answers) -> Answers:
    """Give the answers under the names of their fields."""
    return {f"answers.{name}": answer for name, answer in wanted.items()}
