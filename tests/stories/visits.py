"""Visits of citizens at a stop: what each wants, what is photographed, how they sign."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from playwright.sync_api import expect

from tests.stories.branches import Answers, read_forms
from tests.stories.device import Device
from tests.stories.filling import Filling
from tests.stories.signing import name_witnesses, sign_by_hand, sign_on_paper
from tests.stories.taps import walk
from tests.support.camera import Camera

FORMS: Final = read_forms()
AREA: Final = "10441"

ON_PAPER: Final = ("signed_paper", "thumbprint")
WITNESSES: Final = {"thumbprint": 1, "witnesses": 2}
"""How many must have seen it."""

BY: Final = ("Đinh Thị Ngoan", "Bùi Văn Hậu")


@dataclass(frozen=True)
class Visit:
    """One person with one matter."""

    procedure: str
    applicant: str
    papers: tuple[tuple[str, int], ...]
    """How many pages of which paper are photographed."""

    signing: str
    told: tuple[tuple[str, str], ...] = ()
    """Answers that matter to the story; all others are only plausible."""

    @property
    def photos(self) -> int:
        """How many pictures the office has to have in the end."""
        signature = 0 if self.signing == "witnesses" else 1
        return sum(pages for _, pages in self.papers) + signature


def begin(tablet: Device, visit: Visit) -> Filling:
    """Take down what is required, by the buttons of the screens."""
    wishes: Answers = {"applicant_full_name": visit.applicant, **dict(visit.told)}
    return walk(tablet, FORMS[visit.procedure], AREA, wishes)[0]


def shoot(tablet: Device, camera: Camera, draft: str, paper: str, page: int) -> None:
    """Photograph a page of a paper; each is another, as no two photos are the same."""
    hold(camera, f"{paper} {page}")
    tablet.go(f"#/draft/{draft}/papers")
    slot = tablet.page.locator(f'fieldset[data-paper="{paper}"]')
    slot.get_by_role("link", name="Chụp ảnh").click()
    expect(tablet.page.locator(f'[data-slot="{paper}"]')).to_be_visible()
    taken = tablet.page.locator('[data-photo="prepared"]')
    expect(taken).to_have_count(page - 1)
    tablet.page.locator("[data-shutter]").click()
    expect(taken).to_have_count(page)


def hold(camera: Camera, words: str) -> None:
    """Hold a page of one line: what is to go over a poor line must not weigh much."""
    camera.hold_page(words, lines=1)


def sign(tablet: Device, camera: Camera, draft: str, visit: Visit) -> None:
    """Have it confirmed in the way of this person."""
    tablet.go(f"#/draft/{draft}/check")
    if visit.signing == "drawn":
        sign_by_hand(tablet)
    elif visit.signing in ON_PAPER:
        hold(camera, f"{visit.signing} {draft}")
        sign_on_paper(tablet, visit.signing)
    else:
        tablet.page.locator(f'[name="signing"][value="{visit.signing}"]').check()
    name_witnesses(tablet, *BY[: WITNESSES.get(visit.signing, 0)])


def receive(tablet: Device, camera: Camera, visit: Visit) -> UUID:
    """Take a whole visit, from the first question to the seal."""
    draft = begin(tablet, visit).draft
    for paper, pages in visit.papers:
        for page in range(1, pages + 1):
            shoot(tablet, camera, draft, paper, page)
    sign(tablet, camera, draft, visit)
    return tablet.seal(draft)
