/**
 * Requests and responses of the `/sync/` doors, and the envelopes that they travel in.
 *
 * 1. The message of an envelope is kept as the bytes that were signed; nobody re-encodes it.
 * 2. What a reader does not know in a message, it ignores.
 * 3. From version 2 an empty field of an exchange is left out: nearly all are.
 */
import type { Batch } from './batch';
import { type Bytes, hex } from './bytes';
import { columnsOf } from './columns';
import { HASH_BYTES, PUBLIC_KEY_BYTES, SIGNATURE_BYTES } from './limits';
import type {
  Address,
  BundleOutcome,
  EnrolmentRequest,
  EnrolmentResponse,
  Envelope,
  ExchangeRequest,
  ExchangeResponse,
  Finding,
  Lease,
  Page,
  SeatRequest,
  SeatResponse,
  Shown,
  SignedBytes,
} from './messages';
import { type Packable, Packed, pack } from './pack';
import { readReceipt } from './receipt';
import { UnknownProtocol } from './refusals';
import { Shape } from './shape';
import { type Sign, sign } from './signature';

/** The version that this code writes, and all that it reads (docs/protocol.md, part 9). */
export const PROTOCOL = 3;
const PROTOCOLS_KNOWN: ReadonlySet<number> = new Set([1, 2, 3]);

export type * from './messages';

/** Signs the bytes of a message and gives the bytes of its envelope. */
export async function sealEnvelope(message: Bytes, device: Sign, seat?: Sign): Promise<Bytes> {
  return pack({
    message,
    signature: await sign(device, 'request', message),
    seat_signature: seat === undefined ? null : await sign(seat, 'seat', message),
  });
}

/** Reads an envelope; throws Malformed if it is none. Nothing is verified yet. */
export function readEnvelope(body: Bytes): Envelope {
  const shape = Shape.read(body, 'an envelope');
  return {
    message: shape.bytes('message'),
    signature: shape.bytes('signature', SIGNATURE_BYTES),
    seatSignature: shape.bytesOrNull('seat_signature', SIGNATURE_BYTES),
  };
}

export function writeEnrolmentRequest(request: EnrolmentRequest): Bytes {
  return pack({
    protocol: PROTOCOL,
    code: request.code,
    public_key: request.publicKey,
    label: request.label,
    app_version: request.appVersion,
    time: request.time,
  });
}

export function readEnrolmentResponse(message: Bytes): EnrolmentResponse {
  const shape = readMessage(message, 'an enrolment');
  return {
    office: shape.text('office'),
    officeName: shape.text('office_name'),
    officeKey: shape.bytes('office_key', PUBLIC_KEY_BYTES),
    epoch: shape.integer('epoch'),
    device: shape.integer('device', 1),
    enrolment: readSigned(shape.shape('enrolment')),
    time: shape.integer('time'),
  };
}

export function writeSeatRequest(request: SeatRequest): Bytes {
  const { office, device, number, time, staff, secret, publicKey } = request;
  return pack({
    protocol: PROTOCOL,
    office,
    device,
    number,
    time,
    staff,
    secret,
    public_key: publicKey,
  });
}

export function readSeatResponse(message: Bytes): SeatResponse {
  const shape = readMessage(message, 'an answer to a sign-in');
  const person = shape.shape('person');
  return {
    ...readAddress(shape),
    epoch: shape.integer('epoch'),
    time: shape.integer('time'),
    seat: shape.integer('seat', 1),
    person: {
      staff: person.text('staff'),
      name: person.text('name'),
      role: person.text('role'),
      team: person.textOrNull('team'),
    },
    areas: shape.texts('areas'),
    certificate: shape.has('certificate') ? readShown(shape.shape('certificate')) : null,
  };
}

export function writeExchangeRequest(request: ExchangeRequest): Bytes {
  const { office, device, number, time, epoch, logs, batches, seat } = request;
  return pack({
    protocol: PROTOCOL,
    office,
    device,
    number,
    time,
    epoch,
    ...filled({
      logs: logs.map(({ seat, last, head }) => ({ seat, last, head })),
      batches: batches.map(inColumns),
      seat,
      cursors: request.cursors,
    }),
    want: request.want,
    ...filled({ directory: request.directory }),
    app_version: request.appVersion,
    ...filled({
      receipts: request.receipts.map((receipt) => ({ ...receipt })),
      sealed: request.sealed.map((bundle) => new Packed(bundle)),
      offered: request.offered.map(({ state, mac }) => ({ state, mac })),
      shown: request.shown.map(({ purpose, message, signature }) => ({
        purpose,
        message,
        signature,
      })),
      lists: filled({ ...request.lists }),
      leases: request.leases.map(({ lease, used }) => ({ lease, used })),
      order: request.order,
    }),
  });
}

/** Leaves out what is empty, as most of a quiet request is; readers take it for that. */
function filled(fields: Readonly<Record<string, Packable>>): Record<string, Packable> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => !isEmpty(value)));
}

function isEmpty(value: Packable): boolean {
  if (value === null || value === 0) return true;
  if (value instanceof Map) return value.size === 0;
  if (value instanceof Uint8Array || value instanceof Packed) return false;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

export function readExchangeResponse(message: Bytes): ExchangeResponse {
  const shape = readMessage(message, 'an answer to an exchange');
  return {
    ...readAddress(shape),
    epoch: shape.integer('epoch'),
    time: shape.integer('time'),
    receipts: shape.shapes('receipts').map(readReceipt),
    refusals: shape.shapes('refusals').map((refusal) => ({
      seat: refusal.integer('seat'),
      first: refusal.integer('first'),
      code: refusal.text('code'),
    })),
    pages: shape.shapesByName('pages').map(([area, page]) => [area, readPage(page)]),
    dropped: shape.texts('dropped'),
    directory: shape.shapes('directory').map((entry) => ({
      seat: entry.integer('seat', 1),
      name: entry.text('name'),
      role: entry.text('role'),
      device: entry.text('device'),
    })),
    findings: shape.shapes('findings').map(readFinding),
    leases: shape.shapes('leases').map(readLease),
    reference: shape.text('reference'),
    minVersion: shape.text('min_version'),
    token: shape.longTextOrNull('token'),
    order: shape.has('order') ? readSigned(shape.shape('order')) : null,
    shown: shape.shapes('shown').map(readShown),
    lastNumber: shape.has('last_number') ? shape.integer('last_number') : 0,
    added: shape.texts('added'),
    opened: shape.shapes('opened').map(readOutcome),
  };
}

/** Opens a message of a version that this code knows; throws Malformed or UnknownProtocol. */
export function readMessage(message: Bytes, what: string): Shape {
  const shape = Shape.read(message, what);
  const protocol = shape.integer('protocol', 1);
  if (!PROTOCOLS_KNOWN.has(protocol)) throw new UnknownProtocol(protocol);
  return shape;
}

/** A batch with its changes one after the other. */
export function packableBatch(batch: Batch): Packable {
  const { protocol, seat, first, changes, head, signature } = batch;
  return { protocol, seat, first, changes, head, signature };
}

/** A batch with its changes by columns, where they go so. */
function inColumns(batch: Batch): Packable {
  const { protocol, seat, first, head, signature } = batch;
  const columns = columnsOf(seat, first, batch.changes);
  return columns === null
    ? packableBatch(batch)
    : { protocol, seat, first, head, signature, columns };
}

function readAddress(shape: Shape): Address {
  return {
    office: shape.text('office'),
    device: shape.integer('device', 1),
    number: shape.integer('number'),
  };
}

function readPage(page: Shape): Page {
  return {
    entries: page.bytesOrNull('entries') ?? new Uint8Array(),
    cursor: page.integer('cursor'),
    more: page.has('more') && page.flag('more'),
    macs: page.bytesOrNull('macs') ?? new Uint8Array(),
    packed: page.bytesOrNull('packed') ?? new Uint8Array(),
  };
}

function readSigned(shape: Shape): SignedBytes {
  return { message: shape.bytes('message'), signature: shape.bytes('signature', SIGNATURE_BYTES) };
}

function readShown(shape: Shape): Shown {
  return { purpose: shape.text('purpose'), ...readSigned(shape) };
}

function readOutcome(shape: Shape): BundleOutcome {
  return { bundle: hex(shape.bytes('bundle', HASH_BYTES)), code: shape.text('code') };
}

function readLease(shape: Shape): Lease {
  return {
    lease: shape.integer('lease', 1),
    seat: shape.integer('seat', 1),
    first: shape.integer('first', 1),
    last: shape.integer('last', 1),
    fromDay: shape.text('from_day'),
    toDay: shape.text('to_day'),
    agency: shape.has('agency') ? shape.text('agency') : '',
  };
}

function readFinding(shape: Shape): Finding {
  return {
    finding: shape.integer('finding', 1),
    kind: shape.text('kind'),
    record: shape.bytesOrNull('record'),
    seat: shape.integer('seat'),
    seq: shape.integer('seq'),
    field: shape.textOrNull('field'),
    reason: shape.text('reason'),
    raised: shape.integer('raised'),
    closed: shape.has('closed') ? shape.integer('closed') : null,
    outcome: shape.text('outcome'),
  };
}
