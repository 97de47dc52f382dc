/**
 * Results that we carry to hand them back (A16). The twin is `server/fieldwork/deliveries.py`, and
 * `deliveries.json` beside it holds both.
 *
 * 1. The office says what it gave and how that ended; we say what we counted and what became of it.
 *    Neither can set the other's fields.
 * 2. What we took stays ours to account for until it is handed back or the office says that it has it.
 */
import type { Value } from '../sync/pack';
import { type Said, type Work, countOf, ofKind, textOf } from './work';

export type Step = 'ready' | 'taken' | 'uncollected' | 'recalled' | 'back' | 'delivered' | 'twice';

/** Why somebody went without it, as they are offered. */
export const REASONS = ['absent', 'unproven', 'wrong', 'refused'] as const;
export type Reason = (typeof REASONS)[number];

export const COPIES_MAX = 99;

export interface Result {
  readonly record: string;
  readonly dossier: string;
  readonly code: string;
  readonly person: string;
  readonly title: string;
  readonly copies: number;
  readonly pages: number;
  readonly stop: string;
  readonly address: string;
  readonly step: Step;
  readonly isOnTheWay: boolean;
  readonly differs: boolean;
  /** Null until somebody counted. */
  readonly got: number | null;
  readonly receiver: string;
  readonly handedAt: string;
  readonly handedBy: string | null;
  readonly reason: Reason | null;
  readonly remark: string;
  readonly area: string;
  /** Whose birth it certifies, for the greeting card; empty where it certifies none of this year. */
  readonly newborn: string;
  readonly bornOn: string;
}

export function stepOf(said: Readonly<Said>): Step {
  const ended = said['ended'];
  if (said['handed_at'] !== undefined) return ended === undefined ? 'delivered' : 'twice';
  if (ended !== undefined) return ended === 'back' ? 'back' : 'recalled';
  const status = said['status'];
  return status === 'taken' || status === 'uncollected' ? status : 'ready';
}

/** Whether who took it still has it: neither handed back nor given up to the office. */
export function isOnTheWay(said: Readonly<Said>): boolean {
  const wasTaken = said['status'] === 'taken' || said['status'] === 'uncollected';
  return wasTaken && ['taken', 'uncollected', 'recalled'].includes(stepOf(said));
}

/** Whether somebody may still hand it back. */
export function isOpen(said: Readonly<Said>): boolean {
  return ['ready', 'taken', 'uncollected'].includes(stepOf(said));
}

/** Whether the two who counted it counted otherwise. */
export function countsDiffer(said: Readonly<Said>): boolean {
  return said['got'] !== undefined && said['got'] !== said['copies'];
}

const ORDER: readonly Step[] = ['ready', 'taken', 'uncollected', 'recalled'];

/** What is to be done first, those of this stop on top; then what is over, the newest first. */
export function resultsOf(all: readonly Work[], stop = ''): Result[] {
  const place = ({ step }: Result): number => (ORDER.includes(step) ? ORDER.indexOf(step) : ORDER.length);
  return ofKind(all, 'result_delivery').map(resultOf).sort((one, other) => {
    if (place(one) !== place(other)) return place(one) - place(other);
    if (place(one) === ORDER.length) return one.handedAt > other.handedAt ? -1 : 1;
    const isHere = Number(other.stop === stop) - Number(one.stop === stop);
    return isHere === 0 ? one.person.localeCompare(other.person, 'vi') : isHere;
  });
}

export function findResult(all: readonly Work[], record: string): Result | null {
  return resultsOf(all).find((result) => result.record === record) ?? null;
}

/** What is with us and must not be when the van is put away. */
export function onTheWay(all: readonly Work[]): Result[] {
  return resultsOf(all).filter((result) => result.isOnTheWay);
}

/** Whether anything is left to do with it on this phone. */
export function isDue({ step, isOnTheWay: is }: Result): boolean {
  return step === 'ready' || is;
}

/** A result ends a dossier: an officer hands it back, a helper may go along. */
export function mayHandBack(role: string | null): boolean {
  return ['receiving_officer', 'case_officer', 'admin'].includes(role ?? '');
}

/** What the officer says of a hand-back, as far as it is filled in. */
export interface HandBack {
  readonly relation: 'applicant' | 'agent';
  readonly receiver: string;
  readonly receiptChecked: boolean;
  readonly idChecked: boolean;
  readonly authoritySeen: boolean;
  readonly signing: 'drawn' | 'thumbprint';
  readonly signature: Uint8Array | null;
  readonly witness: string;
}

export type Lack = 'receiver' | 'check' | 'authority' | 'signature' | 'witness';

/** What is missing before a result may leave our hands, in the order of the form. */
export function lacksOf(hand: HandBack): Lack[] {
  const lacks: Lack[] = [];
  if (tidy(hand.receiver) === '') lacks.push('receiver');
  // Who has lost the receipt shows who they are; whose card is old brings the receipt.
  if (!hand.receiptChecked && !hand.idChecked) lacks.push('check');
  if (hand.relation === 'agent' && !hand.authoritySeen) lacks.push('authority');
  if (hand.signing === 'drawn' && hand.signature === null) lacks.push('signature');
  if (hand.signing === 'thumbprint' && tidy(hand.witness) === '') lacks.push('witness');
  return lacks;
}

/** The hand-back as fields of the record. */
export function handedOf(hand: HandBack, at: string): Said {
  const signed: Said = hand.signing === 'drawn'
    ? { signature: hand.signature as Value }
    : { witness: tidy(hand.witness) };
  return {
    status: 'delivered', receiver_name: tidy(hand.receiver), relation: hand.relation,
    receipt_checked: hand.receiptChecked, id_checked: hand.idChecked, signing: hand.signing, ...signed,
    ...(hand.relation === 'agent' ? { authority_seen: true } : {}), handed_at: at,
  };
}

function tidy(text: string): string {
  return text.normalize('NFC').trim().replace(/\s+/gu, ' ');
}

function resultOf(work: Work): Result {
  const text = (field: string): string => textOf(work, field);
  return {
    record: work.record, dossier: text('dossier'), code: text('dossier_code'), person: text('person'), title: text('title'),
    copies: countOf(work, 'copies'), pages: countOf(work, 'pages'), stop: text('stop'), address: text('address'),
    step: stepOf(work.said), isOnTheWay: isOnTheWay(work.said), differs: countsDiffer(work.said),
    got: typeof work.said['got'] === 'number' ? work.said['got'] : null,
    receiver: text('receiver_name'), handedAt: text('handed_at'), handedBy: work.authors.get('handed_at')?.by ?? null,
    reason: REASONS.find((reason) => reason === work.said['reason']) ?? null, remark: text('remark'),
    area: text('area'), newborn: text('newborn'), bornOn: text('born_on'),
  };
}
