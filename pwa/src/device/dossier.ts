/** A record as people read it: what is shown of each field, who set it, what stands against it. */
import type { DirectoryEntry, Store, StoredRecord } from '../store/port';
import type { Value } from '../sync/pack';
import { OFFICIAL, PROVISIONAL, codesOf, isCodeText } from '../sync/codes';
import { conflicts, decodeState, dots } from '../sync/record';
import { Refusal } from '../sync/refusals';
import { type Head, type Register, canonical, openValue, shown } from '../sync/register';
import type { Dossier, DossierCode, DossierNote, ShownField, ShownHead } from './shown';

/** Who is behind the seats, and which of them are on this phone. */
export interface People {
  readonly names: ReadonlyMap<number, string>;
  readonly onThisPhone: ReadonlySet<number>;
}

export async function readPeople(store: Store): Promise<People> {
  const [seats, directory] = await Promise.all([store.seats(), store.directory()]);
  const entries: readonly (readonly [number, string])[] = [
    ...directory.map(({ seat, name }: DirectoryEntry) => [seat, name] as const),
    ...seats.map(({ seat, person }) => [seat, person.name] as const),
  ];
  return { names: new Map(entries), onThisPhone: new Set(seats.map(({ seat }) => seat)) };
}

export function dossierOf(stored: StoredRecord, people: People): Dossier {
  const state = decodeState(stored.state);
  const fields = new Map<string, ShownField>();
  for (const [name, register] of state.registers) {
    const field = fieldOf(register, people);
    if (field !== null) fields.set(name, field);
  }
  const text = (name: string): string => {
    const value = fields.get(name)?.head.value;
    return typeof value === 'string' ? value : '';
  };
  const codes = codesOf(new Map([...fields].map(([name, { head }]) => [name, head.value])));
  return {
    record: stored.id,
    kind: state.kind,
    procedure: text('procedure'),
    catalogueVersion: text('catalogue_version'),
    area: text('area'),
    status: text('status'),
    sealedAt: text('sealed_at'),
    code: codeOf(text(OFFICIAL), text(PROVISIONAL)),
    codes,
    fields,
    conflicts: conflicts(state),
    seen: new Map([...state.registers.keys()].map((name) => [name, dots(state, name)])),
    notes: notesOf(fields),
  };
}

/** Null for a record that says nothing that can be read: it is set aside, and hides no other. */
export function readOrSetAside(store: Store, stored: StoredRecord, people: People): Dossier | null {
  try {
    return dossierOf(stored, people);
  } catch (fault) {
    if (!(fault instanceof Refusal)) throw fault;
    store.setAside(stored);
    return null;
  }
}

function codeOf(official: string, provisional: string): DossierCode | null {
  if (isCodeText(official)) return { text: official, isProvisional: false };
  return isCodeText(provisional) ? { text: provisional, isProvisional: true } : null;
}

function fieldOf(register: Register, people: People): ShownField | null {
  const head = shown(register);
  if (head === null) return null;
  const rivals = register.heads.filter(
    (one) => one !== head && canonical(one.value) !== canonical(head.value),
  );
  const field = { head: headOf(head, people), rivals: rivals.map((one) => headOf(one, people)) };
  return field.head.value === null && rivals.length === 0 ? null : field;
}

function headOf(head: Head, people: People): ShownHead {
  const { seat } = head.dot;
  return {
    value: openValue(head),
    seat,
    by: people.names.get(seat) ?? null,
    onThisPhone: people.onThisPhone.has(seat),
    // An author's clock may run ahead; the office cannot have received it earlier than made.
    at: head.received > 0 ? Math.min(head.at.ms, head.received) : head.at.ms,
    received: head.received,
  };
}

function notesOf(fields: ReadonlyMap<string, ShownField>): DossierNote[] {
  const notes: DossierNote[] = [];
  for (const [name, { head }] of fields) {
    const note = name.startsWith('notes.') ? noteOf(head) : null;
    if (note !== null) notes.push(note);
  }
  return notes.sort((one, other) => one.head.at - other.head.at);
}

function noteOf(head: ShownHead): DossierNote | null {
  const { value } = head;
  if (value === null || typeof value !== 'object' || value instanceof Uint8Array) return null;
  if (isList(value)) return null;
  const { kind, reason, fields } = value;
  if (kind !== 'revision' && kind !== 'settlement' && kind !== 'admission') return null;
  if (typeof reason !== 'string') return null;
  const names = isList(fields ?? null) ? (fields as readonly Value[]) : [];
  return { kind, reason, fields: names.filter((name) => typeof name === 'string'), head };
}

function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}
