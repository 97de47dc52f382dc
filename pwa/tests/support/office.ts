/**
 * A small office: as much of the real one as a phone can tell. It takes logs by the same rules,
 * folds records, numbers one feed an area, and signs what it says.
 */
import { newKeys, publicBytes, signerOf, verify } from '../../src/device/keys';
import { type Net, type NetAnswer, type NetRequest, NoAnswer } from '../../src/device/world';
import { isTooOld } from '../../src/sync/app_version';
import type { Batch } from '../../src/sync/batch';
import { bundleDigest } from '../../src/sync/bundle';
import { type Bytes, concat, fromHex, hex } from '../../src/sync/bytes';
import * as chain from '../../src/sync/chain';
import { sha256 } from '../../src/sync/chain';
import type { LinkedChange } from '../../src/sync/change';
import { readEnvelope } from '../../src/sync/exchange';
import { STATE_MAC_BYTES } from '../../src/sync/limits';
import { takeBatch } from '../../src/sync/log';
import { type Packable, pack } from '../../src/sync/pack';
import { keyName, signedPart } from '../../src/sync/receipt';
import { type State, emptyState, encodeState, fold, shown } from '../../src/sync/record';
import { Refusal } from '../../src/sync/refusals';
import { Shape } from '../../src/sync/shape';
import { type Purpose, requireSignature, sign } from '../../src/sync/signature';
import { batchFrom } from './messages';
import { BundleKey } from './opening';

export interface OfficeLog {
  readonly seat: number;
  readonly device: number;
  readonly publicKey: Bytes;
  readonly changes: LinkedChange[];
}

interface FeedEntry {
  readonly record: string;
  readonly number: number;
}

const MESSAGE = 'application/vnd.msgpack';
export const AREA = '10441';
export const REFERENCE = { catalogue: { catalogue_version: '2026-11' }, areas: [], version: '1' };

/** What one exchange said, for tests to look at. */
export interface Heard {
  readonly device: number;
  readonly order: number;
  readonly logs: number;
  readonly shown: readonly string[];
  readonly offered: readonly { readonly state: Bytes; readonly mac: Bytes }[];
  readonly receipts: readonly number[];
  readonly lists: number;
}

export class FakeOffice implements Net {
  readonly logs = new Map<number, OfficeLog>();
  readonly devices = new Map<number, { readonly publicKey: Bytes; status: string; last: number }>();
  readonly requests: NetRequest[] = [];
  /** What came under a seat with another log: kept, not merged. */
  readonly branches: Batch[] = [];
  epoch = 1;
  time = Date.UTC(2026, 10, 22, 7, 20, 0);
  statesAPage = 100;
  feed: FeedEntry[] = [];
  /** What the next answers bring to keep. */
  papers: Packable[] = [];
  private readonly lostLogs = new Map<number, OfficeLog>();
  private readonly lostDevices: typeof this.devices = new Map();
  left: string[] = [];
  /** Records that a reader is not given any more, by seat. */
  readonly withheld = new Map<number, string>();
  dropped: string[] = [];
  added: string[] = [];
  directory: Packable[] = [];
  /** Leases for whoever reads; what each request named of them is in `named`. */
  leases: Packable[] = [];
  readonly named: (readonly (readonly [number, number])[])[] = [];
  findings: Packable[] = [];
  minVersion = '0.1.0';
  shown: Packable[] = [];
  /** The number of the list of erasures that each request named. */
  readonly lists: number[] = [];
  /** What revoked devices are given, and what each request said of orders. */
  order: Packable = null;
  readonly heard: Heard[] = [];
  /** Opens the office's attachments. */
  token: string | null = null;
  /** What happens to the next requests, first to first, instead of an answer or to it. */
  readonly faults: ((answer: () => Promise<NetAnswer>) => Promise<NetAnswer>)[] = [];
  /** What becomes of bundles instead of being opened, by the answer's code; first to first. */
  readonly bundleCodes: string[] = [];
  /** How far a backup covers the logs, by seat. */
  readonly safe = new Map<number, number>();
  /** Wishes to be woken as they came, and what stands after them; no key: it wakes nobody. */
  readonly wishes: string[] = [];
  readonly woken = new Set<number>();
  endpoint = '';
  pushKey: Bytes = new Uint8Array(65).fill(4);
  readonly bundleKey: BundleKey;
  readonly keys: CryptoKeyPair;
  private readonly publicKey: Bytes;

  private constructor(keys: CryptoKeyPair, publicKey: Bytes, bundleKey: BundleKey) {
    this.keys = keys;
    this.publicKey = publicKey;
    this.bundleKey = bundleKey;
  }

  static async open(given?: CryptoKeyPair): Promise<FakeOffice> {
    const keys = given ?? (await newKeys());
    return new FakeOffice(keys, await publicBytes(keys), await BundleKey.make());
  }

  async ask(request: NetRequest): Promise<NetAnswer> {
    this.requests.push(request);
    const fault = this.faults.shift();
    const answer = async (): Promise<NetAnswer> => await this.answer(request);
    return fault === undefined ? await answer() : await fault(answer);
  }

  state(record: string): State | null {
    const changes = [...this.logs.values()].flatMap((log) => log.changes);
    const own = changes.filter(
      ({ skeleton }) => hex(skeleton?.record ?? new Uint8Array()) === record,
    );
    const first = own[0]?.skeleton;
    return first === undefined || first === null
      ? null
      : fold(emptyState(first.record, first.kind), own).state;
  }

  private async answer(request: NetRequest): Promise<NetAnswer> {
    if (request.path === '/sync/reference') return await this.answerReference(request);
    const envelope = readEnvelope(request.body ?? new Uint8Array());
    const message = Shape.read(envelope.message, 'a request');
    if (request.path === '/sync/enrolment') return await this.enrol(message);
    this.takeBack(message);
    const device = this.devices.get(message.integer('device'));
    if (device === undefined) return problem(401, 'unknown-device');
    if (device.status !== 'confirmed' && device.status !== 'revoked') {
      return problem(403, `device-${device.status}`);
    }
    if (request.path === '/sync/seats') return await this.seat(message);
    if (request.path === '/sync/push') return await this.wish(message, envelope.seatSignature !== null);
    return await this.exchange(message, device);
  }

  private async answerReference(request: NetRequest): Promise<NetAnswer> {
    if (request.etag === '"r1"') return { ...problem(304, ''), body: new Uint8Array() };
    const reference = { ...REFERENCE, bundle_key: this.bundleKey.publicKey };
    return { ...(await this.signed('reference', reference)), etag: '"r1"' };
  }

  private async enrol(message: Shape): Promise<NetAnswer> {
    if (message.text('code') !== 'good-code') return problem(404, 'unknown-code');
    const device = this.devices.size + 2;
    const publicKey = message.bytes('public_key');
    this.devices.set(device, { publicKey, status: 'unconfirmed', last: 0 });
    return await this.signed('response', {
      protocol: 1,
      office: 'test-office',
      office_name: 'Chi nhánh thử',
      office_key: this.publicKey,
      epoch: this.epoch,
      device,
      enrolment: { message: pack(['test-office', device]), signature: new Uint8Array(64) },
      time: this.time,
    });
  }

  private async wish(message: Shape, isSigned: boolean): Promise<NetAnswer> {
    const wish = message.text('wish');
    const seat = message.value('seat');
    this.wishes.push(wish);
    if (wish === 'on' && typeof seat === 'number') {
      if (!isSigned) return problem(401, 'bad-signature');
      this.woken.add(seat);
    }
    if (wish === 'off' && typeof seat === 'number') this.woken.delete(seat);
    if (wish === 'off' && seat === null) this.woken.clear();
    if (wish === 'on' || wish === 'move') this.endpoint = message.shape('push').text('endpoint');
    const said = { key: this.pushKey, seats: [...this.woken], time: this.time };
    const { office, device, number } = { office: 'test-office', device: message.integer('device'), number: message.integer('number') };
    return await this.signed('response', { protocol: 2, office, device, number, ...said });
  }

  private async seat(message: Shape): Promise<NetAnswer> {
    if (message.text('secret') !== 'luudong-demo') return problem(403, 'wrong-secret');
    const seat = this.logs.size + 11;
    const publicKey = message.bytes('public_key');
    this.logs.set(seat, { seat, device: message.integer('device'), publicKey, changes: [] });
    return await this.signed('response', {
      ...this.echo(message),
      seat,
      person: { staff: message.text('staff'), name: 'Lê Thị Tâm', role: 'helper', team: null },
      areas: [AREA],
      certificate: await this.paper('certificate', [
        ...['test-office', message.integer('device'), seat, message.text('staff')],
        ...[publicKey, this.time],
      ]),
    });
  }

  private async exchange(
    message: Shape,
    device: { readonly publicKey: Bytes; status: string; last: number },
  ): Promise<NetAnswer> {
    const batches = message.shapes('batches').map(batchFrom);
    const refusals = await this.takeBatches(message.integer('device'), batches);
    const opened: Packable[] = [];
    for (const raw of message.has('sealed') ? message.list('sealed') : []) {
      const bundle = pack(raw);
      const code = this.bundleCodes.shift() ?? (await this.takeBundle(bundle));
      opened.push({ bundle: fromHex(bundleDigest(bundle)), code });
    }
    const isNew = message.integer('number') > device.last;
    device.last = Math.max(device.last, message.integer('number'));
    const seats = message.shapes('logs').map((log) => log.integer('seat'));
    const known = seats.filter((seat) => this.logs.has(seat));
    const isRevoked = device.status === 'revoked';
    const isOld = isTooOld(message.text('app_version'), this.minVersion);
    const hasReader = isNew && !isRevoked && !isOld && message.value('seat') !== null;
    const lists = message.has('lists') ? message.shape('lists') : new Shape({}, 'no lists');
    this.lists.push(numberIn(lists, 'erasures'));
    const leases = message.has('leases') ? message.shapes('leases') : [];
    this.named.push(leases.map((one) => [one.integer('lease'), one.integer('used')] as const));
    this.heard.push({
      device: message.integer('device'),
      order: numberIn(message, 'order'),
      logs: seats.length,
      shown: shownIn(message),
      offered: message.shapes('offered').map((one) => {
        return { state: one.bytes('state'), mac: one.bytes('mac') };
      }),
      receipts: message.shapes('receipts').map((one) => one.integer('held')),
      lists: numberIn(lists, 'revocations'),
    });
    return await this.signed('response', {
      ...this.echo(message),
      receipts: await Promise.all(known.map(async (seat) => await this.receipt(seat))),
      refusals,
      pages: hasReader ? this.pages(message) : {},
      dropped: this.dropped,
      added: this.added,
      directory: this.directory,
      findings: this.findings,
      leases: hasReader ? this.leases : [],
      reference: 'r1',
      min_version: this.minVersion,
      token: this.token,
      shown: [...this.papers, ...this.shown],
      last_number: device.last,
      order: isRevoked ? (this.order ?? (await this.stopOrder(message))) : null,
      opened,
    });
  }

  /** A list of erasures as the office signs it, or as `keys` do. */
  async signedErasures(
    number: number,
    entries: readonly (readonly [number, number, Bytes, Bytes?])[],
    keys = this.keys,
  ): Promise<Packable> {
    const listed = entries.map((entry) => entry.filter((one) => one !== undefined));
    const message = pack(['test-office', number, listed, this.time]);
    const signature = await sign(signerOf(keys), 'erasures', message);
    return { purpose: 'erasures', message, signature };
  }

  /** An order as the office signs it, or as `keys` do. */
  async signedOrder(
    device: number,
    number: number,
    action: string,
    keys = this.keys,
  ): Promise<Packable> {
    const message = pack(['test-office', device, number, action, this.time]);
    return { message, signature: await sign(signerOf(keys), 'order', message) };
  }

  private async stopOrder(message: Shape): Promise<Packable> {
    return await this.signedOrder(message.integer('device'), 0, 'stop');
  }

  private async takeBatches(device: number, batches: readonly Batch[]): Promise<Packable[]> {
    const refusals: Packable[] = [];
    for (const batch of batches) {
      const log = this.logs.get(batch.seat);
      if (log?.device !== device) {
        refusals.push({ seat: batch.seat, first: batch.first, code: 'unknown-seat' });
        continue;
      }
      try {
        const taken = await takeBatch(verify, batch, 'test-office', {
          publicKey: log.publicKey,
          last: log.changes.length,
          headAt: (seq) => headAt(log, seq),
        });
        log.changes.push(...taken);
        for (const { skeleton } of taken) {
          if (skeleton?.kind === 'dossier') this.touch(hex(skeleton.record));
        }
      } catch (refusal) {
        if (!(refusal instanceof Refusal)) throw refusal;
        if (refusal.code === 'fork') this.branches.push(batch);
        refusals.push({ seat: batch.seat, first: batch.first, code: refusal.code });
      }
    }
    return refusals;
  }

  private async takeBundle(raw: Bytes): Promise<string> {
    const { device, batches, message, signature } = await this.bundleKey.open(raw);
    const publicKey = this.devices.get(device)?.publicKey;
    if (publicKey === undefined) return 'unknown-device';
    await requireSignature(verify, publicKey, 'bundle', message, signature);
    const refusals = await this.takeBatches(device, batches);
    const codes = refusals.map((one) => (one as { readonly code: string }).code);
    return codes.find((code) => code !== 'fork') ?? '';
  }

  touch(record: string): void {
    const number = Math.max(0, ...this.feed.map((entry) => entry.number)) + 1;
    this.feed = [...this.feed.filter((entry) => entry.record !== record), { record, number }];
  }

  private pages(message: Shape): Packable {
    const cursor = message.shape('cursors').integer(AREA);
    const withheld = this.withheld.get(message.integer('seat'));
    const due = this.feed.filter(({ number, record }) => number > cursor && record !== withheld);
    const now = due.slice(0, this.statesAPage);
    const entries = now.map(({ record }) => this.entry(record));
    const last = now.at(-1)?.number ?? cursor;
    const macs = concat(...entries.map(markOf));
    const page = { entries: concat(...entries), cursor: last, macs };
    return { [AREA]: { ...page, more: due.length > now.length } };
  }

  /** A paper as this office signs it, or as `keys` do. */
  async paper(purpose: Purpose, places: Packable, keys = this.keys): Promise<Packable> {
    const message = pack(places);
    return { purpose, message, signature: await sign(signerOf(keys), purpose, message) };
  }

  /** The office is put back to a time before these logs, seats and devices: a new epoch. */
  fallBack(lost: { readonly logs?: number[]; readonly seats?: number[]; readonly devices?: number[] }): void {
    this.epoch++;
    for (const seat of lost.logs ?? []) this.logs.get(seat)?.changes.splice(0);
    for (const seat of lost.seats ?? []) move(this.logs, this.lostLogs, seat);
    for (const device of lost.devices ?? []) move(this.devices, this.lostDevices, device);
    this.feed = this.feed
      .filter(({ record }) => this.state(record) !== null)
      .map((entry) => ({ ...entry, number: entry.number + 2 ** 32 }));
  }

  private takeBack(message: Shape): void {
    const shown = shownIn(message);
    if (shown.includes('enrolment')) move(this.lostDevices, this.devices, message.integer('device'));
    if (!shown.includes('certificate')) return;
    for (const seat of [...this.lostLogs.keys()]) move(this.lostLogs, this.logs, seat);
  }

  private entry(record: string): Bytes {
    const state = this.state(record);
    if (state === null) throw new Error('a feed names a record that is not there');
    return this.left.includes(record) ? pack([0, state.record]) : encodeState(state);
  }

  private async receipt(seat: number): Promise<Packable> {
    const log = this.logs.get(seat);
    const held = log?.changes.length ?? 0;
    const head = log === undefined ? new Uint8Array(32) : headAt(log, held);
    const unsigned = {
      office: 'test-office',
      key: keyName(this.publicKey),
      epoch: this.epoch,
      seat,
      held,
      safe: Math.min(this.safe.get(seat) ?? 0, held),
      head,
      time: this.time,
    };
    return { ...unsigned, signature: await this.sign('receipt', signedPart(unsigned)) };
  }

  private echo(message: Shape): Record<string, Packable> {
    return {
      protocol: 1,
      office: message.text('office'),
      device: message.integer('device'),
      number: message.integer('number'),
      epoch: this.epoch,
      time: this.time,
    };
  }

  private async signed(purpose: Purpose, message: Packable): Promise<NetAnswer> {
    const bytes = pack(message);
    const envelope = {
      message: bytes,
      signature: await this.sign(purpose, bytes),
      seat_signature: null,
    };
    return {
      status: 200,
      contentType: MESSAGE,
      etag: null,
      retryAfter: null,
      body: pack(envelope),
    };
  }

  private async sign(purpose: Purpose, message: Bytes): Promise<Bytes> {
    return await sign(signerOf(this.keys), purpose, message);
  }

  shownIn(record: string, field: string): unknown {
    const state = this.state(record);
    return state === null ? null : shown(state, field);
  }
}

/** The mark that this office puts on an entry of a page. */
export function markOf(entry: Bytes): Bytes {
  return sha256(entry).slice(0, STATE_MAC_BYTES);
}

function shownIn(message: Shape): string[] {
  return message.has('shown') ? message.shapes('shown').map((one) => one.text('purpose')) : [];
}

function move<T>(from: Map<number, T>, to: Map<number, T>, number: number): void {
  const found = from.get(number);
  if (found === undefined) return;
  from.delete(number);
  to.set(number, found);
}

/** The answer never comes, though the office has heard. */
export async function lostOnTheWayBack(answer: () => Promise<NetAnswer>): Promise<NetAnswer> {
  await answer();
  throw new NoAnswer(false);
}

export function problem(status: number, code: string, retryAfter: number | null = null): NetAnswer {
  const body = pack({ type: 'about:blank', title: code, status, code, detail: '' });
  return { status, contentType: MESSAGE, etag: null, retryAfter, body };
}

function headAt(log: OfficeLog, seq: number): Bytes {
  return seq === 0
    ? chain.start(log.publicKey)
    : (log.changes[seq - 1]?.head ?? new Uint8Array(32));
}

function numberIn(shape: Shape, name: string): number {
  return shape.has(name) ? shape.integer(name) : 0;
}
