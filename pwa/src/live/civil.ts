/** The time to write into a dossier: civil, with its zone, by the office's clock. */
import { civilTime } from '../device/civil_time';

export function civilNow(skewMs: number): string {
  return civilTime(Date.now() + skewMs);
}
