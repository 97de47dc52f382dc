/** What a dossier's receipt is made of, and the copies of it that were given out. */
import type { Dossier } from '../device/shown';
import type { Procedure } from '../procedures/catalogue';
import { nameOfArea } from '../procedures/areas';
import { civilMinute, sealedPromise, type SealedPromise } from '../procedures/promise';
import type { ReceiptFacts } from '../procedures/receipt';
import { codeGroups, codesOf } from '../sync/codes';
import type { Value } from '../sync/pack';
import type { PhoneView } from './phone.svelte';
import { answersOf, papersOfDossier } from './revision.svelte';

const COPIES = 'receipts.';

export function promiseIn(dossier: Dossier): SealedPromise | null {
  return sealedPromise((field) => dossier.fields.get(field)?.head.value ?? null);
}

/** What a QR says: the code that people know, else the dossier's own id. */
export function codeIn(dossier: Dossier): string | null {
  const values = new Map([...dossier.fields].map(([name, field]) => [name, field.head.value]));
  return codesOf(values)[0] ?? null;
}

/** Each copy given out, in the order of time. */
export function copiesOf(dossier: Dossier): readonly number[] {
  return [...dossier.fields].filter(([name]) => name.startsWith(COPIES))
    .map(([, { head }]) => head.at).sort((one, other) => one - other);
}

export function factsOfReceipt(view: PhoneView, dossier: Dossier, procedure: Procedure): ReceiptFacts {
  const code = codeIn(dossier);
  const copies = copiesOf(dossier);
  const first = copies[0];
  const receiver = dossier.fields.get('received_at') ?? dossier.fields.get('sealed_at');
  const papers = Object.entries(papersOfDossier(dossier)).map(([id, mark]) => [id, paperOf(mark)] as const);
  return {
    procedure,
    branch: view.branch,
    areaName: nameOfArea(view.areas, dossier.area),
    promise: promiseIn(dossier),
    sealedAt: civilMinute(Date.parse(dossier.sealedAt) || 0),
    code: code === null ? [] : codeGroups(code),
    receiver: receiver?.head.by ?? '',
    answers: answersOf(dossier),
    papers: Object.fromEntries(papers),
    copies: copies.length,
    // What was changed before the first copy was given out is simply what that copy said.
    reissues: dossier.notes
      .filter(({ kind, head }) => kind === 'revision' && first !== undefined && head.at > first)
      .map(({ reason }) => reason),
  };
}

/** The field that notes a copy; each has an id of its own, so two phones never contend for one. */
export function copyField(way: 'print' | 'picture'): readonly [string, Value] {
  return [`${COPIES}${crypto.randomUUID()}`, { kind: 'issued', way }];
}

function paperOf(value: Value): { readonly state: string; readonly count: number } {
  if (value === null || typeof value !== 'object' || !('state' in value)) return { state: '', count: 0 };
  const { state, count } = value;
  return { state: typeof state === 'string' ? state : '', count: typeof count === 'number' ? count : 0 };
}
