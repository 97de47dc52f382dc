/** Joining, signing in, the lock, settings, and what is not there. */
import { expect } from 'vitest';
import { keepMark } from '../../src/live/phone_mark';
import { begunAnewWords } from '../../src/parts/begun_anew_words';
import { LONG, NOW, draft, dossier, many, personHere, seat, type Facts } from './phones';
import { onlooker, opening, showing, w, workingOffline, type Row } from './stands';

const NOBODY: Partial<Facts> = { device: null, seats: [], people: [] };
const UNLOCKED: Partial<Facts> = { people: [], seats: [] };
const LOCKED: Partial<Facts> = { isLocked: true, people: [{ ...personHere('Nguyễn Văn An'), isOpen: false }] };
/** All who work in a district, on one phone. */
const PEOPLE = 30;
const COLLEAGUES: Partial<Facts> = {
  people: many((n) => ({ ...personHere(`${LONG} ${n}`, n + 3), isOpen: false }), PEOPLE), seats: many((n) => seat(`${LONG} ${n}`, n + 3), PEOPLE),
};
const refused = (code: string) => () => Promise.resolve({ kind: 'refused', code, retryAfterSeconds: null } as const);
const offline = () => Promise.resolve({ kind: 'offline' } as const);
/** FAULT-31 */
const unreachable = () => Promise.resolve({ kind: 'unreachable' } as const);
const wrongDate = () => Promise.resolve({ kind: 'wrong-date', date: { side: 'behind', shows: NOW, known: NOW + 864e5 } } as const);
/** FAULT-9: a phone whose browser dropped its store, and nothing else. */
async function withMark(deed: () => Promise<void>): Promise<void> {
  keepMark({ officeName: 'Chi nhánh Mỹ Đức', device: 2, label: LONG, exchangedAt: NOW - 3_600_000, changes: 7, photos: 12, drafts: 1 });
  await deed();
}
const LEADS_ON = 'it says one thing and leads on: no list, nothing that is fetched';

async function join(deeds: Facts['deeds'], stands: Parameters<typeof showing>[2]): Promise<void> {
  await showing('#/enrol/ABCD', { ...NOBODY, deeds }, async (shown) => {
    await shown.fill('label', 'Máy bảng xe 1');
    await shown.press(w('app.enrol.send'));
    await stands(shown);
  })();
}

async function signIn(deeds: Facts['deeds'], stands: Parameters<typeof showing>[2]): Promise<void> {
  await showing('#/sign-in', { ...UNLOCKED, deeds }, async (shown) => {
    for (const [name, value] of Object.entries({ staff: 'an', secret: 'x', pin: '258036', pinAgain: '258036' })) await shown.fill(name, value);
    await shown.press(w('app.sign-in.send'));
    await stands(shown);
  })();
}

async function unlock(deeds: Facts['deeds'], stands: Parameters<typeof showing>[2]): Promise<void> {
  await showing('#/', { ...LOCKED, deeds }, async (shown) => {
    await shown.fill('pin', '258036');
    await shown.press(w('app.lock.open'));
    await stands(shown);
  })();
}

export const entering: Readonly<Record<'welcome' | 'enrol' | 'sign-in' | 'lock' | 'settings' | 'not-found', Row>> = {
  'welcome': {
    empty: showing('#/', NOBODY, (shown) => { shown.reads(w('app.welcome.title'), w('app.welcome.step1')).offers(w('app.welcome.start')); }),
    busy: opening('#/', NOBODY),
    offline: showing('#/', { ...NOBODY, connection: { state: 'offline' } }, (shown) => { shown.offers(w('app.welcome.start')); }),
    error: () => withMark(async () => {
      await showing('#/', NOBODY, (shown) => {
        expect(shown.count('[data-lost-store="2"]')).toBe(1);
        shown.reads(begunAnewWords('lost'), LONG, begunAnewWords('lost.unsent', { changes: 7, photos: 12, drafts: 1 }), begunAnewWords('lost.do')).offers(w('app.welcome.start'));
      })();
    }),
    much: LEADS_ON,
  },
  'enrol': {
    empty: showing('#/enrol', NOBODY, async (shown) => {
      await shown.press(w('app.enrol.send'));
      shown.reads(w('app.enrol.need-code'), w('app.enrol.need-label'));
    }),
    busy: () => join({}, (shown) => { shown.refuses(w('app.enrol.sending')); }),
    // To join is the one thing, beside signing in, that cannot be done without a network: said, and offered again.
    offline: () => join({ enrol: offline }, (shown) => { shown.reads(w('app.trouble.offline')).offers(w('app.enrol.send')); }),
    error: async () => {
      await join({ enrol: refused('unknown-code') }, (shown) => { shown.reads(w('app.trouble.refused.unknown-code')).offers(w('app.enrol.send')); });
      await withMark(async () => {
        await showing('#/enrol/ABCD', NOBODY, (shown) => {
          shown.reads(begunAnewWords('lost.safe', { time: '08:00' }));
          expect(shown.main.querySelector<HTMLInputElement>('[name="label"]')?.value).toBe(LONG);
        })();
      });
      await join({ enrol: wrongDate }, (shown) => {
        shown.reads(w('app.trouble.date-behind', { shows: '09:00, 22/11/2026', known: '23/11/2026' })).offers(w('app.enrol.send'));
      });
    },
    much: showing('#/enrol', { device: { officeName: LONG } }, (shown) => { shown.reads(LONG).offers(w('app.not-found.home')); }),
  },
  'sign-in': {
    empty: showing('#/sign-in', UNLOCKED, async (shown) => {
      await shown.press(w('app.sign-in.send'));
      shown.reads(w('app.sign-in.need-staff'), w('app.sign-in.need-secret'));
    }),
    busy: () => signIn({}, (shown) => { shown.refuses(w('app.sign-in.sending')); }),
    offline: () => signIn({ signIn: offline }, (shown) => { shown.reads(w('app.trouble.offline')).offers(w('app.sign-in.send')); }),
    error: async () => {
      await signIn({ signIn: refused('wrong-secret') }, (shown) => { shown.reads(w('app.trouble.refused.wrong-secret')).offers(w('app.sign-in.send')); });
      await signIn({ signIn: unreachable }, (shown) => { shown.reads(w('app.trouble.unreachable', { host: location.host })).offers(w('app.sign-in.send')); });
    },
    much: showing('#/sign-in', COLLEAGUES, async (shown) => {
      expect(shown.count('[data-seat]')).toBe(8);
      await shown.press(w('app.more', { n: 8 }));
      expect(shown.count('[data-seat]')).toBe(16);
      await shown.fill('find-person', `${LONG} 29`);
      expect(shown.count('[data-seat]')).toBe(1);
      shown.reads(`${LONG} 29`).offers(w('app.sign-in.send'));
    }),
  },
  'lock': {
    empty: showing('#/', LOCKED, async (shown) => {
      expect(shown.count('[data-person]')).toBe(0);
      await shown.press(w('app.lock.open'));
      shown.reads(w('app.lock.need-pin'));
    }),
    busy: () => unlock({}, (shown) => { shown.refuses(w('app.lock.opening')); }),
    offline: workingOffline('#/', LOCKED, w('app.lock.open'), w('app.lock.forgot')),
    error: () => unlock({ unlock: () => Promise.resolve({ kind: 'wrong-pin', left: 4, waitSeconds: 0 } as never) }, (shown) => {
      expect(shown.count('[data-error-summary]')).toBe(1);
      shown.offers(w('app.lock.open'), w('app.lock.forgot'));
    }),
    much: showing('#/dossiers', { ...COLLEAGUES, isLocked: true, dossiers: many((n) => dossier(n)), drafts: many((n) => draft(n)) }, async (shown) => {
      expect(shown.count('[data-person]')).toBeLessThanOrEqual(9);
      await shown.press(w('app.more', { n: 8 }));
      expect(shown.count('[data-person]')).toBeGreaterThan(15);
      await onlooker.look();
      await shown.fill('find-person', `${LONG} 29`);
      await shown.check('[data-person]');
      await shown.fill('find-person', `${LONG} 3`);
      // Who was chosen keeps the PIN field, whatever is sought.
      shown.reads(w('app.lock.pin', { name: `${LONG} 29` }));
      await shown.fill('find-person', '');
      expect(shown.count('[data-person][aria-pressed="true"]')).toBe(1);
      await shown.fill('find-person', 'không có ai');
      shown.reads(w('app.dossiers.none', { words: 'không có ai' })).offers(w('app.lock.open'));
      // Whoever has it in hand reads nothing of anybody.
      expect(shown.words).not.toContain('Đào Thị Vân Khánh');
    }),
  },
  'settings': {
    empty: showing('#/settings', NOBODY, (shown) => { shown.reads(w('app.settings.device.none')).offers(w('app.welcome.start')); }),
    busy: opening('#/settings'),
    offline: workingOffline('#/settings', {}, w('app.lock.now'), w('app.pin.change'), w('app.settings.people.add')),
    error: showing('#/settings', { deeds: { workOffline: () => Promise.reject(new Error('the store')) } }, async (shown) => {
      await shown.check('[name="workOffline"]');
      shown.reads(w('app.settings.failed'));
      // What is shown is what holds.
      expect(shown.count('[name="workOffline"]:checked')).toBe(0);
    }),
    much: showing('#/settings', { ...COLLEAGUES, device: { officeName: LONG, label: LONG } }, (shown) => {
      shown.reads(LONG, `${LONG} 29`).offers(w('app.settings.people.add'));
    }),
  },
  'not-found': {
    empty: showing('#/nowhere', {}, (shown) => { shown.reads(w('app.not-found.title')).offers(w('app.not-found.home')); }),
    busy: LEADS_ON,
    offline: workingOffline('#/nowhere', {}, w('app.not-found.home')),
    error: LEADS_ON,
    much: LEADS_ON,
  },
};

