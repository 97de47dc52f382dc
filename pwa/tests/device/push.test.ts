/** Being woken: our question first, then the browser's, then the office's. UX-64. */
import { beforeEach, expect, it } from 'vitest';
import type { Phone, Pushes } from '../../src/device/port';
import { type PushBrowser, type PushPermission, NoAnswer } from '../../src/device/world';
import { phoneWith } from '../../src/device/phone';
import type { PushAddress } from '../../src/sync/push';
import type { Bytes } from '../../src/sync/bytes';
import { confirmAll } from '../support/enrolled';
import { FakeOffice } from '../support/office';
import { type TestWorld, newWorld, settled } from '../support/world';

/** A browser whose person answers its question as the test says. */
class FakeBrowser implements PushBrowser {
  now: PushPermission = 'default';
  answer: PushPermission = 'granted';
  asked = 0;
  address: PushAddress | null = null;
  isSlow = false;
  fault: 'no-service' | 'refused-by-browser' | null = null;
  readonly keys: Bytes[] = [];

  permission(): PushPermission {
    return this.now;
  }

  ask(): Promise<PushPermission> {
    if (this.now === 'default') {
      this.asked++;
      this.now = this.answer;
    }
    return Promise.resolve(this.now);
  }

  current(): ReturnType<PushBrowser['current']> {
    return Promise.resolve(this.isSlow ? 'unknown' : this.address);
  }

  subscribe(key: Bytes): ReturnType<PushBrowser['subscribe']> {
    if (this.fault !== null) return Promise.resolve(this.fault);
    this.keys.push(key);
    this.address ??= addressAt('a');
    return Promise.resolve(this.address);
  }

  unsubscribe(): Promise<void> {
    this.address = null;
    return Promise.resolve();
  }
}

function addressAt(name: string): PushAddress {
  return { endpoint: `https://push.test/${name}`, p256dh: new Uint8Array(65).fill(4), auth: new Uint8Array(16) };
}

let office: FakeOffice;
let world: TestWorld;
let browser: FakeBrowser;
let phone: Phone;
let pushes: Pushes;

beforeEach(async () => {
  office = await FakeOffice.open();
  browser = new FakeBrowser();
  world = newWorld(office);
  Object.assign(world, { push: () => Promise.resolve(browser) });
  phone = phoneWith(world);
  await phone.enrol('good-code', 'Máy 1');
  confirmAll(office);
  await phone.signIn('tam', 'luudong-demo');
  pushes = (await phone.pushes()) ?? no();
});

function no(): never {
  throw new Error('nothing there');
}

async function told(): Promise<unknown> {
  return (await world.store.device())?.push;
}

it('asks nothing by itself, and the browser once a person has said yes to us', async () => {
  expect(await pushes.state()).toBe('not-asked');
  await pushes.mind(true);
  expect([browser.asked, office.wishes]).toEqual([0, []]);

  expect(await pushes.turnOn()).toEqual({ kind: 'on' });

  expect(browser.asked).toBe(1);
  expect(office.wishes).toEqual(['ask', 'on']);
  expect(browser.keys).toEqual([office.pushKey]);
  expect(office.endpoint).toBe('https://push.test/a');
  expect(await pushes.state()).toBe('on');
});

it.each([
  ['denied', 'refused-by-browser', 'refused'],
  ['default', 'not-answered', 'not-asked'],
  ['none', 'unavailable', 'unavailable'],
] as const)('tells the office nothing where the browser says %s', async (answer, kind, state) => {
  browser.answer = answer;

  expect(await pushes.turnOn()).toEqual({ kind });
  expect(await pushes.state()).toBe(state);
  expect(office.wishes).toEqual([]);
});

it('says which of browser, office and network kept it from being on', async () => {
  browser.fault = 'no-service';
  expect(await pushes.turnOn()).toEqual({ kind: 'no-service' });
  browser.fault = null;
  office.faults.push(() => Promise.reject(new NoAnswer(false)));
  expect(await pushes.turnOn()).toEqual({ kind: 'offline' });
  office.pushKey = new Uint8Array();
  expect(await pushes.turnOn()).toEqual({ kind: 'not-offered' });
  expect(await pushes.state()).toBe('off');
  expect(await told()).toBeUndefined();
});

it('believes no answer that is not the office\'s own', async () => {
  const other = await FakeOffice.open();
  office.faults.push(async () => await other.ask(office.requests.at(-1) ?? no()).catch(() => no()));
  expect(await pushes.turnOn()).not.toEqual({ kind: 'on' });
  expect(await told()).toBeUndefined();
});

it('ends here and at the office; without network here at least', async () => {
  await pushes.turnOn();
  expect(await pushes.turnOff()).toEqual({ kind: 'off' });
  expect([browser.address, office.woken.size, await told()]).toEqual([null, 0, undefined]);

  await pushes.turnOn();
  office.faults.push(() => Promise.reject(new NoAnswer(false)));
  expect(await pushes.turnOff()).toEqual({ kind: 'off' });
  expect([browser.address, await told()]).toEqual([null, undefined]);
});

it('stays on for the others of a shared tablet', async () => {
  await pushes.turnOn();
  const [tam] = office.woken;
  await phone.signIn('an', 'luudong-demo');
  expect(await pushes.state()).toBe('off');
  await pushes.turnOn();
  expect(browser.asked).toBe(1);

  expect(await pushes.turnOff()).toEqual({ kind: 'off' });

  expect([...office.woken]).toEqual([tam]);
  expect(browser.address).not.toBeNull();
  await phone.workAs(tam ?? no());
  expect(await pushes.state()).toBe('on');
});

it('tells the office of another address, whoever is at work', async () => {
  await pushes.turnOn();
  await phone.workAs(null);
  browser.address = addressAt('b');

  await pushes.mind(false);
  await pushes.mind(false);

  expect(office.wishes).toEqual(['ask', 'on', 'move']);
  expect(office.endpoint).toBe('https://push.test/b');
});

it('comes back where the office forgot it, or has another key', async () => {
  await pushes.turnOn();
  office.woken.clear();
  await pushes.mind(false);
  expect(office.woken.size).toBe(0);
  await pushes.mind(true);
  expect(office.woken.size).toBe(1);

  office.woken.clear();
  office.pushKey = new Uint8Array(65).fill(5);
  await pushes.mind(true);
  expect(browser.keys.at(-1)).toEqual(office.pushKey);
  expect(office.woken.size).toBe(1);
});

it('does not ask again for what the browser took away', async () => {
  await pushes.turnOn();
  browser.now = 'denied';

  await pushes.mind(false);

  expect([office.woken.size, await told(), browser.asked]).toEqual([0, undefined, 1]);
  expect(await pushes.state()).toBe('refused');
});

it('takes a browser that does not answer for nothing', async () => {
  await pushes.turnOn();
  browser.isSlow = true;

  await pushes.mind(true);

  expect(await pushes.state()).toBe('on');
  expect(office.wishes).toEqual(['ask', 'on']);
});

it('stays on for who signs in anew, and ends for them whole', async () => {
  await pushes.turnOn();
  await phone.signIn('tam', 'luudong-demo');
  expect(await pushes.state()).toBe('on');
  await pushes.mind(true);
  expect(office.wishes).toEqual(['ask', 'on', 'ask', 'on']);

  expect(await pushes.turnOff()).toEqual({ kind: 'off' });
  expect(await pushes.state()).toBe('off');
  expect([browser.address, await told()]).toEqual([null, undefined]);
});

it('is minded whenever the app starts or is shown', async () => {
  await pushes.turnOn();
  const stop = phone.start();
  browser.address = addressAt('c');
  world.wake();
  await settled();
  stop();

  expect(office.endpoint).toBe('https://push.test/c');
});
