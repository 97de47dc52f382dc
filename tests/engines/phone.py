"""The field app in some browser, as its person uses it."""

from pathlib import Path
from typing import Final, Protocol
from uuid import UUID

from tests.engines.page import Page
from tests.stories.branches import Answers, Form
from tests.stories.device import PIN
from tests.stories.office import SECRET

WORKER_IS_AT_WORK: Final = """
return 'serviceWorker' in navigator && navigator.serviceWorker.controller !== null || null;
"""


class Engine(Protocol):
    """A browser engine that can lose what is in its memory, and be used again."""

    def open(self) -> Page:
        """Start it."""

    def reopen(self) -> Page:
        """End its pages as hard as this engine lets us, and open one anew."""

    def kill(self) -> None:
        """End it."""

    def last_words(self) -> str:
        """Give what it said, for whoever has to find out what went wrong."""


class EnginePhone:
    """One phone with one person."""

    def __init__(self, engine: Engine, address: str) -> None:
        """Switch it on."""
        self._engine = engine
        self._address = address
        self.page = engine.open()

    def reopen(self) -> None:
        """Take the battery out, as far as this engine can bear it, and put it in again."""
        self.page = self._engine.reopen()

    def reload(self) -> None:
        """Load the page anew: nothing that it had in memory is left."""
        self.page.reload()
        self._wait_and_unlock()

    def go(self, route: str) -> None:
        """Open a screen by its route; whoever was at work unlocks it if need be."""
        self.page.load(f"{self._address}/app/#{route.removeprefix('#')}")
        self._wait_and_unlock()

    def wait_for_screen(self, name: str) -> None:
        """Wait until a screen is there with all that it needs."""
        self.page.wait_for(f'main[data-screen="{name}"]')
        self._wait_until_ready()

    def enrol(self, route: str, label: str) -> list[str]:
        """Ask to join; answers the six words that it shows."""
        self.go(route)
        self.page.type('input[name="label"]', label)
        self.page.press("Ghép máy này")
        self.page.wait_for("[data-words] li")
        return self.page.seen("[data-words] li")

    def sign_in(self, person: str) -> None:
        """A person signs in, once, and has it lock by itself as late as it can."""
        self.go("#/sign-in")
        self.page.type('input[name="staff"]', person)
        self.page.type('input[name="secret"]', SECRET)
        self.page.type('input[name="pin"]', PIN)
        self.page.type('input[name="pinAgain"]', PIN)
        self.page.press("Đăng nhập")
        self.wait_for_screen("today")
        self.go("#/settings")
        for name in ("lockUntouched", "lockHidden"):
            self.page.choose(f'select[name="{name}"]', 3)

    def wait_until_ready_offline(self) -> None:
        """Return when the worker has the whole app and the catalogue is on the phone."""
        self.page.wait("the worker", lambda: self.page.run(WORKER_IS_AT_WORK))
        self.go("#/new")
        self.page.wait_for("button[data-procedure]")

    def start_dossier(self, procedure: str) -> str:
        """Choose a procedure; answers the draft's id."""
        self.go("#/new")
        self.page.tap(f'button[data-procedure="{procedure}"]')
        self.wait_for_screen("draft")
        return self.page.address.rsplit("#/draft/", 1)[1]

    def fill(self, draft: str, form: Form, wanted: Answers) -> None:
        """Give these answers section by section, and say of each paper that it is there.

        What the form says by itself is left as it is.
        """
        for group in form.shown_groups(wanted):
            names = [
                name
                for name in form.questions(group["id"])
                if name in wanted and wanted[name] != form.fields[name].get("default")
            ]
            if not names:
                continue
            self.go(f"#/draft/{draft}/section/{group['id']}")
            self.wait_for_screen("section")
            for name in names:
                self._answer(form.fields[name], wanted[name])
            self.page.wait_for('[data-saved="saved"]')
        self.go(f"#/draft/{draft}/papers")
        self.wait_for_screen("papers")
        for name in form.shown_papers(wanted):
            state = "checked" if form.papers[name]["form"] == "check-only" else "handed_in"
            self.page.tap(f'[name="papers.{name}"][value="{state}"]')
        self.page.wait_for('[data-saved="saved"]')

    def add_photo(self, paper: str, photo: Path) -> None:
        """Choose a photo of a paper from the gallery; returns when it is ready on the phone."""
        self.wait_for_screen("papers")
        self.page.attach(f'input[name="photo-{paper}"]', photo)
        self.page.wait_for('[data-photo="prepared"]')

    def seal(self, draft: str) -> UUID:
        """Check and seal a draft; answers the record."""
        self.go(f"#/draft/{draft}/check")
        self.wait_for_screen("check")
        self.page.press("Niêm phong hồ sơ")
        self.wait_for_screen("dossier")
        return UUID(self.page.address.rsplit("#/dossier/", 1)[1].split("?")[0])

    def open_dossier(self, record: UUID) -> None:
        """Show one dossier."""
        self.go(f"#/dossier/{record.hex}")
        self.wait_for_screen("dossier")

    def send_now(self) -> None:
        """Press the button that sends."""
        self.go("#/outbox")
        self.page.press("Gửi ngay")

    def _wait_and_unlock(self) -> None:
        self._wait_until_ready()
        if self.page.seen('main[data-screen="lock"]'):
            self.page.type('input[name="pin"]', PIN)
            self.page.press("Mở khoá")
            self.page.wait_gone('main[data-screen="lock"]')
            self._wait_until_ready()

    def _wait_until_ready(self) -> None:
        self.page.wait_for('main[data-ready="true"]')
        self.page.wait_gone("[data-loading]")

    def _answer(self, question: dict[str, object], value: object) -> None:
        name = f"answers.{question['id']}"
        if question["type"] in ("choice", "boolean"):
            word = str(value).lower() if isinstance(value, bool) else value
            self.page.tap(f'[name="{name}"][value="{word}"]')
        elif question["type"] == "date":
            for part, digits in zip(("year", "month", "day"), str(value).split("-"), strict=False):
                self.page.type(f'[name="{name}.{part}"]', digits)
        else:
            self.page.type(f'[name="{name}"]', str(value))
