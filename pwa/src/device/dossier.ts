/** A record as people read it: what is shown of each field, who set it, what stands against it. */
import type { DirectoryEntry, Store, StoredRecord } from '../store/port';
import type { Value } from '../sync/pack';
import { OFFICIAL, PROVISIONAL, codesOf, isCodeText } from '../sync/codes';
import { type State, conflicts, decodeState, dots, shown as shownIn } from '../sync/record';
import { Refusal } from '../sync/refusals';
import { type Head, type Register, canonical, openValue, shown } from '../sync/register';
import { isNested, isNull, unpack } from '../sync/unpack';
import type { Dossier, DossierCode, DossierNote, Seen, ShownField, ShownHead } from './shown';

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

/** What lists of thousands ask of each is read at once, the rest when it is first asked for. */
export function dossierOf(stored: StoredRecord, people: People): Dossier {
  const state = decodeState(stored.state);
  requireReadable(state);
  let fields: ReadonlyMap<string, ShownField> | undefined;
  let found: readonly string[] | undefined;
  let differing: readonly string[] | undefined;
  let seen: Seen | undefined;
  let notes: readonly DossierNote[] | undefined;
  return {
    record: stored.id,
    kind: state.kind,
    procedure: textIn(state, 'procedure'),
    catalogueVersion: textIn(state, 'catalogue_version'),
    area: textIn(state, 'area'),
    status: textIn(state, 'status'),
    sealedAt: textIn(state, 'sealed_at'),
    code: codeOf(textIn(state, OFFICIAL), textIn(state, PROVISIONAL)),
    get codes(): readonly string[] {
      return (found ??= codesOf(new Map([...this.fields].map(([name, { head }]) => [name, head.value]))));
    },
    get fields(): ReadonlyMap<string, ShownField> {
      return (fields ??= fieldsOf(state, people));
    },
    get conflicts(): readonly string[] {
      return (differing ??= conflicts(state));
    },
    get seen(): Seen {
      return (seen ??= new Map([...state.registers.keys()].map((name) => [name, dots(state, name)])));
    },
    get notes(): readonly DossierNote[] {
      return (notes ??= notesOf(this.fields));
    },
  };
}

/** Throws Malformed where a value cannot be opened: nobody who looks at a list expects that later. */
function requireReadable({ registers }: State): void {
  for (const { heads } of registers.values()) {
    for (const { value } of heads) {
      // What stands in no list and in no map was looked at when the state was read.
      if (isNested(value)) unpack(value, 'a value');
    }
  }
}

function textIn(state: State, field: string): string {
  const value = shownIn(state, field);
  return typeof value === 'string' ? value : '';
}

function fieldsOf(state: State, people: People): ReadonlyMap<string, ShownField> {
  const fields = new Map<string, ShownField>();
  for (const [name, register] of state.registers) {
    const field = fieldOf(register, people);
    if (field !== null) fields.set(name, field);
  }
  return fields;
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
  const rivals = register.heads.length === 1 ? [] : register.heads.filter(
    (one) => one !== head && canonical(one.value) !== canonical(head.value),
  );
  if (rivals.length === 0 && isNull(head.value)) return null;
  return { head: new ReadHead(head, people), rivals: rivals.map((one) => new ReadHead(one, people)) };
}

/** Its value is opened when somebody looks at it. */
class ReadHead implements ShownHead {
  readonly seat: number;
  readonly by: string | null;
  readonly onThisPhone: boolean;
  readonly at: number;
  readonly received: number;
  readonly #head: Head;
  #value: Value | undefined;

  constructor(head: Head, people: People) {
    const { seat } = head.dot;
    this.seat = seat;
    this.by = people.names.get(seat) ?? null;
    this.onThisPhone = people.onThisPhone.has(seat);
    // An author's clock may run ahead; the office cannot have received it earlier than made.
    this.at = head.received > 0 ? Math.min(head.at.ms, head.received) : head.at.ms;
    this.received = head.received;
    this.#head = head;
  }

  get value(): Value {
    return (this.#value ??= openValue(this.#head));
  }
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
