"""Devices at the desk: a link, six words, in or out, and taking rights away."""

from server.devices.tables import enrolment_links
from tests.server.conftest import OpenOffice
from tests.support.desk import Desk, text_of
from tests.support.phone import Phone


def keeper(office: OpenOffice) -> Desk:
    desk = Desk(office.http)
    desk.sign_in("chi")
    return desk


def test_without_devices_the_page_says_how_to_begin(office: OpenOffice) -> None:
    page = keeper(office).get("/desk/devices")

    assert "Chưa có thiết bị nào" in text_of(page, "devices")


def test_a_link_is_shown_once_with_its_code_and_its_end(office: OpenOffice) -> None:
    desk = keeper(office)

    page = desk.send("/desk/devices", "/desk/devices/links")

    code = text_of(page, "link-code")
    assert text_of(page, "link-address") == f"http://localhost:8000/app/#/enrol/{code}"
    assert "<svg" in page.text
    assert 'class="qr"' in page.text
    assert "10 phút, một lần" in page.text
    assert code not in desk.get("/desk/devices").text
    assert code not in repr(office.rows(enrolment_links))
    assert Phone(office.http).enrol(code)


def test_the_six_words_are_those_of_the_device_and_letting_in_works(office: OpenOffice) -> None:
    desk, phone = keeper(office), Phone(office.http, "Máy của Tâm")
    words = phone.enrol(office.link())

    waiting = desk.get("/desk/devices")
    answer = desk.send("/desk/devices", f"/desk/devices/{phone.device}/confirm")

    assert text_of(waiting, f"words-{phone.device}") == " ".join(words)
    assert "«Máy của Tâm» xin vào" in waiting.text
    assert answer.status_code == 303
    row = text_of(desk.get("/desk/devices"), f"device-{phone.device}")
    assert "Đang dùng" in row
    assert "Phạm Thu Chi cho vào" in row
    phone.sign_in("tam")
    assert "Lê Thị Tâm" in text_of(desk.get("/desk/devices"), f"device-{phone.device}")


def test_a_refused_device_stays_out(office: OpenOffice) -> None:
    desk, phone = keeper(office), Phone(office.http)
    phone.enrol(office.link())

    desk.send("/desk/devices", f"/desk/devices/{phone.device}/refuse")

    assert "Đã từ chối" in text_of(desk.get("/desk/devices"), f"device-{phone.device}")
    late = desk.send("/desk/devices", f"/desk/devices/{phone.device}/confirm")
    assert late.status_code == 409
    assert "vừa được người khác xử lý" in text_of(late, "too-late")


def test_revoking_names_the_device_and_its_effect(office: OpenOffice) -> None:
    desk, phone = keeper(office), office.phone("Máy xe 1")

    page = desk.get("/desk/devices")
    desk.send("/desk/devices", f"/desk/devices/{phone.device}/revoke")

    assert text_of(page, f"revoke-{phone.device}") == "Thu hồi «Máy xe 1»: gửi hết, rồi xoá"
    assert "Máy không nhận được dữ liệu nào nữa" in page.text
    row = text_of(desk.get("/desk/devices"), f"device-{phone.device}")
    assert "Đã thu hồi" in row
    order = text_of(desk.get("/desk/devices"), f"order-{phone.device}")
    assert "Lệnh gửi hết rồi xoá" in order
    assert "Máy chưa báo đã nhận lệnh" in order


def test_wiping_now_says_what_is_lost_and_stays_in_reach(office: OpenOffice) -> None:
    """THREAT-23: the page states what is lost."""
    desk, phone = keeper(office), office.phone("Máy xe 1")
    an = phone.sign_in("an")
    phone.take_dossier(an)
    phone.take_dossier(an)
    phone.exchange(an, batches=[an.batch(phone.office, last=1)])
    address = f"/desk/devices/{phone.device}/revoke"

    lost = text_of(desk.get("/desk/devices"), f"lost-{phone.device}")
    desk.send("/desk/devices", address)
    softly = text_of(desk.get("/desk/devices"), f"wipe-{phone.device}")
    desk.send("/desk/devices", address, action="now")
    phone.exchange(an, batches=[])
    phone.seats.clear()
    phone.exchange()
    order = text_of(desk.get("/desk/devices"), f"order-{phone.device}")

    assert "máy còn 1 thay đổi chưa gửi" in lost
    assert "cả bản nháp" in lost
    assert softly == "Thu hồi «Máy xe 1»: xoá ngay, chấp nhận mất"
    assert "Lệnh xoá ngay" in order
    assert "Máy báo đã xoá sạch" in order
    assert f'id="wipe-{phone.device}"' not in desk.get("/desk/devices").text


def test_one_persons_rights_on_a_device_are_taken_away(office: OpenOffice) -> None:
    desk, phone = keeper(office), office.phone("Máy xe 1")
    an, again = phone.sign_in("an"), phone.sign_in("an")
    phone.sign_in("tam")

    page = desk.get("/desk/devices")
    desk.send("/desk/devices", f"/desk/devices/{phone.device}/seats/{again.number}/retire")

    assert text_of(page, f"retire-{again.number}") == "Rút quyền của Nguyễn Văn An trên máy này"
    row = text_of(desk.get("/desk/devices"), f"device-{phone.device}")
    assert "Nguyễn Văn An (đã rút quyền)" in row
    assert "Lê Thị Tâm (đã rút quyền)" not in row
    for seat in (an, again):
        assert phone.exchange(seat, cursors={"10441": 0}).dropped == ["10441"]
    for number in (1, 999, 2**70):
        path = f"/desk/devices/{phone.device}/seats/{number}/retire"
        assert desk.send("/desk/devices", path).status_code == 404


def test_who_may_not_manage_devices_may_not_revoke(office: OpenOffice) -> None:
    desk, phone = Desk(office.http), office.phone()
    desk.sign_in("an")

    answer = desk.send("/desk/devices", f"/desk/devices/{phone.device}/revoke")

    assert answer.status_code == 403
    assert phone.exchange().order is None


def test_the_office_itself_cannot_be_revoked(office: OpenOffice) -> None:
    desk = keeper(office)

    for number in (1, 999, 2**70):
        answer = desk.send("/desk/devices", f"/desk/devices/{number}/revoke")
        assert answer.status_code == 404, number


def test_htmx_gets_the_list_of_devices_alone(office: OpenOffice) -> None:
    desk = keeper(office)
    office.phone("Máy xe 1")

    fragment = desk.get("/desk/devices", hx_request="true").text

    assert fragment.lstrip().startswith('<div id="devices"')
    assert "Máy xe 1" in fragment
    assert 'name="csrf"' in fragment


def test_a_device_with_a_nasty_name_is_only_text(office: OpenOffice) -> None:
    desk, phone = keeper(office), Phone(office.http, "<b onclick=alert(1)>x</b>")
    phone.enrol(office.link())

    page = desk.get("/desk/devices").text

    assert "<b onclick" not in page
    assert "&lt;b onclick=alert(1)&gt;" in page
