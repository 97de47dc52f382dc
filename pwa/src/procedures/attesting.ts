/**
 * How a person stood by what was written for them (screen F9): read back, signed, helped, told of
 * their data. All are fields of the sealing change, below `intake.`; none is a digital signature,
 * and none is consent: the notice rests on law (rules of the trade, B.7).
 */
import type { Value } from '../sync/pack';
import type { Answers } from './answers';

/**
 * Drawn on the screen; a photo of the paper that was signed; a thumbprint on paper before a
 * witness; or, where even that cannot be, two witnesses (UX-41).
 */
export const SIGNING_WAYS = ['drawn', 'signed_paper', 'thumbprint', 'witnesses'] as const;
export type SigningWay = (typeof SIGNING_WAYS)[number];

/** The document under which a drawing, or the photo of a signed paper, travels. */
export const SIGNATURE = 'signature';

export const HELPER_ROLES = ['community_team', 'relative', 'officer', 'other'] as const;
export type HelperRole = (typeof HELPER_ROLES)[number];

export interface Witness {
  readonly name: string;
  /** Optional: nobody has to show a card to have been there. */
  readonly number: string;
}

export interface Signing {
  readonly way: SigningWay;
  readonly witnesses: readonly Witness[];
}

export interface Word {
  readonly by: string;
  /** ISO civil time with zone. */
  readonly at: string;
}

export interface Help {
  readonly name: string;
  readonly role: HelperRole;
}

export const SIGNING = 'intake.signing';
export const READ_BACK = 'intake.read_back';
export const NOTICE = 'intake.notice';
export const HELP = 'intake.help';

export function witnessesNeeded(way: SigningWay): number {
  return { drawn: 0, signed_paper: 0, thumbprint: 1, witnesses: 2 }[way];
}

export function signingOf(answers: Answers): Signing | null {
  const kept = mapOf(answers[SIGNING]);
  const way = SIGNING_WAYS.find((each) => each === kept['way']);
  if (way === undefined) return null;
  const listed = kept['witnesses'];
  const witnesses = (Array.isArray(listed) ? listed as readonly Value[] : []).map((each) => {
    const { name, number } = mapOf(each);
    return { name: textOf(name), number: textOf(number) };
  });
  return { way, witnesses };
}

export function wordOf(answers: Answers, name: string): Word | null {
  const { by, at } = mapOf(answers[name]);
  return typeof by === 'string' && typeof at === 'string' ? { by, at } : null;
}

export function helpOf(answers: Answers): Help | null {
  const kept = mapOf(answers[HELP]);
  const role = HELPER_ROLES.find((each) => each === kept['role']);
  return role === undefined ? null : { name: textOf(kept['name']), role };
}

/** As a value of a field: witnesses without a name were not there. */
export function signingValue({ way, witnesses }: Signing): Value {
  return { way, witnesses: witnesses.map(({ name, number }) => ({ name, number })) };
}

/** What is still open, for the amber list before sealing; nothing of it bars the way. */
export type OpenWord = 'signing' | 'signature-picture' | 'witness-names' | 'read-back' | 'notice';

export function openWords(answers: Answers, hasPicture: boolean): readonly OpenWord[] {
  const signing = signingOf(answers);
  const open: OpenWord[] = [];
  if (signing === null) open.push('signing');
  else {
    if (signing.way !== 'witnesses' && !hasPicture) open.push('signature-picture');
    const named = signing.witnesses.filter(({ name }) => name.trim() !== '').length;
    if (named < witnessesNeeded(signing.way)) open.push('witness-names');
  }
  if (wordOf(answers, READ_BACK) === null) open.push('read-back');
  if (wordOf(answers, NOTICE) === null) open.push('notice');
  return open;
}

/** The words to seal. */
export function wordsToSeal(answers: Answers): Answers {
  const signing = signingOf(answers);
  const help = helpOf(answers);
  const sealed: Record<string, Value> = {};
  if (signing !== null) {
    const witnesses = signing.witnesses
      .slice(0, witnessesNeeded(signing.way))
      .map(({ name, number }) => ({ name: name.trim(), number: number.replace(/\s/gu, '') }))
      .filter(({ name }) => name !== '');
    sealed[SIGNING] = signingValue({ way: signing.way, witnesses });
  }
  if (help !== null && help.name.trim() !== '') sealed[HELP] = { name: help.name.trim(), role: help.role };
  for (const name of [READ_BACK, NOTICE]) {
    const word = wordOf(answers, name);
    if (word !== null) sealed[name] = { ...word };
  }
  return sealed;
}

function mapOf(value: Value | undefined): Readonly<Record<string, Value>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || value instanceof Uint8Array) return {};
  return value as Readonly<Record<string, Value>>;
}

function textOf(value: Value | undefined): string {
  return typeof value === 'string' ? value : '';
}
