"""A tablet that the office wakes: the push service is ours, all else is the browser's own.

There is no push service that a test could use: the browser's subscription is replaced by one that
leads to a server on this machine. What arrives there is opened as the browser would, and handed to
the worker by the browser's own delivery.
"""

import json
from base64 import b64encode
from dataclasses import dataclass
from typing import Any, Final

from playwright.sync_api import CDPSession, Worker, expect

from tests.stories.device import WAIT_MS, Device
from tests.support.push_service import Browser, PushService

# What a browser answers to `subscribe`, kept for as long as the profile is.
SUBSCRIBE: Final = """
(() => {
  const [endpoint, p256dh, auth] = %s;
  const bytes = (text) => Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
  const made = (key) => Object.create(PushSubscription.prototype, {
    endpoint: { value: endpoint },
    options: { value: { userVisibleOnly: true, applicationServerKey: bytes(key).buffer } },
    getKey: { value: (name) => bytes(name === 'auth' ? auth : p256dh).buffer },
    unsubscribe: { value: async () => { localStorage.removeItem('subscribed'); return true; } },
  });
  PushManager.prototype.getSubscription = async () => {
    const key = localStorage.getItem('subscribed');
    return key === null ? null : made(key);
  };
  PushManager.prototype.subscribe = async ({ applicationServerKey: key, userVisibleOnly }) => {
    if (!userVisibleOnly) throw new DOMException('', 'NotAllowedError');
    const text = btoa(String.fromCharCode(...new Uint8Array(key)));
    localStorage.setItem('subscribed', text);
    return made(text);
  };
})();
"""

PRESS: Final = """
async () => {
  const [notification] = await self.registration.getNotifications();
  self.dispatchEvent(new NotificationEvent('notificationclick', { notification }));
}
"""

# The browser delivers behind our back: the page is asked until so many stand there.
SHOWN: Final = """
async ([count, tries]) => {
  const registration = await navigator.serviceWorker.getRegistration();
  let found = [];
  for (; tries > 0; tries -= 1) {
    found = await registration.getNotifications();
    if (found.length === count) break;
    await new Promise((resolve) => { setTimeout(resolve, 100); });
  }
  return found.map(({ title, body, tag, lang }) => ({ title, body, tag, lang }));
}
"""


LOOKS_A_SECOND: Final = 10


@dataclass
class Waking:
    """One tablet's notices."""

    tablet: Device
    service: PushService
    browser: Browser
    cdp: CDPSession

    def answer(self, setting: str) -> None:
        """Answer the browser's question before it is asked: prompt, granted or denied."""
        permission = {"name": "notifications"}
        said = {"permission": permission, "setting": setting, "origin": self.tablet.address}
        self.cdp.send("Browser.setPermission", said)

    def taken(self) -> dict[str, Any]:
        """Take what the office posted to the push service, and open it."""
        posted = self.service.came.get(timeout=WAIT_MS / 1000)
        return self.browser.open(posted)

    def deliver(self, said: dict[str, Any]) -> list[dict[str, str]]:
        """Let the browser give a message to the worker; gives the notices that then stand there.

        A browser without a desktop may lose the very first notice of its life, so it is given
        again until one is seen: a second one of a kind takes the place of the first.
        """
        message = {
            "origin": self.tablet.address,
            "registrationId": self._registration(),
            "data": json.dumps(said),
        }
        found: list[dict[str, str]] = []
        for _ in range(WAIT_MS // 1000):
            self.cdp.send("ServiceWorker.deliverPushMessage", message)
            found = self.shown(1, LOOKS_A_SECOND)
            if found:
                break
        return found

    @property
    def worker(self) -> Worker:
        """The app's worker."""
        return self.tablet.page.context.service_workers[0]

    def shown(self, count: int, looks: int) -> list[dict[str, str]]:
        """Give the notices that stand on the tablet, once there are so many or after the looks."""
        found: list[dict[str, str]] = self.tablet.page.evaluate(SHOWN, [count, looks])
        return found

    def press(self) -> None:
        """Press the one notice; the worker is told as the browser would tell it."""
        self.worker.evaluate(PRESS)

    def _registration(self) -> str:
        found: list[str] = []

        def keep(event: dict[str, Any]) -> None:
            found.extend(one["registrationId"] for one in event["registrations"])

        self.cdp.on("ServiceWorker.workerRegistrationUpdated", keep)
        self.cdp.send("ServiceWorker.enable")
        for _ in range(WAIT_MS // 50):
            if found:
                break
            self.tablet.page.wait_for_timeout(50)
        self.cdp.remove_listener("ServiceWorker.workerRegistrationUpdated", keep)
        assert found, "the browser names no worker"
        return found[0]


def wakeable(tablet: Device, service: PushService) -> Waking:
    """Give the tablet a push service; its pages have to be loaded anew."""
    browser = service.browser("tablet")
    push = browser.subscription
    keys = [b64encode(key).decode() for key in (push.p256dh, push.auth)]
    tablet.page.context.add_init_script(SUBSCRIBE % json.dumps([push.endpoint, *keys]))
    tablet.page.reload()
    cdp = tablet.page.context.new_cdp_session(tablet.page)
    return Waking(tablet, service, browser, cdp)


def turn_on(waking: Waking) -> None:
    """Turn notices on as a person does: our words come first, the browser's question after them."""
    page = waking.tablet.page
    waking.answer("prompt")
    waking.tablet.go("#/settings")
    expect(page.locator('[data-push="not-asked"]')).to_be_visible()
    page.locator('input[name="push"]').check()
    go_on = page.get_by_role("button", name="Tiếp tục")
    expect(go_on).to_be_focused()
    waking.tablet.picture("settings-push")
    waking.answer("granted")
    go_on.click()
    expect(page.locator('[data-push-said="done.on"]')).to_be_visible()
    expect(page.locator('[data-push="on"]')).to_be_visible()
