"""Story 3 again, with a browser as the sender: it does not know what the office has stored."""

from threading import Event

import pytest
from playwright.sync_api import expect

from tests.stories.branches import read_forms
from tests.stories.conftest import NewDesk, NewDevice
from tests.stories.filling import Filling
from tests.stories.line import Line, open_line
from tests.stories.office import OfficeProcess
from tests.stories.records import counts_of_record

SHORTEST = "2.000635"
"""The procedure with the fewest questions."""


def test_an_office_killed_under_the_browser_holds_the_dossier_once(
    office: OfficeProcess, new_desk: NewDesk, new_device: NewDevice
) -> None:
    with open_line(office.port) as line:
        desk = new_desk("chi")
        tablet = new_device("Máy bảng xe 1", line.port)
        tablet.enrol(desk)
        tablet.sign_in("an")
        tablet.wait_until_ready_offline()
        form = read_forms()[SHORTEST]
        office.stop()
        draft = tablet.start_dossier(SHORTEST, area="10441")
        Filling(tablet, form, draft).fill(form.complete({}))
        record = tablet.seal(draft)

        for moment in (line.first_byte_sent, line.answer_begun):
            office.start()
            line.reset()
            line.swallows_answers = True
            tablet.send_now()
            wait_for(moment, line)
            office.kill()
            line.swallows_answers = False
            tablet.open_dossier(record)
            expect(tablet.place("received")).to_have_count(0)
        assert counts_of_record(office.database, record) == (1, 1, 0), (
            "the answer was lost, not the dossier"
        )

        office.start()
        tablet.send_now()
        tablet.open_dossier(record)
        expect(tablet.place("received").first).to_be_visible()
    assert counts_of_record(office.database, record) == (1, 1, 0)


def wait_for(moment: Event, line: Line) -> None:
    """Wait until the exchange has come so far."""
    if not moment.wait(20):
        pytest.fail(f"nothing was sent: {line}")
