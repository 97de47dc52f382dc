/** A hand-back that is being filled in, as it is kept while the app is locked. */
import type { Value } from '../sync/pack';
import { REASONS, type HandBack, type Reason } from './results';

export interface HandBackForm extends Omit<HandBack, 'receiver' | 'signature'> {
  /** Null while nobody has typed: the applicant's name then. */
  readonly named: string | null;
  readonly signature: Uint8Array<ArrayBuffer> | null;
  readonly reason: Reason | null;
  readonly remark: string;
}

export const EMPTY_FORM: HandBackForm = {
  relation: 'applicant', named: null, receiptChecked: false, idChecked: false, authoritySeen: false,
  signing: 'drawn', signature: null, witness: '', reason: null, remark: '',
};

/** Null where nothing is filled in. */
export function packForm(form: HandBackForm): Value {
  const isFilled = (Object.keys(EMPTY_FORM) as (keyof HandBackForm)[]).some((name) => form[name] !== EMPTY_FORM[name]);
  return isFilled ? { ...form } : null;
}

/** The form as `packForm` kept it; whatever is missing or another thing is as in an empty one. */
export function formIn(kept: Value): HandBackForm {
  if (typeof kept !== 'object' || kept === null || Array.isArray(kept) || kept instanceof Uint8Array) return EMPTY_FORM;
  const said = kept as Readonly<Record<string, Value>>;
  const text = (name: string): string => (typeof said[name] === 'string' ? said[name] : '');
  return {
    relation: said['relation'] === 'agent' ? 'agent' : 'applicant',
    named: typeof said['named'] === 'string' ? said['named'] : null,
    receiptChecked: said['receiptChecked'] === true,
    idChecked: said['idChecked'] === true,
    authoritySeen: said['authoritySeen'] === true,
    signing: said['signing'] === 'thumbprint' ? 'thumbprint' : 'drawn',
    signature: said['signature'] instanceof Uint8Array ? Uint8Array.from(said['signature']) : null,
    witness: text('witness'),
    reason: REASONS.find((reason) => reason === said['reason']) ?? null,
    remark: text('remark'),
  };
}
