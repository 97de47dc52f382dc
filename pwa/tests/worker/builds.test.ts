/** What the worker may throw away (FAULT-15): never what an open page can still ask for. */
import { expect, it } from 'vitest';
import { type PageLock, leavingBuilds } from '../../src/worker/builds';

const OLD = { name: 'luudong-app-1', addresses: ['/app/index.html', '/app/a-1.js', '/app/later-1.js'] };
const OWN = { name: 'luudong-app-2', addresses: ['/app/index.html', '/app/a-2.js', '/app/later-2.js'] };
const BUILDS = [OLD, OWN];

function page(script: string): PageLock {
  return `luudong-page ${script}`;
}

it('drops everything older when no page is open', () => {
  expect(leavingBuilds(BUILDS, OWN.name, [], 0)).toEqual([OLD.name]);
});

it('keeps an older build while one page runs it', () => {
  const locks = [page('/app/a-2.js'), 'luudong-sender', page('/app/a-1.js')];
  expect(leavingBuilds(BUILDS, OWN.name, locks, 2)).toEqual([]);
});

it('drops an older build once all pages have said that they run another', () => {
  const locks = [page('/app/a-2.js'), page('/app/a-2.js')];
  expect(leavingBuilds(BUILDS, OWN.name, locks, 2)).toEqual([OLD.name]);
});

it.each([[[page('/app/a-2.js')]], [null]])('keeps all while a page has not said what it runs: %j', (locks) => {
  expect(leavingBuilds(BUILDS, OWN.name, locks, 2)).toEqual([]);
});

it('never names its own build', () => {
  expect(leavingBuilds([OWN], OWN.name, null, 0)).toEqual([]);
});
