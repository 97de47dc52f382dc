/** The exchange of a phone with an office, on good links and bad ones. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { Phone } from '../../src/device/port';
import { enrolledPhone, joinOffice, sealOne } from '../support/enrolled';
import { AREA, type FakeOffice, lostOnTheWayBack, problem } from '../support/office';
import type { TestWorld } from '../support/world';

let office: FakeOffice;
let world: TestWorld;
let phone: Phone;

beforeEach(async () => {
  ({ office, world, phone } = await enrolledPhone());
});

describe('a dossier', () => {
  it('is saved, then received with the time of the receipt', async () => {
    const record = await sealOne({ phone, world }, { 'answers.child_full_name': 'Bé An' });

    expect(await phone.dossierTruth(record)).toEqual({ place: 'saved' });
    expect(await phone.exchangeNow()).toMatchObject({ kind: 'done', received: 1 });
    expect(await phone.dossierTruth(record)).toEqual({
      place: 'received',
      receivedAt: office.time,
    });
    expect(office.shownIn(record, 'answers.child_full_name')).toBe('Bé An');
  });

  it('is sent again, and taken once, when the answer is lost', async () => {
    const record = await sealOne({ phone, world });
    office.faults.push(lostOnTheWayBack);

    expect(await phone.exchangeNow()).toEqual({ kind: 'offline' });
    expect(await phone.dossierTruth(record)).toEqual({ place: 'saved' });
    expect(await phone.exchangeNow()).toMatchObject({ kind: 'done', received: 1 });
    expect(office.logs.get(11)?.changes).toHaveLength(1);
  });

  it('of the desk comes down with the name of its author', async () => {
    const record = await sealOne({ phone, world }, { 'answers.applicant_full_name': 'Bà Lan' });
    await phone.exchangeNow();
    const { phone: other } = await joinOffice(office, 'an');
    await other.exchangeNow();
    await other.revise(record, { 'answers.applicant_full_name': 'Bà Lan Anh' }, 'Sai tên');
    await other.exchangeNow();
    office.directory = [
      { seat: 12, name: 'Nguyễn Văn An', role: 'receiving_officer', device: 'Máy 2' },
    ];

    await phone.exchangeNow();

    const field = (await phone.dossier(record))?.fields.get('answers.applicant_full_name');
    expect(field?.head).toMatchObject({ value: 'Bà Lan Anh', by: 'Nguyễn Văn An' });
    expect((await phone.dossier(record))?.notes[0]?.reason).toBe('Sai tên');
  });

  // FAULT-49
  it('that comes between opening a form and sealing it stands beside what was typed', async () => {
    const record = await sealOne({ phone, world }, { 'answers.phone': '1' });
    await phone.exchangeNow();
    const { phone: other } = await joinOffice(office, 'an');
    await other.exchangeNow();
    const opened = await phone.dossier(record);
    await other.revise(record, { 'answers.phone': '2' }, 'x');
    await other.exchangeNow();
    await phone.exchangeNow();

    const typed = { 'answers.phone': '3' };
    await phone.revise(record, typed, 'y', opened?.seen);
    await phone.revise(record, { 'answers.phone': '4' }, 'z', opened?.seen);

    const field = (await phone.dossier(record))?.fields.get('answers.phone');
    const values = [field?.head, ...(field?.rivals ?? [])].map((head) => head?.value);
    expect(values.sort()).toEqual(['2', '4']);
  });

  // FAULT-49
  it('edited apart by two people keeps both values as a conflict', async () => {
    const record = await sealOne({ phone, world }, { 'answers.phone': '1' });
    await phone.exchangeNow();
    const { phone: other } = await joinOffice(office, 'an');
    await other.exchangeNow();
    await other.revise(record, { 'answers.phone': '2', 'answers.email': 'b' }, 'x');
    await phone.revise(record, { 'answers.phone': '3', 'answers.note': 'c' }, 'y');
    await other.exchangeNow();
    await phone.exchangeNow();
    await other.exchangeNow();

    for (const one of [phone, other]) {
      const dossier = await one.dossier(record);
      expect(dossier?.conflicts).toEqual(['answers.phone']);
      const values = dossier?.fields.get('answers.phone');
      expect([values?.head, ...(values?.rivals ?? [])].map((head) => head?.value).sort()).toEqual([
        '2',
        '3',
      ]);
      expect(dossier?.fields.get('answers.note')?.head.value).toBe('c');
      expect(dossier?.fields.get('answers.email')?.head.value).toBe('b');
    }
  });

  it('leaves the phone when no feed holds it, but not while something is unsent', async () => {
    const [gone, edited] = [await sealOne({ phone, world }), await sealOne({ phone, world })];
    await phone.exchangeNow();
    office.left = [gone, edited];
    office.touch(gone);
    office.touch(edited);
    await phone.revise(edited, { 'answers.phone': '9' }, 'x');
    // The mark comes, but the change does not get out.
    await world.store.changeSeat(11, { trouble: 'log-forked' });
    await phone.exchangeNow();

    expect(await phone.dossier(gone)).toBeNull();
    expect(await phone.dossier(edited)).not.toBeNull();
  });
});

describe('many dossiers', () => {
  it('go up and come down in as many rounds as they need', async () => {
    const records: string[] = [];
    for (let place = 0; place < 25; place++) records.push(await sealOne({ phone, world }));
    office.statesAPage = 4;

    expect(await phone.exchangeNow()).toMatchObject({ kind: 'done', received: 25, more: false });
    expect((await world.store.cursors()).get(`11/${AREA}`)).toBe(25);
    expect(await phone.outbox()).toMatchObject({ changes: 0, records: [], oldestAt: null });
  });

  it('go in smaller batches after a failure', async () => {
    const answer = 'x'.repeat(19_000);
    for (let place = 0; place < 20; place++)
      await sealOne({ phone, world }, { 'answers.note': answer });
    office.faults.push(lostOnTheWayBack, lostOnTheWayBack);
    await phone.exchangeNow();
    await phone.exchangeNow();
    const sizes = office.requests.slice(-2).map(({ body }) => body?.length ?? 0);

    expect(sizes[1]).toBeLessThan((sizes[0] ?? 0) / 2);
    expect(await phone.exchangeNow()).toMatchObject({ kind: 'done', more: false });
  });
});

describe('what is no answer of the office', () => {
  const html = new TextEncoder().encode('<html>Đăng nhập Wi-Fi</html>');
  const page = { status: 200, contentType: 'text/html', etag: null, retryAfter: null, body: html };

  it.each([
    ['a page of a portal', page, 'captive'],
    ['a page with our type', { ...page, contentType: 'application/vnd.msgpack' }, 'offline'],
    ['a redirect', { ...page, status: 302 }, 'captive'],
    ['an unsigned refusal', { ...page, status: 403 }, 'captive'],
    ['a broken server', { ...page, status: 502 }, 'server-error'],
    ['a busy server', problem(503, 'busy', 30), 'busy'],
  ])('%s changes nothing', async (_name, answer, kind) => {
    const record = await sealOne({ phone, world });
    office.faults.push(() => Promise.resolve(answer));

    expect((await phone.exchangeNow()).kind).toBe(kind);
    expect(await phone.dossierTruth(record)).toEqual({ place: 'saved' });
  });

  // FAULT-26, FAULT-27, FAULT-28
  it('is recognised when it is cut, bent or replayed', async () => {
    const record = await sealOne({ phone, world });
    let kept: Awaited<ReturnType<FakeOffice['ask']>> | undefined;
    office.faults.push(async (answer) => {
      kept = await answer();
      return { ...kept, body: kept.body.slice(0, -20) };
    });
    const cut = await phone.exchangeNow();
    office.faults.push(async (answer) => {
      const whole = await answer();
      const body = whole.body.slice();
      body[60] = (body[60] ?? 0) ^ 1;
      return { ...whole, body };
    });
    const bent = await phone.exchangeNow();
    office.faults.push(() => Promise.resolve(kept ?? page));
    const replayed = await phone.exchangeNow();

    expect([cut.kind, bent.kind, replayed.kind]).toEqual(['offline', 'untrusted', 'untrusted']);
    expect(await phone.dossierTruth(record)).toEqual({ place: 'saved' });
  });
});

describe('a log that the office holds otherwise', () => {
  it('is offered again by the button when it was refused', async () => {
    const record = await sealOne({ phone, world });
    const known = office.logs.get(11);
    office.logs.delete(11);
    await phone.exchangeNow();
    const refused = await phone.dossierTruth(record);
    if (known !== undefined) office.logs.set(11, known);
    await phone.exchangeNow();

    expect(refused).toEqual({ place: 'attention', why: 'log-refused' });
    expect(await phone.dossierTruth(record)).toMatchObject({ place: 'received' });
  });

  it('is handed in from the start, then waits for a person', async () => {
    await sealOne({ phone, world });
    await phone.exchangeNow();
    const log = office.logs.get(11);
    const [held] = log?.changes ?? [];
    if (log === undefined || held === undefined) throw new Error('nothing was taken');
    log.changes[0] = { ...held, head: new Uint8Array(32) };
    const record = await sealOne({ phone, world });
    await phone.exchangeNow();

    expect(await phone.dossierTruth(record)).toEqual({ place: 'attention', why: 'log-forked' });
  });

  it('that goes further than the phone remembers is an old copy', async () => {
    const record = await sealOne({ phone, world });
    office.faults.push(lostOnTheWayBack);
    await phone.exchangeNow();
    const log = office.logs.get(11);
    const [held] = log?.changes ?? [];
    if (log === undefined || held === undefined) throw new Error('nothing was taken');
    log.changes.push(held);
    await phone.exchangeNow();

    expect(await phone.dossierTruth(record)).toEqual({ place: 'attention', why: 'log-old' });
  });
});

it('offers its log again when the office was restored from an old copy', async () => {
  const record = await sealOne({ phone, world });
  await phone.exchangeNow();
  office.logs.get(11)?.changes.splice(0);
  office.feed = [];
  office.epoch = 2;

  await phone.exchangeNow();

  expect(office.logs.get(11)?.changes).toHaveLength(1);
  expect(await phone.dossierTruth(record)).toMatchObject({ place: 'received' });
});

it('asks for an area that was added from then on, without anybody signing in', async () => {
  await phone.exchangeNow();
  office.added = ['09661'];
  office.faults.push(async (answer) => {
    const given = await answer();
    office.added = [];
    return given;
  });
  const before = office.requests.length;
  await phone.exchangeNow();

  expect((await phone.seats())[0]?.areas).toEqual([AREA, '09661']);
  expect(office.requests.length).toBe(before + 2);
});

it('forgets an area that it was told to drop, with what it held for it', async () => {
  const record = await sealOne({ phone, world });
  await phone.exchangeNow();
  office.dropped = [AREA];
  await phone.exchangeNow();

  expect(await phone.dossier(record)).toBeNull();
  expect(await world.store.cursors()).toEqual(new Map());
  expect((await phone.seats())[0]?.areas).toEqual([]);
});
