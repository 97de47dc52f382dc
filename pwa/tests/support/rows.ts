/** Rows of a store as a test needs them. */
import { newKeys, publicBytes } from '../../src/device/keys';
import { NEW_JOURNEY, type StoredPhoto } from '../../src/store/photo';
import type {
  Appended,
  Draft,
  LogEntry,
  NewSeat,
  StoredDevice,
  StoredRecord,
  StoredSeat,
} from '../../src/store/port';
import * as chain from '../../src/sync/chain';
import type { Receipt } from '../../src/sync/receipt';

export const RECORD = '01900000000070008000000000000001';

export async function deviceRow(): Promise<StoredDevice> {
  const keys = await newKeys();
  return {
    office: 'test-office',
    officeName: 'Chi nhánh thử',
    officeKey: new Uint8Array(65),
    epoch: 1,
    device: 2,
    label: 'Máy 1',
    keys,
    publicKey: await publicBytes(keys),
    enrolment: { message: new Uint8Array(3), signature: new Uint8Array(64) },
    words: ['áo', 'anh', 'ấm', 'bàn', 'báo', 'bát'],
    status: 'pending',
    lastNumber: 0,
    lastExchangeAt: 0,
    skewMs: 0,
    directoryUpTo: 0,
    seat: null,
    workOffline: false,
  };
}

const NEW = { trouble: null, continues: null, continuedBy: null, isClosed: false, dropped: 0 } as const;

export async function seatRow(seat: number): Promise<StoredSeat & NewSeat> {
  const keys = await newKeys();
  const publicKey = await publicBytes(keys);
  const person = { staff: 'tam', name: 'Lê Thị Tâm', role: 'helper', team: null };
  const log = { last: 0, head: chain.start(publicKey), at: { ms: 0, counter: 0 }, ...NEW };
  return { seat, device: 2, keys, publicKey, person, areas: ['10441'], ...log };
}

export function draftRow(id: string, record = RECORD): Draft {
  return {
    id,
    record,
    seat: 11,
    person: 'Lê Thị Tâm',
    procedure: '1.001193',
    catalogueVersion: '2026-11',
    area: '10441',
    answers: { 'answers.child_full_name': 'Bé An', 'answers.count': 2, 'answers.none': null },
    papers: { birth_declaration: { state: 'handed_in', count: 1 } },
    step: 'child',
    createdAt: 1,
    savedAt: 2,
  };
}

export function entryRow(seat: number, seq: number, record = RECORD): LogEntry {
  const change = Uint8Array.of(seq & 0xff, 2, 3);
  return { seat, seq, record, at: 1_000 + seq, head: new Uint8Array(32).fill(seq), change };
}

export function recordRow(
  id: string,
  version: number,
  feeds: StoredRecord['feeds'] = [],
): StoredRecord {
  return { id, state: Uint8Array.of(version, 7), feeds, version, renewed: 0 };
}

/** The change `seq` of a seat, which makes version `version` of the record. */
export function appended(
  seat: StoredSeat,
  seq: number,
  version: number,
  endsDraft: string | null = null,
): Appended {
  const entry = entryRow(seat.seat, seq);
  const after = { ...seat, last: seq, head: entry.head };
  const photos = { names: [], drops: [] };
  return { seat: after, entry, record: recordRow(RECORD, version), endsDraft, photos };
}

export function photoRow(id: string, draft: string, document = 'birth_declaration'): StoredPhoto {
  const said = { document, taken: '2026-11-22T14:20:05+07:00', type: 'image/jpeg', digest: '' };
  return { ...NEW_JOURNEY, ...said, id, record: RECORD, draft, addedAt: 1 };
}

export function receiptRow(seat: number, held: number, time: number): Receipt {
  return {
    office: 'test-office',
    key: '0000000000000000',
    epoch: 1,
    seat,
    held,
    safe: 0,
    head: new Uint8Array(32),
    time,
    signature: new Uint8Array(64),
  };
}
