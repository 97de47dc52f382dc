/** What is wrong with a PIN, at the field where it can be mended. */
import { faultOfPin } from '../device/pin';
import type { OpenerOutcome } from '../device/outcomes';
import { t } from '../live/display.svelte';
import type { Complaint } from './complaint';
import { isTrouble, wordsForTrouble } from './trouble_words';

export function complaintsOfPin(pin: string, again: string): Complaint[] {
  const fault = faultOfPin(pin);
  if (fault !== null) return [{ text: t(`app.pin.${fault}`), field: 'pin' }];
  return pin === again ? [] : [{ text: t('app.pin.differs'), field: 'again' }];
}

/** Why a vault did not open, or why what opens it did not change. */
export function wordsForPin(outcome: OpenerOutcome): string {
  if (outcome.kind === 'wrong-pin') return t('app.lock.wrong', { n: outcome.left });
  if (outcome.kind === 'bad-pin') return t(`app.pin.${outcome.fault}`);
  if (outcome.kind === 'passkey') return t(`app.passkey.${outcome.fault}`);
  return isTrouble(outcome) ? wordsForTrouble(outcome) : t('app.lock.wrong-often');
}
