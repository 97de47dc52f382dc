/** Phones as a screen finds them: what they hold, and what becomes of the deeds that are asked of them. */
import calendar from '../../../server/deadlines/calendar.json';
import type { Connection } from '../../src/device/outcomes';
import type { Phone } from '../../src/device/port';
import type {
  Colleague,
  Dossier,
  DossierCode,
  EnrolledDevice,
  HandedToUs,
  Outbox,
  PersonHere,
  Photo,
  Reference,
  SharedPaper,
  ShownField,
  SignedIn,
} from '../../src/device/shown';
import type { Answers } from '../../src/procedures/answers';
import type { Work } from '../../src/shift/work';
import type { Damage, Draft, GivenDraft, LeftDossier, StoredFinding, WipeMark } from '../../src/store/port';
import type { Value } from '../../src/sync/pack';
import { realCatalogueJson } from '../procedures/filling';

export const AREA = '10441';
export const STOP = 'a'.repeat(32);
export const SHORTEST = '2.000635';
/** Longer than any name on a card, and of words that may be broken between. */
export const LONG = 'Công Tằng Tôn Nữ Phương Thảo Nguyên Khánh Huyền Trang Bạch Đình Thị Mẫu Ưởng Quách Thị Đồng Chiêm Xã Mỹ Đức Yến Vĩ Hương';
export const MANY = 230;
/** So many rows may be made at once. */
export const ROWS_MAX = 40;

/** What a screen asks of a phone and a test may want to answer otherwise. */
export interface Facts {
  readonly device: Partial<EnrolledDevice> | null;
  readonly wiped: WipeMark | null;
  readonly seats: readonly SignedIn[];
  readonly people: readonly PersonHere[];
  readonly isLocked: boolean;
  readonly drafts: readonly Draft[];
  /** Drafts that a colleague handed to the person at work, and those of theirs that wait. */
  readonly toUs: readonly HandedToUs[];
  readonly given: readonly GivenDraft[];
  readonly colleagues: readonly Colleague[];
  readonly dossiers: readonly Dossier[];
  readonly work: readonly Work[];
  readonly left: readonly LeftDossier[];
  readonly damage: Damage;
  readonly photos: readonly Photo[];
  readonly shared: readonly SharedPaper[];
  readonly outbox: Partial<Outbox>;
  readonly connection: Partial<Connection>;
  readonly reference: Partial<Reference> | null;
  readonly photoRoom: number | null;
  /** Answers to deeds, by their name; a deed without one is never over. */
  readonly deeds: Partial<Phone>;
}

export const NOW = Date.parse('2026-11-22T09:00:00+07:00');

const DEVICE: EnrolledDevice = {
  office: 'o', officeName: 'Chi nhánh Mỹ Đức', device: 2, label: 'Máy bảng xe 1', status: 'confirmed', seat: 3,
  words: ['một', 'hai', 'ba', 'bốn', 'năm', 'sáu'], workOffline: false, lastExchangeAt: NOW, skewMs: 0, known: NOW,
  locks: { untouchedMs: 120_000, hiddenMs: 30_000 }, leaveDays: 7, logDays: 30, order: null, isTooOld: false,
  findings: [], shift: null,
};

export function seat(name: string, number = 3): SignedIn {
  const person = { staff: `s${number}`, name, role: 'receiving_officer', team: null };
  return {
    seat: number, person, areas: [AREA], atWork: number === 3, trouble: null, mustSignInAnew: false, isCarrying: false, codes: null,
  };
}

export function personHere(name: string, number = 3): PersonHere {
  return { staff: `s${number}`, name, seat: number, hasPin: true, hasPasskey: false, isOpen: number === 3, waitUntil: 0 };
}

const REFERENCE: Reference = {
  version: '1', catalogue: realCatalogueJson(), areas: [{ code: AREA, name_vi: 'Xã Mỹ Đức', flags: [] }],
  // As the office signs it: under a version.
  calendar: { ...calendar, version: '2026-11' },
  branch: { name_vi: 'Điểm lưu động Mỹ Đức', parent_vi: 'Trung tâm', hotline: '024.1022' }, clips: null,
};

const USUAL: Facts = {
  device: {}, wiped: null, seats: [seat('Nguyễn Văn An')], people: [personHere('Nguyễn Văn An')], isLocked: false, drafts: [],
  toUs: [], given: [], colleagues: [],
  dossiers: [], work: [], left: [], damage: { records: [], drafts: [], photos: [], entries: [] }, photos: [], shared: [], outbox: {}, connection: {}, reference: {}, photoRoom: 900, deeds: {},
};

/** At a stop, with a shift that has begun. */
export const ON_SHIFT = {
  device: { shift: { seat: 3, stop: STOP, trip: null, startedAt: NOW } },
} as const;

/** Reading answers at once; deeds never end, unless it is said how. */
export function phoneOf(said: Partial<Facts>): Phone {
  const facts: Facts = { ...USUAL, ...said };
  const device = facts.device === null ? null : { ...DEVICE, ...facts.device };
  const reference = facts.reference === null ? null : { ...REFERENCE, ...facts.reference };
  const outbox: Outbox = { changes: 0, records: [], oldestAt: null, photos: 0, photoBytes: 0, others: [], ...facts.outbox };
  const connection: Connection = { state: 'online', lastExchangeAt: NOW, sending: false, nextTryAt: null, ...facts.connection };
  const reads: Partial<Phone> = {
    device: () => Promise.resolve(device),
    wiped: () => Promise.resolve(facts.wiped),
    endWipe: () => Promise.resolve(),
    seats: () => Promise.resolve(facts.seats),
    people: () => Promise.resolve(facts.people),
    isLocked: () => Promise.resolve(facts.isLocked),
    canPasskey: () => Promise.resolve(false),
    pushes: () => Promise.resolve(null),
    kept: () => Promise.resolve(null),
    keep: () => Promise.resolve(null),
    lock: () => Promise.resolve(),
    sealOwed: () => Promise.resolve(),
    drafts: () => Promise.resolve(facts.drafts),
    handedCounts: () => Promise.resolve({ handed: facts.toUs.length, given: facts.given.length }),
    handedToUs: () => Promise.resolve(facts.toUs),
    givenToOthers: () => Promise.resolve(facts.given),
    colleagues: () => Promise.resolve(facts.colleagues),
    draft: (id) => Promise.resolve(facts.drafts.find((draft) => draft.id === id) ?? null),
    photosOf: () => Promise.resolve(facts.photos),
    thumbnail: () => Promise.resolve(null),
    picture: () => Promise.resolve(null),
    sharedPapers: () => Promise.resolve(facts.shared),
    sharedCount: () => Promise.resolve(facts.shared.length),
    sharedSince: () => Promise.resolve(facts.shared[0]?.sharedAt ?? null),
    roomForPhotos: () => Promise.resolve(facts.photoRoom),
    dossiers: () => Promise.resolve(facts.dossiers),
    held: () => Promise.resolve({ dossiers: facts.dossiers, work: facts.work }),
    dossier: (record) => Promise.resolve(facts.dossiers.find((one) => one.record === record) ?? null),
    dossierTruth: (record) => Promise.resolve({ place: outbox.records.includes(record) ? 'saved' : 'received', receivedAt: NOW }),
    damage: () => facts.damage,
    left: () => Promise.resolve(facts.left),
    outbox: () => Promise.resolve(outbox),
    carried: () => Promise.resolve([]),
    reference: () => Promise.resolve(reference),
    personOf: () => Promise.resolve(null),
    connection: () => connection,
    watch: () => () => undefined,
    start: () => () => undefined,
  };
  const never = (): Promise<never> => new Promise(() => undefined);
  return new Proxy({ ...reads, ...facts.deeds } as Phone, {
    get: (from, name): unknown => Reflect.get(from, name) ?? (name === 'then' ? undefined : never),
  });
}

// ---- what a phone holds ----------------------------------------------------------------------

const idOf = (n: number, kind: string): string => `${kind}${n.toString(16)}`.padStart(32, '0');

function field(value: Value): ShownField {
  return { head: { value, seat: 3, by: 'Nguyễn Văn An', onThisPhone: true, at: NOW, received: NOW }, rivals: [] };
}

export interface DossierSaid {
  readonly answers?: Answers;
  readonly fields?: Readonly<Record<string, Value>>;
  readonly conflicts?: readonly string[];
  readonly rivals?: Readonly<Record<string, Value>>;
  readonly notes?: Dossier['notes'];
  readonly code?: DossierCode | null;
  readonly procedure?: string;
}

export function dossier(n: number, said: DossierSaid = {}): Dossier {
  const answers = { 'answers.applicant_full_name': `Đào Thị Vân Khánh ${n}`, ...said.answers };
  const fields = new Map(Object.entries({ ...answers, sealed_at: '2026-11-22T08:00:00+07:00', ...said.fields })
    .map(([name, value]) => [name, field(value)] as const));
  for (const [name, value] of Object.entries(said.rivals ?? {})) {
    const shown = fields.get(name);
    if (shown !== undefined) fields.set(name, { ...shown, rivals: [{ ...shown.head, value, seat: 7, by: 'Trần Thị Chi' }] });
  }
  return {
    record: idOf(n, 'd'), kind: 'dossier', procedure: said.procedure ?? SHORTEST, catalogueVersion: '2026-11', area: AREA, status: 'sealed',
    sealedAt: '2026-11-22T08:00:00+07:00', isSealedHere: fields.get('sealed_at')?.head.onThisPhone ?? false,
    isAsked: [...fields.keys()].some((name) => name.startsWith('supplements.')), code: said.code ?? null, codes: [], fields, conflicts: said.conflicts ?? [],
    seen: new Map(), notes: said.notes ?? [],
  };
}

export function draft(n: number, said: Partial<Draft> = {}): Draft {
  return {
    id: `t${n}`, record: idOf(n, 'e'), seat: 3, person: 'Nguyễn Văn An', procedure: SHORTEST, catalogueVersion: '2026-11', area: AREA,
    answers: { 'answers.applicant_full_name': `Lê Thị Sửu ${n}` }, papers: {}, step: '', createdAt: NOW, savedAt: NOW, ...said,
  };
}

export function finding(n: number, said: Partial<StoredFinding> = {}): StoredFinding {
  return {
    reader: 3, finding: n, kind: 'quarantine', record: null, seat: 3, seq: n, field: null, reason: 'foreign-area', raised: NOW,
    closed: null, outcome: '', ...said,
  };
}

/** So many of a thing, each with its number. */
export function many<T>(make: (n: number) => T, count = MANY): readonly T[] {
  return Array.from({ length: count }, (_, n) => make(n));
}
