"""Types into the real app and hears, as it happens, what the screen calls saved.

What the screen has said is a promise from that moment on, long before a person could read it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from playwright.sync_api import BrowserContext, Page

# A letter at a time. `claimed` comes when the app has answered to a letter (the framework draws in
# a microtask, so before the timeout) and whenever the mark itself changes.
TYPE: Final = """({name, text, everyMs}) => {
  const box = document.querySelector(`[name="${name}"]`);
  const say = () => {
    const mark = document.querySelector('[data-saved]');
    if (mark?.dataset.saved === 'saved') claimed(box.value);
  };
  new MutationObserver(say).observe(document.body, {
    subtree: true, childList: true, attributes: true, attributeFilter: ['data-saved'],
  });
  let length = 0;
  setInterval(() => {
    if (length === text.length) return;
    length += 1;
    box.value = text.slice(0, length);
    typed(box.value);
    box.dispatchEvent(new InputEvent('input', {bubbles: true}));
    setTimeout(say, 0);
  }, everyMs);
}"""

# The dossier's own page says where it is; until then the screen promises nothing about it.
SEAL: Final = """() => {
  const say = () => {
    const place = document.querySelector('main[data-screen="dossier"] [data-place]');
    if (place) claimed(location.hash);
  };
  new MutationObserver(say).observe(document.body, {subtree: true, childList: true});
  typed('');
  const buttons = [...document.querySelectorAll('main button')];
  buttons.find((button) => button.textContent.includes('Niêm phong')).click();
}"""


@dataclass
class Typist:
    """What was typed and what was claimed in one life of the browser."""

    typed: list[str] = field(default_factory=list)
    claimed: list[str] = field(default_factory=list)
    on_claim: Callable[[int], None] = lambda _count: None
    """Called with the number of claims so far, as soon as a new one is heard."""

    def listen(self, context: BrowserContext) -> None:
        """Hear what the pages of a context say."""
        context.expose_function("typed", self._note)
        context.expose_function("claimed", self._hear)

    def begin(self, page: Page, name: str, text: str, every_ms: int) -> None:
        """Type into a box until the text ends, or the browser."""
        page.evaluate(TYPE, {"name": name, "text": text, "everyMs": every_ms})

    def seal(self, page: Page) -> None:
        """Press the button that seals."""
        page.evaluate(SEAL)

    def _note(self, value: str) -> None:
        self.typed.append(value)

    def _hear(self, said: str) -> None:
        if not self.claimed or self.claimed[-1] != said:
            self.claimed.append(said)
            self.on_claim(len(self.claimed))
