"""FAULT-62: what keeps a processor busy never runs on the thread of the event loop."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from server.attachments import inspection, reception
from server.attachments.staging import Staging
from server.papers import pages as papers
from server.papers.setting import set_receipt
from server.staff import sign_in
from server.staff.passwords import is_password
from tests.server.conftest import OpenOffice
from tests.support.desk import Desk
from tests.support.tus import attach, photo_of, uploader


class Watch:
    """Notes for each piece of work whether an event loop waited for its thread."""

    def __init__(self) -> None:
        """Begin with nothing seen."""
        self.held_up: dict[str, list[bool]] = {}

    def over(self, work: Callable[..., Any]) -> Callable[..., Any]:
        """Do the same, and note where."""

        def watched(*given: Any, **named: Any) -> Any:
            self.held_up.setdefault(work.__name__, []).append(has_loop())
            return work(*given, **named)

        return watched


def has_loop() -> bool:
    """Whether a loop runs on this thread."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def test_pictures_passwords_and_papers_are_worked_on_beside_the_loop(
    office: OpenOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each is seen at work at least once, and never where it holds up an exchange."""
    watch = Watch()
    monkeypatch.setattr(reception, "find_fault", watch.over(inspection.find_fault))
    monkeypatch.setattr(Staging, "digest", watch.over(Staging.digest))
    monkeypatch.setattr(sign_in, "is_password", watch.over(is_password))
    monkeypatch.setattr(papers, "set_receipt", watch.over(set_receipt))

    phone = office.phone()
    an = phone.sign_in("an")
    record = phone.take_dossier(an)
    attach(phone, an, record, photo_of())
    assert uploader(phone, an).upload(record, photo_of()).status_code == 204
    desk = Desk(office.http)
    desk.sign_in("chi")
    desk.get(f"/desk/dossiers/{record}/receipt.pdf")

    assert watch.held_up.keys() == {"find_fault", "digest", "is_password", "set_receipt"}
    assert not [name for name, seen in watch.held_up.items() if any(seen)]


def test_the_watch_itself_sees_a_loop() -> None:
    async def deed() -> bool:
        return has_loop()

    assert asyncio.run(deed())
    assert not has_loop()
