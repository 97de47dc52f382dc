"""Story 4: each procedure of the catalogue is filled through the screens until every branch shows.

The answers are worked out from the catalogue: few sets that together show every field and every
paper that has a condition. Before them the shortest way is taken, and its taps are counted. The
last set is sealed; the office must hold it, and nothing hidden.

Which branch a screen shows does not hang on the office's database: on the second kind each
procedure is taken the shortest way alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright, expect

from tests.stories.branches import NAME, read_forms
from tests.stories.citizens import CATALOGUE_VERSION
from tests.stories.desk import open_desk
from tests.stories.device import Device
from tests.stories.filling import Filling
from tests.stories.office import NO_BACKUPS, OfficeProcess, assert_discreet
from tests.stories.records import values_of_record
from tests.stories.taps import keep_or_compare, walk
from tests.support.postgres import Postgres

FORMS = read_forms()

AREA = "10441"


@dataclass
class Van:
    """An office with one device that stands ready."""

    office: OfficeProcess
    device: Device


@pytest.fixture(scope="module")
def van(
    request: pytest.FixtureRequest,
    playwright: Playwright,
    browser: Browser,
    program: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Van]:
    """Run one office and one device for all procedures, once on each kind of database."""
    folder = tmp_path_factory.mktemp("van")
    database = f"sqlite:///{folder}/office.sqlite3"
    if request.param == "postgresql":
        server: Postgres = request.getfixturevalue("postgres")
        database = server.url(server.new_database(request.getfixturevalue("postgres_template")))
    office = OfficeProcess(folder, database, more=NO_BACKUPS)
    office.start()
    desk = open_desk(browser, office.address, "chi")
    device = Device(playwright, program, office.address, Path(folder / "profile"), "Máy bảng xe 1")
    device.open()
    device.enrol(desk)
    device.sign_in("an")
    device.wait_until_ready_offline()
    desk.page.context.close()
    yield Van(office, device)
    device.close()
    office.kill()
    print(office.last_words())
    device.witness.testify()
    desk.witness.testify()
    assert_discreet(office, [NAME])


@pytest.mark.parametrize("code", sorted(FORMS))
@pytest.mark.parametrize("van", ["sqlite"], indirect=True)
def test_every_branch_is_shown_and_the_office_holds_what_was_visible(code: str, van: Van) -> None:
    form = FORMS[code]
    filling, effort = walk(van.device, form, AREA)
    keep_or_compare(effort)
    seen: set[str] = set()
    for answers in form.passes():
        seen |= filling.fill(answers)
    assert seen == form.branches()
    assert form.shown_papers(filling.told) <= filling.marked.keys()

    seal_and_compare(filling, van)


@pytest.mark.parametrize("code", sorted(FORMS))
@pytest.mark.parametrize("van", ["postgresql"], indirect=True)
def test_the_shortest_way_reaches_the_other_database_as_well(code: str, van: Van) -> None:
    filling, effort = walk(van.device, FORMS[code], AREA)
    keep_or_compare(effort)

    seal_and_compare(filling, van)


def seal_and_compare(filling: Filling, van: Van) -> None:
    """Seal what was filled; the office has to hold what was visible of it, and nothing else."""
    form, code = filling.form, filling.form.code
    record = van.device.seal(filling.draft)
    expect(van.device.place("received").first).to_be_visible()
    held = values_of_record(van.office.database, record)
    expected = filling.visible_answers()
    assert {name: value for name, value in held.items() if name.startswith("answers.")} == expected
    shown = form.shown_papers(filling.told)
    papers = {name: held.get(f"papers.{name}", {}).get("state") for name in shown}
    assert papers == {name: filling.marked.get(name) for name in shown}
    # Beside them stand a code, a promise and who attested it, which other tests look at.
    assert "sealed_at" in held
    named = ("procedure", "catalogue_version", "area", "status")
    assert [held[name] for name in named] == [code, CATALOGUE_VERSION, AREA, "sealed"]
