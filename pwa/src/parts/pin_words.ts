/** What is wrong with a new PIN, at the field where it can be mended. */
import { faultOfPin } from '../device/pin';
import { t } from '../live/display.svelte';
import type { Complaint } from './complaint';

export function complaintsOfPin(pin: string, again: string): Complaint[] {
  const fault = faultOfPin(pin);
  if (fault !== null) return [{ text: t(`app.pin.${fault}`), field: 'pin' }];
  return pin === again ? [] : [{ text: t('app.pin.differs'), field: 'again' }];
}
