"""Codes at the desk: on the list, on a dossier's page, in the search, and where two meet."""

from sync.codes import OFFICIAL, PROVISIONAL, day_number, provisional_code
from tests.server.conftest import OpenOffice
from tests.support.desk import Desk, text_of

CODE = "H26.118.05-261122-2001"
OTHER = "H26.118.05-261122-2002"


def test_the_desk_shows_and_finds_codes(office: OpenOffice) -> None:
    """UX-43: a provisional code finds the dossier that has an official one since."""
    phone, desk = office.phone(), Desk(office.http)
    desk.sign_in("chi")
    an = phone.sign_in("an")
    provisional = provisional_code(phone.device, day_number("2026-11-22"), 1)
    record = phone.take_dossier(an, codes={PROVISIONAL: provisional})
    phone.take_dossier(an, codes={OFFICIAL: OTHER})
    phone.exchange(an)

    listed = desk.get("/desk")
    typed = provisional.lower().replace("-", " ")
    found = desk.send("/desk/find", "/desk/find", words=typed)
    wrong = desk.send("/desk/find", "/desk/find", words=swapped(provisional))
    page = desk.get(f"/desk/dossiers/{record}")

    assert OTHER in listed.text
    assert f'id="row-{record}"' in found.text
    assert OTHER not in found.text
    assert "gõ sai một chữ" in text_of(wrong, "found")
    assert f"Cũng tìm được theo {provisional}" in text_of(page, "dossier-code")
    assert "Văn phòng cấp mã hồ sơ" in text_of(page, "timeline")


def test_a_code_of_two_is_told_with_both_and_one_gets_another(office: OpenOffice) -> None:
    """FAULT-46: the finding names the code, leads to the other dossier, and has its decision."""
    phone, desk = office.phone(), Desk(office.http)
    desk.sign_in("chi")
    an = phone.sign_in("an")
    first = phone.take_dossier(an, codes={OFFICIAL: CODE})
    second = phone.take_dossier(an, codes={OFFICIAL: CODE})
    phone.exchange(an)

    page = desk.get("/desk/findings")
    told = text_of(page, "findings")
    number = page.text.partition('id="finding-')[2].partition('"')[0]
    path = f"/desk/findings/{number}"
    desk.send("/desk/findings", path, outcome="recoded", reason="Hai máy một mã")

    assert "Hai hồ sơ cùng một mã" in told
    assert CODE in told
    assert f"/desk/dossiers/{first}" in page.text
    assert "Không có việc nào chờ" in text_of(desk.get("/desk/findings"), "findings")
    of_second = desk.get(f"/desk/dossiers/{second}")
    assert f"Cũng tìm được theo {CODE}" in text_of(of_second, "dossier-code")
    assert "Cấp mã hồ sơ khác" in text_of(of_second, "timeline")


def swapped(code: str) -> str:
    """Let two neighbours change places."""
    plain = code.replace("-", "")
    place = next(at for at in range(1, len(plain) - 1) if plain[at] != plain[at + 1])
    return plain[:place] + plain[place + 1] + plain[place] + plain[place + 2 :]
