/**
 * Audits one screen of the field app with Lighthouse, as on a mid phone: slow 4G, a processor four
 * times slower, the worker and its files gone before each round.
 *
 *     node audit.mjs '{"chromium": …, "arguments": […], "profile": …, "address": …, "rounds": 5}'
 *
 * Prints a line of JSON a round: points for performance and accessibility, and what cost some.
 * With a `pin` it unlocks after the rounds, and audits what stands then: a page that is open has
 * no performance of its own to measure, so that line says accessibility alone.
 */
import lighthouse, { snapshot } from 'lighthouse';
import puppeteer from 'puppeteer-core';

const { chromium, arguments: words, profile, address, rounds, pin } = JSON.parse(process.argv[2]);

const browser = await puppeteer.launch({
  executablePath: chromium, args: words, userDataDir: profile, headless: true,
});
try {
  const [page] = await browser.pages();
  for (let round = 0; round < rounds; round += 1) {
    tell(await lighthouse(address, { onlyCategories: ['performance', 'accessibility'], logLevel: 'silent' }, undefined, page));
  }
  if (pin) {
    await page.goto(address);
    await page.locator('input[name="pin"]').fill(pin);
    await page.keyboard.press('Enter');
    await page.locator('main[data-screen="today"]').wait();
    tell(await snapshot(page, { flags: { onlyCategories: ['accessibility'], logLevel: 'silent' } }));
  }
} finally {
  await browser.close();
}

function tell({ lhr }) {
  if (lhr.runtimeError) throw new Error(lhr.runtimeError.message);
  const points = Object.fromEntries(Object.values(lhr.categories).map(({ id, score }) => [id, Math.round(score * 100)]));
  const short = Object.values(lhr.categories).flatMap(({ auditRefs }) => auditRefs)
    .filter(({ id, weight }) => weight > 0 && lhr.audits[id].score !== null && lhr.audits[id].score < 0.9)
    .map(({ id }) => `${id} ${lhr.audits[id].displayValue ?? ''}`.trim());
  console.log(JSON.stringify({ ...points, short }));
}
