/** A record as people read it: what is shown of each field, who set it, what stands against it. */
import type { DirectoryEntry, Store, StoredRecord } from '../store/port';
import { ASKED } from '../procedures/supplement_fields';
import type { Value } from '../sync/pack';
import { OFFICIAL, PROVISIONAL, codesOf, isCodeText } from '../sync/codes';
import { type Glance, glanceAt } from '../sync/glance';
import { type State, conflicts, decodeState, dots } from '../sync/record';
import { Refusal } from '../sync/refusals';
import { type Head, type Register, canonical, openValue, shown } from '../sync/register';
import { isNull } from '../sync/unpack';
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

/** What lists ask of a record; one that ends in a dot stands for all that begin with it. */
const NAMES = [
  'procedure', 'catalogue_version', 'area', 'status', 'sealed_at', OFFICIAL, PROVISIONAL, ASKED,
] as const;
const LISTED = NAMES.map((name) => new TextEncoder().encode(name));
const [SEALED_AT, WAS_ASKED] = [NAMES.indexOf('sealed_at'), NAMES.indexOf(ASKED)];
type Texts = readonly [string, string, string, string, string, string, string, string];

/** What lists of thousands ask of each is read at once, the rest when it is first asked for. */
export function dossierOf(stored: StoredRecord, people: People): Dossier {
  let whole: State | undefined;
  const state = (): State => (whole ??= decodeState(stored.state));
  const { kind, texts, seats } = glanceAt(stored.state, LISTED) ?? listed(state(), people);
  const [procedure, catalogueVersion, area, status, sealedAt, official, provisional] = texts as Texts;
  let fields: ReadonlyMap<string, ShownField> | undefined;
  let found: readonly string[] | undefined;
  let differing: readonly string[] | undefined;
  let seen: Seen | undefined;
  let notes: readonly DossierNote[] | undefined;
  return {
    record: stored.id,
    kind,
    procedure,
    catalogueVersion,
    area,
    status,
    sealedAt,
    isSealedHere: people.onThisPhone.has(seats[SEALED_AT] ?? 0),
    isAsked: seats[WAS_ASKED] !== 0,
    code: codeOf(official, provisional),
    get codes(): readonly string[] {
      return (found ??= codesOf(new Map([...this.fields].map(([name, { head }]) => [name, head.value]))));
    },
    get fields(): ReadonlyMap<string, ShownField> {
      return (fields ??= fieldsOf(state(), people));
    },
    get conflicts(): readonly string[] {
      return (differing ??= conflicts(state()));
    },
    get seen(): Seen {
      return (seen ??= seenIn(state()));
    },
    get notes(): readonly DossierNote[] {
      return (notes ??= notesOf(this.fields));
    },
  };
}

/**
 * What `glanceAt` gives of a record in which some field has several heads.
 *
 * Throws Malformed where a value cannot be opened: nobody who looks at a list expects that later.
 */
function listed(state: State, people: People): Glance {
  for (const { heads } of state.registers.values()) heads.forEach(openValue);
  const texts = NAMES.map(() => '');
  const seats = NAMES.map(() => 0);
  for (const [name, { head }] of fieldsOf(state, people)) {
    const place = NAMES.findIndex((one) => name === one || (one.endsWith('.') && name.startsWith(one)));
    if (place < 0) continue;
    seats[place] = head.seat;
    if (typeof head.value === 'string') texts[place] = head.value;
  }
  return { kind: state.kind, texts, seats };
}

function seenIn(state: State): Seen {
  return new Map([...state.registers.keys()].map((name) => [name, dots(state, name)]));
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
