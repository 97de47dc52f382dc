// @vitest-environment happy-dom
/** FAULT-9: what a phone keeps beside its store, and what it makes of it when the store is gone. */
import { afterEach, expect, it } from 'vitest';
import { type PhoneMark, keepMark, readMark } from '../../src/live/phone_mark';
import { PhoneView } from '../../src/live/phone.svelte';
import type { WipeMark } from '../../src/store/port';
import { phoneOf } from '../screens/phones';

const MARK: PhoneMark = { officeName: 'Chi nhánh', device: 2, label: 'Máy 1', exchangedAt: 5, changes: 3, photos: 1, drafts: 0 };

afterEach(() => {
  localStorage.clear();
});

it('is read as it was kept', () => {
  expect(readMark()).toBeNull();
  keepMark(MARK);
  expect(readMark()).toEqual(MARK);
});

it.each(['{', 'null', '7', '{"label":"Máy 1"}', JSON.stringify({ ...MARK, changes: '3' }), JSON.stringify({ ...MARK, device: 1.5 })])(
  'takes %s for none', (text) => {
    localStorage.setItem('luudong.phone', text);
    expect(readMark()).toBeNull();
  });

it('is written by a phone that is let in, and says what is not sent', async () => {
  const outbox = { changes: 3, photos: 1 };
  const view = new PhoneView(phoneOf({ outbox }));
  await view.start();
  await view.entered();

  expect(readMark()).toMatchObject({ device: 2, label: 'Máy bảng xe 1', changes: 3, photos: 1, drafts: 0 });
  expect(view.lost).toBeNull();
});

it('is read by a phone without a store, and not by one that the office wiped', async () => {
  keepMark(MARK);
  const empty = new PhoneView(phoneOf({ device: null, seats: [], people: [] }));
  await empty.start();
  const mark: WipeMark = { officeName: 'Chi nhánh', orderedAt: 1, wipedAt: 1, isDone: true, changes: 0, drafts: 0 };
  const wiped = new PhoneView(phoneOf({ device: null, seats: [], people: [], wiped: mark }));
  await wiped.start();

  expect(empty.lost).toEqual(MARK);
  expect(wiped.lost).toBeNull();
});
