"""Story 8: a citizen leaves with the promise on paper, and the office holds the same promise."""

from io import BytesIO
from pathlib import Path
from uuid import UUID

import pypdf
import pytest
from playwright.sync_api import expect

from server.deadlines.calendar import SHIPPED, read_calendar
from server.deadlines.limits import limits_of
from server.deadlines.rules import promise
from server.procedures.catalogue import catalogue
from tests.stories.branches import read_forms
from tests.stories.conftest import NewDesk, NewDevice
from tests.stories.desk import Desk
from tests.stories.device import Device
from tests.stories.filling import Filling
from tests.stories.installing import assert_installable, meet_install_hint
from tests.stories.office import OfficeProcess
from tests.stories.records import values_of_record
from tests.stories.small_printer import (
    BE_SLOW,
    NAME,
    keep_paper,
    plug_in,
    rows_drawn,
    take_away_ways,
    take_printed,
    tell_printer,
)
from tests.stories.test_accessibility import broken_rules

# It prints, shares and is installed, which are deeds of the whole browser.
pytestmark = pytest.mark.whole_browser

SHORTEST = "2.000635"
RESIDENCE = "1.004194"
SIZES_MM = {"a5": (148, 210), "roll80": (80, None), "roll58": (58, None)}
POINTS_PER_MM = 72 / 25.4
DOTS_OF_58_MM, DOTS_OF_80_MM = 384, 576


# What a phone prints does not depend on the kind of database.
@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_a_receipt_is_promised_printed_shared_and_printed_again(
    office: OfficeProcess, new_desk: NewDesk, new_device: NewDevice, tmp_path: Path
) -> None:
    """UX-42, UX-83, UX-86; UX-61 once it has been a help."""
    desk, tablet = new_desk("chi"), new_device("Máy bảng xe 1")
    tablet.enrol(desk)
    tablet.sign_in("an")
    record = take(tablet, SHORTEST)
    expect(tablet.place("received").first).to_be_visible()
    values = values_of_record(office.database, record)
    calendar = read_calendar(SHIPPED)
    made = promise(
        limits_of(catalogue().procedures[SHORTEST], "direct", (), values),
        values["received_at"][:16], calendar, "branch",
    )  # fmt: skip
    assert made is not None
    assert values["due_at"] == f"{made.due_at}:00+07:00"
    assert values["due_rule"] == made.rule
    assert values["calendar_version"] == calendar.version

    open_receipt(tablet, record)
    tablet.picture("receipt")
    assert broken_rules(tablet.page) == []
    due = letters(tablet.page.locator("[data-due-words]").inner_text())
    for size in SIZES_MM:
        text = printed(tablet, size, tmp_path)
        assert due in text
        assert letters("Bản in lại") not in text
        # In another order where the paper is another, but the office's words and no others.
        assert sorted(text) == sorted(of_office(desk, record)), size

    press_print(tablet)
    expect(tablet.page.locator('[data-copies="1"]')).to_be_visible()
    assert letters("Bản in lại lần 1") in printed(tablet, "a5", tmp_path)
    with tablet.page.expect_download() as shared:
        tablet.page.get_by_role("button", name="Chia sẻ ảnh").click()
    assert Path(shared.value.path()).read_bytes().startswith(b"\x89PNG")
    shared.value.save_as(tmp_path / "shared.png")
    expect(tablet.page.locator('[data-copies="2"]')).to_be_visible()
    assert due in printed(tablet, "roll58", tmp_path), "the first promise stays visible"
    meet_install_hint(tablet)
    assert_installable(tablet)


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_a_helper_gives_an_acknowledgement_that_promises_no_date(
    office: OfficeProcess, new_desk: NewDesk, new_device: NewDevice, tmp_path: Path
) -> None:
    tablet = new_device("Điện thoại chị Tâm")
    tablet.enrol(new_desk("chi"))
    tablet.sign_in("tam")
    record = take(tablet, RESIDENCE)
    expect(tablet.place("received").first).to_be_visible()

    assert "due_at" not in values_of_record(office.database, record)
    open_receipt(tablet, record)
    tablet.picture("acknowledgement")
    text = printed(tablet, "roll80", tmp_path)
    assert letters("BIÊN NHẬN TẠM") in text
    assert letters("Hẹn trả kết quả") not in text
    assert "024.1022" in text


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_a_receipt_goes_to_a_small_printer_dot_by_dot(
    office: OfficeProcess, new_desk: NewDesk, new_device: NewDevice
) -> None:
    """UX-42: chosen once, printed as a picture; what fails is said in words, and loses nothing."""
    tablet = new_device("Máy bảng xe 1")
    tablet.enrol(new_desk("chi"))
    tablet.sign_in("an")
    record = take(tablet, SHORTEST)
    open_receipt(tablet, record)
    page = tablet.page
    take_away_ways(page)
    reopen_receipt(tablet, record)
    expect(page.get_by_role("button", name="Máy in nhỏ")).to_have_count(0)
    plug_in(page)
    reopen_receipt(tablet, record)

    page.get_by_role("button", name="Máy in nhỏ").click()
    tablet.picture("small-printer-choose")
    assert broken_rules(page) == []
    fail_to_print(tablet)
    first = print_slowly(tablet)
    assert first == rows_drawn(page)
    assert {len(row) for row in first} == {DOTS_OF_58_MM}

    page.locator('input[name="size"][value="roll80"]').check(force=True)
    page.get_by_role("button", name=f"In lại ra {NAME}").click()
    expect(page.locator('[data-copies="2"]')).to_be_visible()
    again = take_printed(page)
    assert again == rows_drawn(page)
    assert {len(row) for row in again} == {DOTS_OF_80_MM}
    keep_paper(first, "paper-58mm")
    keep_paper(again, "paper-80mm")
    expect(page.locator("[data-receipt-mark]")).to_contain_text("Bản in lại lần 2")
    # Later the printer of last time is used without asking again.
    reopen_receipt(tablet, record)
    page.get_by_role("button", name="Máy in nhỏ").click()
    expect(page.locator('[data-copies="3"]')).to_be_visible()
    assert take_printed(page) == rows_drawn(page)
    assert page.evaluate("printer.lists") == 1
    stop_in_the_middle(tablet)
    # Before the van leaves: a strip to see whether it prints, which is no copy of anything.
    page.evaluate("() => { location.hash = '#/shift'; }")
    page.get_by_role("button", name="Thử máy in nhỏ").click()
    expect(page.locator('[data-printing="printed"]')).to_be_visible()
    strip = take_printed(page)
    assert strip == rows_drawn(page)
    keep_paper(strip, "paper-strip")


def fail_to_print(tablet: Device) -> None:
    """Meet a printer that is off, then one that goes away: said in words, with no copy counted."""
    page = tablet.page
    tell_printer(page, "printer.isOff = true")
    page.get_by_role("button", name="Chọn máy in Bluetooth").click()
    expect(page.locator('[data-printing="unreachable"]')).to_contain_text(NAME)
    tablet.picture("small-printer-off")
    tell_printer(page, "printer.isOff = false; printer.goesAfter = 20000")
    page.get_by_role("button", name=f"In lại ra {NAME}").click()
    expect(page.locator('[data-printing="cut"]')).to_be_visible()
    assert len(take_printed(page)) < len(rows_drawn(page))
    tell_printer(page, "printer.goesAfter = Infinity")
    expect(page.locator('[data-copies="0"]')).to_be_visible()


def print_slowly(tablet: Device) -> list[str]:
    """Print once more on a printer that takes its time; answers what came out."""
    page = tablet.page
    tell_printer(page, BE_SLOW)
    page.get_by_role("button", name=f"In lại ra {NAME}").click()
    expect(page.get_by_text("Đang in: 0%")).to_be_visible()
    tablet.picture("small-printer-busy")
    assert broken_rules(page) == []
    tell_printer(page, "printer.waits = null; printer.on()")
    expect(page.locator('[data-printing="printed"]')).to_be_visible()
    expect(page.locator('[data-copies="1"]')).to_be_visible()
    tablet.picture("small-printer-done")
    return take_printed(page)


def stop_in_the_middle(tablet: Device) -> None:
    """Press stop: the printer is left between two bands, and no copy is counted."""
    page = tablet.page
    tell_printer(page, BE_SLOW)
    page.get_by_role("button", name=f"In lại ra {NAME}").click()
    page.get_by_role("button", name="Dừng in").click()
    tell_printer(page, "printer.waits = null; printer.on()")
    expect(page.locator('[data-printing="stopped"]')).to_be_visible()
    expect(page.locator('[data-copies="3"]')).to_be_visible()
    assert len(take_printed(page)) < len(rows_drawn(page))


def reopen_receipt(tablet: Device, record: UUID) -> None:
    """Leave the screen and come back, in the same page."""
    tablet.page.evaluate("() => { location.hash = '#/dossiers'; }")
    expect(tablet.screen("dossiers")).to_be_visible()
    tablet.page.evaluate(f"() => {{ location.hash = '#/dossier/{record.hex}/receipt'; }}")
    expect(tablet.page.locator("article[data-paper]")).to_be_visible()


def take(tablet: Device, procedure: str) -> UUID:
    form = read_forms()[procedure]
    draft = tablet.start_dossier(procedure, area="10441")
    Filling(tablet, form, draft).fill(form.complete({}))
    return tablet.seal(draft)


def open_receipt(tablet: Device, record: UUID) -> None:
    tablet.open_dossier(record)
    tablet.page.locator("a[data-receipt]").click()
    expect(tablet.page.locator("article[data-paper]")).to_be_visible()


def of_office(desk: Desk, record: UUID) -> str:
    """Give the letters of the office's own copy."""
    answer = desk.page.request.get(f"{desk.address}/desk/dossiers/{record}/receipt.pdf")
    assert answer.status == 200
    pages = pypdf.PdfReader(BytesIO(answer.body())).pages
    return letters("".join(page.extract_text() for page in pages))


def press_print(tablet: Device) -> None:
    """Print as far as a browser without a printer can: it tells the page that it has printed."""
    tablet.page.evaluate("window.print = () => dispatchEvent(new Event('afterprint'))")
    tablet.page.get_by_role("button", name="In hoặc lưu PDF").click()


def printed(tablet: Device, size: str, folder: Path) -> str:
    """Print to PDF on this paper; answers its letters. A roll is cut once; a page may be turned."""
    tablet.page.locator(f'input[name="size"][value="{size}"]').check(force=True)
    expect(tablet.page.locator(f'article[data-paper="{size}"]')).to_be_visible()
    pdf = tablet.page.pdf(prefer_css_page_size=True, print_background=True)
    (folder / f"{size}.pdf").write_bytes(pdf)
    pages = pypdf.PdfReader(BytesIO(pdf)).pages
    assert len(pages) <= (2 if size == "a5" else 1)
    page = pages[0]
    width, height = SIZES_MM[size]
    assert float(page.mediabox.width) == pytest.approx(width * POINTS_PER_MM, abs=1.5)
    if height is not None:
        assert float(page.mediabox.height) == pytest.approx(height * POINTS_PER_MM, abs=1.5)
    return letters("".join(page.extract_text() for page in pages))


def letters(text: str) -> str:
    """Give text without its spaces: a reader of PDF sees one wherever the font changes."""
    return "".join(text.split())
