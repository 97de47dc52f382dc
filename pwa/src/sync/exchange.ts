/**
 * Requests and responses of the `/sync/` doors, and the envelopes that they travel in.
 *
 * 1. The message of an envelope is kept as the bytes that were signed; nobody re-encodes it.
 * 2. What a reader does not know in a message, it ignores.
 */
import type { Batch } from './batch';
import type { Bytes } from './bytes';
import { PUBLIC_KEY_BYTES, SIGNATURE_BYTES } from './limits';
import { type Packable, pack } from './pack';
import { type Receipt, readReceipt } from './receipt';
import { UnknownProtocol } from './refusals';
import { Shape } from './shape';
import { type Sign, sign } from './signature';

/** The version that this code writes. History: 1 the first (docs/protocol.md, part 9). */
export const PROTOCOL = 1;

export interface Envelope {
  readonly message: Bytes;
  readonly signature: Bytes;
  readonly seatSignature: Bytes | null;
}

export interface EnrolmentRequest {
  readonly code: string;
  readonly publicKey: Bytes;
  readonly label: string;
  readonly appVersion: string;
  readonly time: number;
}

export interface SignedBytes {
  readonly message: Bytes;
  readonly signature: Bytes;
}

export interface EnrolmentResponse {
  readonly office: string;
  readonly officeName: string;
  readonly officeKey: Bytes;
  readonly epoch: number;
  readonly device: number;
  readonly enrolment: SignedBytes;
  readonly time: number;
}

/** What the requests of an enrolled device begin with, and their answers echo. */
export interface Address {
  readonly office: string;
  readonly device: number;
  readonly number: number;
}

export interface SeatRequest extends Address {
  readonly time: number;
  readonly staff: string;
  readonly secret: string;
  readonly publicKey: Bytes;
}

export interface Person {
  readonly staff: string;
  readonly name: string;
  readonly role: string;
  readonly team: string | null;
}

export interface SeatResponse extends Address {
  readonly epoch: number;
  readonly time: number;
  readonly seat: number;
  readonly person: Person;
  readonly areas: readonly string[];
}

/** How far the phone's own copy of a log goes. */
export interface LogEnd {
  readonly seat: number;
  readonly last: number;
  readonly head: Bytes;
}

export interface ExchangeRequest extends Address {
  readonly time: number;
  readonly epoch: number;
  readonly logs: readonly LogEnd[];
  readonly batches: readonly Batch[];
  /** The person at work: pages and directory come only with this seat's signature. */
  readonly seat: number | null;
  readonly cursors: ReadonlyMap<string, number>;
  /** Bytes of pages. */
  readonly want: number;
  /** Seats above this number are named in the answer. */
  readonly directory: number;
  readonly appVersion: string;
}

export interface Page {
  readonly entries: Bytes;
  readonly cursor: number;
  readonly more: boolean;
}

export interface BatchRefusal {
  readonly seat: number;
  readonly first: number;
  readonly code: string;
}

/** Who is behind a seat's number; `device` is that device's label. */
export interface DirectoryEntry {
  readonly seat: number;
  readonly name: string;
  readonly role: string;
  readonly device: string;
}

export interface ExchangeResponse extends Address {
  readonly epoch: number;
  readonly time: number;
  readonly receipts: readonly Receipt[];
  readonly refusals: readonly BatchRefusal[];
  readonly pages: readonly (readonly [area: string, page: Page])[];
  readonly dropped: readonly string[];
  readonly directory: readonly DirectoryEntry[];
  readonly reference: string;
  readonly minVersion: string;
}

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
  const enrolment = shape.shape('enrolment');
  return {
    office: shape.text('office'),
    officeName: shape.text('office_name'),
    officeKey: shape.bytes('office_key', PUBLIC_KEY_BYTES),
    epoch: shape.integer('epoch'),
    device: shape.integer('device', 1),
    enrolment: {
      message: enrolment.bytes('message'),
      signature: enrolment.bytes('signature', SIGNATURE_BYTES),
    },
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
    logs: logs.map(({ seat, last, head }) => ({ seat, last, head })),
    batches: batches.map(packableBatch),
    seat,
    cursors: request.cursors,
    want: request.want,
    directory: request.directory,
    app_version: request.appVersion,
  });
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
    reference: shape.text('reference'),
    minVersion: shape.text('min_version'),
  };
}

/** Opens a message of a version that this code knows; throws Malformed or UnknownProtocol. */
export function readMessage(message: Bytes, what: string): Shape {
  const shape = Shape.read(message, what);
  const protocol = shape.integer('protocol', 1);
  if (protocol !== PROTOCOL) throw new UnknownProtocol(protocol);
  return shape;
}

export function packableBatch(batch: Batch): Packable {
  const { protocol, seat, first, changes, head, signature } = batch;
  return { protocol, seat, first, changes, head, signature };
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
    entries: page.bytes('entries'),
    cursor: page.integer('cursor'),
    more: page.flag('more'),
  };
}
