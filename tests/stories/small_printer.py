"""A small printer of a browser's radio: it records what it is sent, and can be off or go away.

The page's own browser has no radio that a test could answer, so that it stands in for one: what the
app asks of it and what it writes are the app's own.
"""

import os
from pathlib import Path
from typing import Final

from PIL import Image
from playwright.sync_api import Page

from tests.stories.pictures import are_pictures_wanted

NAME: Final = "MPT-II"

STAND_IN: Final = """() => {
  const service = '000018f0-0000-1000-8000-00805f9b34fb';
  const door = '00002af1-0000-1000-8000-00805f9b34fb';
  const printer = { bytes: [], lists: 0, isOff: false, goesAfter: Infinity, waits: null };
  const gone = (name) => Promise.reject(new DOMException('made by a test', name));
  const characteristic = {
    properties: { write: true },
    writeValueWithResponse: async (piece) => {
      if (printer.bytes.length >= printer.goesAfter) return gone('NetworkError');
      printer.bytes.push(...piece);
      await printer.waits;
    },
  };
  const gatt = {
    connect: () => (printer.isOff ? gone('NetworkError') : Promise.resolve(gatt)),
    disconnect: () => undefined,
    getPrimaryService: (asked) => (asked === service
      ? Promise.resolve({ getCharacteristic: (which) => (which === door
        ? Promise.resolve(characteristic) : gone('NotFoundError')) })
      : gone('NotFoundError')),
  };
  const device = { id: 'one', name: 'MPT-II', gatt };
  const bluetooth = {
    requestDevice: () => { printer.lists += 1; return Promise.resolve(device); },
    getDevices: () => Promise.resolve([device]),
  };
  Object.defineProperty(navigator, 'bluetooth', { value: bluetooth, configurable: true });
  // Letters may have coloured rims; all of it is covered.
  const dotsOf = ({ data, width }) => {
    const rows = [];
    for (let at = 0; at < data.length; at += 4) {
      if (at % (4 * width) === 0) rows.push('');
      const light = 0.299 * data[at] + 0.587 * data[at + 1] + 0.114 * data[at + 2];
      rows[rows.length - 1] += light < 128 ? '#' : '.';
    }
    return rows;
  };
  // The picture as the app drew it, before it is made to dots.
  const read = CanvasRenderingContext2D.prototype.getImageData;
  CanvasRenderingContext2D.prototype.getImageData = function (...area) {
    const points = read.apply(this, area);
    // What looks for faults of a page draws, too, but nothing so wide.
    if (points.width >= 384) window.drawn = dotsOf(points);
    return points;
  };
  window.printer = printer;
}"""


NO_WAY: Final = """() => {
  for (const way of ['bluetooth', 'serial']) {
    Object.defineProperty(navigator, way, { value: undefined, configurable: true });
  }
}"""

BE_SLOW: Final = "printer.waits = new Promise((on) => { printer.on = on; })"
"""It takes a piece and answers once `printer.on()` lets it go on."""


def take_away_ways(page: Page) -> None:
    """Make of the page that is open one that reaches no printer, as most browsers' do."""
    page.evaluate(NO_WAY)


def plug_in(page: Page) -> None:
    """Give the page that is open a printer, until it is left."""
    page.evaluate(STAND_IN)


def tell_printer(page: Page, what: str) -> None:
    """Make the printer behave in some way; waits for nothing."""
    page.evaluate(f"() => {{ {what}; }}")


def rows_drawn(page: Page) -> list[str]:
    """Give the rows that the app drew, a letter a dot."""
    rows: list[str] = page.evaluate("drawn")
    return rows


def take_printed(page: Page) -> list[str]:
    """Give the rows that came out since the last time, as a printer reads its commands.

    The last may be a part, where the job broke off.
    """
    sent = bytes(page.evaluate("printer.bytes.splice(0)"))
    rows: list[str] = []
    at = 0
    while at < len(sent):
        if sent[at] == 0:
            at += 1
        elif sent.startswith(b"\x1b@", at):
            rows.clear()
            at += 2
        elif sent.startswith(b"\x1bd", at):
            at += 3
        else:
            assert sent.startswith(b"\x1dv0\x00", at), sent[at : at + 8]
            across = int.from_bytes(sent[at + 4 : at + 6], "little")
            tall = int.from_bytes(sent[at + 6 : at + 8], "little")
            at += 8
            band = sent[at : at + across * tall]
            rows += [row_of(band[n : n + across]) for n in range(0, len(band), across)]
            at += len(band)
    return rows


def keep_paper(rows: list[str], name: str) -> None:
    """Keep what came out, where pictures are wanted."""
    if are_pictures_wanted():
        paper = Image.new("1", (len(rows[0]), len(rows)))
        paper.putdata([dot == "." for row in rows for dot in row])
        paper.save(Path(os.environ["LUUDONG_PICTURES"]) / f"{name}.png")


def row_of(packed: bytes) -> str:
    """Unpack eight dots a byte."""
    return "".join(f"{byte:08b}" for byte in packed).replace("1", "#").replace("0", ".")
