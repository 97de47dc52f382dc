/** An answer as it is read back; null where none was given. */
import { labelOf, t } from '../live/display.svelte';
import { isBlank } from '../procedures/answers';
import type { FormField } from '../procedures/catalogue';
import { writeDate, writeNumber, writePersonalId, writePhone } from '../procedures/format';
import type { Value } from '../sync/pack';
import { readsAsErased } from '../sync/value';

export function wordsForAnswer(field: FormField, value: Value | undefined): string | null {
  if (value === undefined || isBlank(value)) return null;
  if (readsAsErased(value)) return t('app.answer.erased');
  if (typeof value === 'boolean') return t(value ? 'app.field.yes' : 'app.field.no');
  if (field.type === 'choice') return wordsForChoice(field, value);
  if (typeof value === 'number') return writeNumber(value);
  if (typeof value !== 'string') return null;
  switch (field.type) {
    case 'date': return writeDate(value);
    case 'number': return /^\d+(?:\.\d+)?$/u.test(value) ? writeNumber(value) : value;
    case 'cccd': return writePersonalId(value);
    case 'phone': return writePhone(value);
    case 'text': case 'address': case 'boolean': return value;
  }
}

function wordsForChoice(field: FormField, value: Value): string {
  const chosen: readonly Value[] = Array.isArray(value) ? value as readonly Value[] : [value];
  return chosen.map((each) => {
    const choice = field.choices.find((one) => one.value === each);
    if (choice) return labelOf(choice.label);
    return typeof each === 'string' ? each : '';
  }).join(', ');
}
