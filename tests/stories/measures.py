"""Measures a screen of the field app by rules that axe does not know: targets, room, headings."""

from typing import Any, Final

from playwright.sync_api import Page

NARROW: Final[Any] = {"width": 320, "height": 640}
USUAL: Final[Any] = {"width": 390, "height": 844}

TWICE_AS_LARGE: Final = "225%"
"""Of the browser's 16 px; ours is 112.5 % of it, 18 px."""

TARGETS: Final = """() => {
  const isShown = (one) => {
    const box = one.getBoundingClientRect();
    if (!one.checkVisibility()) return false;
    return box.width > 1 && box.height > 1 && !one.closest('.visually-hidden, .skip');
  };
  const page = document.querySelector('dialog[open]') ?? document;
  const all = [...page.querySelectorAll('a[href], button, input, select, textarea, summary')];
  // A label is as large a target as what it names.
  const label = 'label.option, label:has(.option)';
  const targets = [...new Set(all.map((one) => one.closest(label) ?? one))]
    .filter(isShown).map((one) => ({ one, box: one.getBoundingClientRect() }));
  const name = ({ one, box }) =>
    `${one.tagName} "${(one.innerText || one.name || '').slice(0, 30)}"`
    + ` ${Math.round(box.width)}x${Math.round(box.height)}`;
  const small = targets.filter(({ box }) => box.height < 47.5 || box.width < 47.5).map(name);
  const close = targets.flatMap((a, at) => targets.slice(at + 1).flatMap((b) => {
    const isBar = (each) => each.one.closest('.app-nav, .app-header') !== null;
    if (isBar(a) !== isBar(b)) return [];
    const across = Math.max(b.box.left - a.box.right, a.box.left - b.box.right);
    const down = Math.max(b.box.top - a.box.bottom, a.box.top - b.box.bottom);
    return Math.max(across, down) < 7.5 ? [`${name(a)} beside ${name(b)}`] : [];
  }));
  return [...small.map((each) => `too small: ${each}`), ...close];
}"""

HEADING: Final = """() => {
  const [first, ...more] = document.querySelectorAll('main h1');
  if (first === undefined || more.length > 0) return ['not one h1'];
  const wrong = document.activeElement === first ? [] : ['the h1 has not the focus'];
  const main = [...document.querySelectorAll('main .button.main')]
    .filter((one) => one.checkVisibility());
  if (main.length > 1) wrong.push(`${main.length} main buttons`);
  return document.title.endsWith(' · Lưu Động') ? wrong : [...wrong, `title: ${document.title}`];
}"""

LOST: Final = """() => [...document.querySelectorAll('main *, header *')].filter((one) => {
  const box = one.getBoundingClientRect();
  return box.width > 1 && !one.closest('.visually-hidden') && box.right > innerWidth + 1;
}).map((one) => `${one.tagName}.${one.className} reaches beyond the screen`).slice(0, 3)"""

BROKEN_CHIP: Final = """words => {
  const said = document.querySelector('.connection > span:not(.visually-hidden)');
  const before = said.textContent;
  const broken = words.filter((word) => {
    said.textContent = word;
    return said.getBoundingClientRect().height > 1.5 * parseFloat(getComputedStyle(said).lineHeight)
      || said.closest('.right').getBoundingClientRect().height > 60;
  });
  said.textContent = before;
  return broken;
}"""

COVERED: Final = """async () => {
  const bar = document.querySelector('.app-nav')?.getBoundingClientRect();
  const found = [];
  for (const one of document.querySelectorAll('main a[href], main button, main input')) {
    one.focus();
    // Who is shut off, or stands in what is folded up, takes none.
    if (document.activeElement !== one) continue;
    const box = one.getBoundingClientRect();
    if (bar !== undefined && box.width > 1 && box.height < 200 && box.bottom > bar.top + 1) {
      found.push(`${one.tagName} ${one.name ?? ''} has the focus below the bar`);
    }
  }
  return found;
}"""


FADED: Final = """() => {
  const parse = (colour) => (colour.match(/[\\d.]+/g) ?? []).map(Number);
  const light = ([r, g, b]) => {
    const part = (of) => (of / 255 <= 0.04045 ? of / 255 / 12.92
      : ((of / 255 + 0.055) / 1.055) ** 2.4);
    return 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
  };
  const behind = (one) => {
    for (let at = one; at !== null; at = at.parentElement) {
      const colour = parse(getComputedStyle(at).backgroundColor);
      if (colour.length === 3 || colour[3] > 0.5) return colour;
    }
    return [255, 255, 255];
  };
  const shown = [...document.querySelectorAll('body *')].filter((one) =>
    one.checkVisibility() && !one.closest('.visually-hidden, .skip')
    && one.getBoundingClientRect().width > 1);
  // The greeting card's flowers are a picture, and say nothing.
  const faint = shown.filter((one) => one.matches('svg path, svg circle, svg rect'))
    .filter((one) => one.closest('[data-greeting]') === null).filter((one) => {
      const style = getComputedStyle(one);
      // What follows the text is forced with it, though nobody says so here.
      const inks = [style.fill, style.stroke]
        .filter((ink) => ink !== 'none' && ink !== style.color).map(parse);
      const back = light(behind(one.closest('svg')));
      const stands = (ink) => {
        const [high, low] = [light(ink), back].sort((a, b) => b - a);
        return (high + 0.05) / (low + 0.05) >= 3;
      };
      return inks.length > 0 && !inks.some((ink) => ink[3] === 0 || stands(ink));
    }).map((one) => `a shape in ${one.closest('[class]')?.className.baseVal ?? ''} `
      + `${one.closest('svg').parentElement.className} cannot be seen`);
  const isBare = (style) => {
    const hasEdge = ['Top', 'Right', 'Bottom', 'Left'].some((side) =>
      style[`border${side}Style`] !== 'none' && parseFloat(style[`border${side}Width`]) > 0);
    const back = parse(style.backgroundColor);
    return !hasEdge && (back.length === 3 || back[3] > 0);
  };
  const bare = shown.filter((one) => one.matches('a[href], button, .option, .input'))
    .filter((one) => !one.closest('.app-nav') && isBare(getComputedStyle(one)))
    .map((one) => `${one.tagName}.${one.className} was told by its ground alone`);
  return [...new Set([...faint, ...bare])].slice(0, 5);
}"""


def broken_measures(page: Page) -> list[str]:
    """Name what breaks UX-10, UX-70 and UX-71 on a screen that was just opened."""
    found: list[str] = page.evaluate(HEADING) + misplaced_targets(page) + page.evaluate(COVERED)
    return found + lost_anywhere(page)


def misplaced_targets(page: Page) -> list[str]:
    """Name what is too small to be hit, or too close to something else (UX-70)."""
    found: list[str] = page.evaluate(TARGETS)
    return found


def faded(page: Page) -> list[str]:
    """Name what a person who forces colours cannot see: shapes, edges of what can be pressed."""
    found: list[str] = page.evaluate(FADED)
    return found


def broken_chip(page: Page, words: list[str]) -> list[str]:
    """Name what the chip of the network cannot say in one line, beside all else of the header."""
    found: list[str] = []
    for width in (320, 360):
        page.set_viewport_size({"width": width, "height": 640})
        found += [f"{width} px: {each}" for each in page.evaluate(BROKEN_CHIP, words)]
    page.set_viewport_size(USUAL)
    return found


def lost_anywhere(page: Page) -> list[str]:
    """Name what is cut off on a narrow screen, with text twice as large, and with both (UX-70)."""
    found: list[str] = []
    page.set_viewport_size(NARROW)
    found += [f"320 px: {each}" for each in page.evaluate(LOST)]
    page.evaluate("size => { document.documentElement.style.fontSize = size; }", TWICE_AS_LARGE)
    found += [f"200 % at 320 px: {each}" for each in page.evaluate(LOST)]
    page.set_viewport_size(USUAL)
    found += [f"200 %: {each}" for each in page.evaluate(LOST)]
    page.evaluate("() => { document.documentElement.style.fontSize = ''; }")
    return found
