"""Story: the same draft is open in two tabs, and one of them seals it."""

import pytest
from playwright.sync_api import expect

from tests.stories.branches import read_forms
from tests.stories.conftest import NewDesk, NewDevice
from tests.stories.filling import Filling
from tests.stories.office import OfficeProcess
from tests.stories.shortest import SHORTEST
from tests.stories.test_update import open_other


# What two tabs of one phone hear of each other does not depend on the office's database.
@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_a_tab_whose_draft_another_one_sealed_goes_to_the_dossier(
    office: OfficeProcess, new_desk: NewDesk, new_device: NewDevice
) -> None:
    """Nothing that is typed into an ended draft is said to be saved."""
    tablet = new_device("Máy bảng xe 1")
    tablet.enrol(new_desk("chi"))
    tablet.sign_in("an")
    tablet.wait_until_ready_offline()
    office.stop()
    draft = tablet.start_dossier(SHORTEST, area="10441")
    form = read_forms()[SHORTEST]
    Filling(tablet, form, draft).fill(form.complete({}))
    other = open_other(tablet)
    other.goto(f"{tablet.address}/app/#/draft/{draft}/section/applicant")
    expect(other.locator('[name="answers.applicant_full_name"]')).to_be_visible()

    record = tablet.seal(draft)
    expect(other.locator('main[data-screen="dossier"]')).to_be_visible()
    assert other.url.endswith(f"#/dossier/{record.hex}")
    expect(other.locator('[data-place="saved"]').first).to_be_visible()
