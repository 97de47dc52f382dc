"""A test phone joins an office by the command line's link, without any screen."""

from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from server.devices.confirmation import confirm
from tests.stories.office import OfficeProcess
from tests.stories.records import connected
from tests.support.phone import Phone, PhoneSeat


@contextmanager
def joined_as(person: str, office: OfficeProcess, port: int) -> Iterator[tuple[Phone, PhoneSeat]]:
    """Enrol a phone that speaks through `port`, confirm it, and sign a person in on it."""
    address = f"http://127.0.0.1:{port}"
    with httpx.Client(base_url=address, timeout=30, trust_env=False) as http:
        phone = Phone(http)
        phone.enrol(office.run("link").split("/enrol/")[1].split()[0])
        with connected(office.database) as connection, connection.begin():
            confirm(connection, phone.device, 1, 0)
        yield phone, phone.sign_in(person)
