/**
 * What a receipt says, line by line: the one text of the screen, of the print and of the picture.
 *
 * 1. A receipt is an official paper of the trade (forms M01 and CT04) and so in Vietnamese, whatever
 *    language the app speaks.
 * 2. It says what was received and what was promised, with the promise of the seal; a later copy
 *    says that it is one, and why.
 *
 * Twin of server/papers/receipt.py, which prints the office's copy; a test compares their words.
 */
import type { Value } from '../sync/pack';
import words from '../words/receipt.vi.json';
import type { Branch } from './branch';
import type { Procedure, RequiredPaper } from './catalogue';
import { daysOf, weekdayOfDays } from './civil_days';
import { feeDue } from './fees';
import { writeMoney, writePersonalId, writePhone } from './format';
import type { SealedPromise } from './promise';

export interface ReceiptFacts {
  readonly procedure: Procedure;
  readonly branch: Branch | null;
  readonly areaName: string;
  readonly promise: SealedPromise | null;
  /** `YYYY-MM-DDTHH:MM` of the seal, in Vietnam. */
  readonly sealedAt: string;
  /** In its groups; empty where there is none yet. */
  readonly code: readonly string[];
  readonly receiver: string;
  readonly answers: Readonly<Record<string, Value>>;
  readonly papers: Readonly<Record<string, { readonly state: string; readonly count: number }>>;
  /** Copies given out before this one. */
  readonly copies: number;
  /** Why it was issued anew, the oldest first. */
  readonly reissues: readonly string[];
}

/** A page, and the two rolls of small printers, by their width in mm. */
export type PaperSize = 'a5' | 'roll80' | 'roll58';

export interface ReceiptLine {
  readonly label: string;
  readonly value: string;
}

export interface Receipt {
  readonly form: string;
  readonly parent: string;
  readonly unit: string;
  readonly place: string;
  readonly title: string;
  readonly marks: readonly string[];
  readonly code: readonly string[];
  readonly codeLabel: string;
  readonly codeNone: string | null;
  /** The promise, the largest words of the paper; null on an acknowledgement. */
  readonly due: ReceiptLine | null;
  readonly lines: readonly ReceiptLine[];
  readonly papersTitle: string;
  readonly papers: readonly string[];
  readonly missingTitle: string;
  readonly missing: readonly string[];
  readonly notes: readonly string[];
  readonly signatures: readonly ReceiptLine[];
}

type Word = keyof typeof words;

export function receiptOf(facts: ReceiptFacts): Receipt {
  const { procedure, branch, promise } = facts;
  const isReceipt = promise !== null;
  const received = promise?.receivedAt ?? facts.sealedAt;
  return {
    form: isReceipt ? say(`form.${procedure.receiptTemplate}`) : '',
    parent: branch?.parent ?? '',
    unit: branch?.name ?? '',
    place: say('place', { place: facts.areaName, ...partsOf(received) }),
    title: say(isReceipt ? `title.${procedure.receiptTemplate}` : 'title.acknowledgement'),
    marks: marksOf(facts),
    codeLabel: say('code'),
    code: facts.code,
    codeNone: facts.code.length === 0 ? say('code.none') : null,
    due: promise === null ? null : { label: say('due'), value: momentInWords(promise.dueAt) },
    lines: [
      { label: say(isReceipt ? 'received' : 'taken'), value: momentInWords(received) },
      ...peopleOf(facts.answers),
      { label: say('request'), value: `${procedure.name.vi} (${procedure.code})` },
      { label: say('sets'), value: say('sets.one') },
      ...isReceipt ? [{ label: say('limit'), value: procedure.timeLimitText }] : [],
      ...collectOf(facts),
      { label: say('fee'), value: feeOf(facts) },
    ],
    papersTitle: say('papers'),
    papers: papersOf(facts),
    missingTitle: say('missing'),
    missing: procedure.papers.filter(({ id }) => facts.papers[id]?.state === 'missing').map(({ name }) => name.vi),
    notes: [
      ...isReceipt ? [] : [say('acknowledgement')],
      ...promise !== null && facts.copies + facts.reissues.length > 0 ? [say('due.first')] : [],
      ...isReceipt ? [say('bring')] : [],
      ...branch === null ? [] : [say('hotline', { hotline: branch.hotline })],
    ],
    signatures: [
      { label: say('sign.applicant'), value: text(facts.answers['answers.applicant_full_name']) },
      { label: say(isReceipt ? 'sign.receiver' : 'sign.helper'), value: facts.receiver },
    ],
  };
}

/** 17 giờ 00, thứ Hai, ngày 23 tháng 11 năm 2026. */
export function momentInWords(moment: string): string {
  const weekday = String(weekdayOfDays(daysOf(moment.slice(0, 10))));
  return say('moment', {
    hour: moment.slice(11, 13), minute: moment.slice(14, 16),
    weekday: say(`weekday.${weekday}` as Word), ...partsOf(moment),
  });
}

function marksOf({ copies, reissues }: ReceiptFacts): string[] {
  const reason = reissues.at(-1);
  const reissued = reason === undefined ? [] : [say('mark.reissued', { number: reissues.length, reason })];
  return copies > 0 ? [say('mark.reprint', { number: copies }), ...reissued] : reissued;
}

function peopleOf(answers: ReceiptFacts['answers']): ReceiptLine[] {
  const said: readonly (readonly [Word, string, (value: string) => string])[] = [
    ['organisation', 'organization_name', same],
    ['applicant', 'applicant_full_name', same],
    ['personal_id', 'applicant_personal_id', writePersonalId],
    ['address', 'applicant_address', same],
    ['phone', 'applicant_phone', writePhone],
    ['email', 'applicant_email', same],
    ['principal', 'principal_full_name', same],
    ['personal_id', 'principal_personal_id', writePersonalId],
    ['address', 'principal_address', same],
    ['principal.paper', 'authorization_paper', same],
  ];
  return said.flatMap(([label, field, write]) => {
    const value = text(answers[`answers.${field}`]);
    return value === '' ? [] : [{ label: say(label), value: write(value) }];
  });
}

/** Where the result is collected: the choice, and the stop or address that belongs to it. */
function collectOf({ procedure, answers }: ReceiptFacts): ReceiptLine[] {
  const chosen = answers['answers.result_channel'];
  const field = procedure.groups.flatMap((group) => group.fields).find(({ id }) => id === 'result_channel');
  const choice = field?.choices.find(({ value }) => value === chosen)?.label.vi;
  if (choice === undefined) return [];
  const more = text(answers['answers.result_van_stop']) || text(answers['answers.result_address']);
  return [{ label: say('collect'), value: more === '' ? choice : `${choice}: ${more}` }];
}

function feeOf({ procedure, answers }: ReceiptFacts): string {
  const fee = feeDue(procedure, answers);
  if (fee === null) return say('fee.unknown');
  return fee === 0 ? say('fee.none') : writeMoney(fee);
}

function papersOf({ procedure, papers }: ReceiptFacts): string[] {
  const listed = procedure.papers
    .filter(({ id }) => papers[id]?.state === 'handed_in' || papers[id]?.state === 'checked')
    .map((paper) => `${paper.name.vi} (${mannerOf(paper, papers[paper.id])})`);
  return listed.length === 0 ? [say('papers.none')] : listed.map((line, index) => `${index + 1}. ${line}`);
}

function mannerOf(paper: RequiredPaper, mark: { readonly state: string; readonly count: number } | undefined): string {
  if (mark?.state === 'checked' || paper.form === 'check-only') return say('paper.checked');
  return say(`paper.${paper.form}`, { count: mark?.count ?? 0 });
}

function partsOf(moment: string): { readonly year: string; readonly month: string; readonly day: string } {
  return { year: moment.slice(0, 4), month: moment.slice(5, 7), day: moment.slice(8, 10) };
}

function say(word: Word, facts: Readonly<Record<string, string | number>> = {}): string {
  return words[word].replace(/\{(\w+)\}/gu, (whole, name: string) => {
    const fact = facts[name];
    return fact === undefined ? whole : String(fact);
  });
}

function text(value: Value | undefined): string {
  return typeof value === 'string' ? value : '';
}

function same(value: string): string {
  return value;
}
