"""The desk takes a rescue file: each bundle for itself, in words; an error changes nothing."""

from pathlib import Path

import pytest

from server.cli import main
from server.records.tables import changes
from sync.bundle import FILE_MAGIC, write_file
from tests.server.conftest import OpenOffice
from tests.support.desk import Desk, text_of

PAGE = "/desk/import"


@pytest.fixture
def desk(office: OpenOffice) -> Desk:
    """Sit somebody down who may let devices in."""
    sitting = Desk(office.http)
    sitting.sign_in("chi")
    return sitting


def bundles(office: OpenOffice) -> tuple[bytes, bytes]:
    """Seal two bundles of one phone: the second goes on from the first."""
    phone = office.phone("Máy mất mạng")
    seat = phone.sign_in("binh")
    record = phone.take_dossier(seat)
    key = office.office.keys.bundle_key
    first = phone.bundle(key)
    phone.set(seat, record, {"answers.note": "x"})
    return first, phone.bundle(key, batches=[seat.batch(phone.office, 2)])


def test_it_says_of_each_bundle_what_became_of_it(office: OpenOffice, desk: Desk) -> None:
    first, second = bundles(office)
    broken = first[:-4] + bytes(4)

    page = desk.upload(PAGE, PAGE, write_file([first, broken, second]))

    assert page.status_code == 200
    assert "Đã đọc 3 gói: 2 thay đổi mới" in text_of(page, "imported-title")
    said = text_of(page, "bundles")
    assert said.count("1 thay đổi mới.") == 2
    assert said.count("Máy mất mạng") == 2
    assert "hỏng hoặc bị sửa trên đường" in said
    assert len(office.rows(changes)) == 2


def test_importing_it_again_is_harmless(office: OpenOffice, desk: Desk) -> None:
    file = write_file(bundles(office))
    desk.upload(PAGE, PAGE, file)
    before = office.rows(changes)

    page = desk.upload(PAGE, PAGE, file)

    assert "đã có đủ 1 thay đổi này từ trước" in text_of(page, "bundles")
    assert office.rows(changes) == before


def test_a_later_file_says_that_an_earlier_one_is_missing(office: OpenOffice, desk: Desk) -> None:
    _, second = bundles(office)

    page = desk.upload(PAGE, PAGE, write_file([second]))

    assert "Còn thiếu một gói trước đó" in text_of(page, "bundles")


def test_what_is_whole_before_a_cut_is_taken(office: OpenOffice, desk: Desk) -> None:
    page = desk.upload(PAGE, PAGE, write_file(bundles(office))[:-3])

    assert "Tệp bị cắt cụt" in text_of(page, "import-cut")
    assert len(office.rows(changes)) == 1


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (b"", "Chưa chọn tệp nào"),
        (b"%PDF-1.7 and more", "không phải tệp dự phòng"),
        (FILE_MAGIC + b"\0\0", "không phải tệp dự phòng"),
    ],
)
def test_another_file_changes_nothing_and_is_named(desk: Desk, file: bytes, words: str) -> None:
    page = desk.upload(PAGE, PAGE, file)

    assert page.status_code == 400
    assert words in text_of(page, "import-fault")


def test_a_file_over_the_bound_is_refused_as_it_comes(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.exchange.pages.BUNDLE_FILE_BYTES_MAX", 1_000)

    page = desk.upload(PAGE, PAGE, FILE_MAGIC + bytes(100_000))

    assert page.status_code == 413
    assert "Tệp quá lớn" in text_of(page, "import-fault")


def test_without_the_forms_token_not_a_byte_is_kept(office: OpenOffice, desk: Desk) -> None:
    file = write_file(bundles(office))

    assert desk.upload(PAGE, PAGE, file, csrf="0" * 64).status_code == 403
    assert office.rows(changes) == []


def test_it_is_for_those_who_let_devices_in(office: OpenOffice) -> None:
    other = Desk(office.http)
    other.sign_in("an")

    assert other.get(PAGE).status_code == 403
    assert Desk(office.http).get(PAGE).status_code == 303


def test_what_is_no_form_is_a_bad_request(office: OpenOffice, desk: Desk) -> None:
    carried = "; ".join(f"{name}={value}" for name, value in desk.cookies.items())
    for kind in ("multipart/form-data", "multipart/form-data; boundary=x", "text/plain"):
        answer = office.http.post(
            PAGE, content=b"--x\r\nnonsense", headers={"cookie": carried, "content-type": kind}
        )
        assert answer.status_code in (400, 403)


def test_the_command_line_takes_a_file_too(
    office: OpenOffice,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    settings = office.office.settings
    for name, value in {
        "LUUDONG_MODE": "demo",
        "LUUDONG_DATA": str(settings.data),
        "LUUDONG_DATABASE": settings.database,
        "LUUDONG_SECRET": str(settings.secret),
        "LUUDONG_OFFICE": settings.office,
    }.items():
        monkeypatch.setenv(name, value)
    file = tmp_path / "cứu.luudong"
    file.write_bytes(write_file(bundles(office)))

    assert main(["import", str(file)]) == 0
    assert "1. Máy mất mạng: 1 new changes" in capsys.readouterr().out
    file.write_bytes(file.read_bytes()[:-3])
    assert main(["import", str(file)]) == 1
    assert main(["import", str(tmp_path / "nowhere")]) == 2
