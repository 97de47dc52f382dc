/** The one form in which an answer is kept, whatever way it was typed. */
import type { Value } from '../sync/pack';
import type { FormField } from './catalogue';

export function normalise(field: FormField, value: Value): Value {
  if (typeof value !== 'string') return value;
  const text = value.normalize('NFC').trim();
  if (text === '') return null;
  switch (field.type) {
    case 'cccd': return normalPersonalId(text);
    case 'phone': return normalPhone(text);
    case 'number': return normalNumber(text, field.decimals);
    case 'text':
      return field.format === 'HH:mm' ? normalTime(text) : text.replace(/[ \t]+/gu, ' ');
    case 'address': return text.replace(/\s+/gu, ' ');
    case 'date': case 'choice': case 'boolean': return text;
  }
}

/** Spaces, dots and dashes between figures go; another paper's number stays as it is. */
export function normalPersonalId(text: string): string {
  const figures = text.replace(/[\s.-]/gu, '');
  return /^\d+$/u.test(figures) ? figures : text;
}

/** +84 912 345 678 becomes 0912345678. */
export function normalPhone(text: string): string {
  const figures = text.replace(/[\s.()-]/gu, '').replace(/^(?:\+|00)84/u, '0');
  return /^\d+$/u.test(figures) ? figures : text;
}

/**
 * `1.250` is 1250, and `85,5` is "85.5" where decimals are asked for: a decimal is kept as text so
 * that no float ever travels. What is no number stays as it was typed, for the check to name.
 */
export function normalNumber(text: string, decimals: number): Value {
  const tight = text.replace(/\s/gu, '');
  const grouped = /^\d{1,3}(?:\.\d{3})+$/u.test(tight) ? tight.replaceAll('.', '') : tight;
  if (/^-?\d{1,15}$/u.test(grouped)) return Number(grouped);
  const decimal = /^(\d{1,3}(?:\.\d{3})*|\d+),(\d+)$/u.exec(tight) ?? /^(\d+)\.(\d+)$/u.exec(tight);
  if (decimals === 0 || decimal === null) return text;
  return `${(decimal[1] ?? '').replaceAll('.', '')}.${decimal[2] ?? ''}`;
}

/** 9:7, 9h07 and 0907 become 09:07. */
function normalTime(text: string): string {
  const parts = /^(\d{1,2})\s*(?::|h|giờ|g)\s*(\d{0,2})$/iu.exec(text) ?? /^(\d{2})(\d{2})$/u.exec(text);
  if (parts === null) return text;
  return `${(parts[1] ?? '').padStart(2, '0')}:${(parts[2] ?? '').padStart(2, '0')}`;
}
