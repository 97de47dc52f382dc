import { t } from '../live/display.svelte';
import type { Fee } from '../procedures/fees';
import { writeMoney } from '../procedures/format';

export function wordsForFee(fee: Fee): string {
  switch (fee.kind) {
    case 'free': return t('app.fee.free');
    case 'unknown': return t('app.fee.unknown');
    case 'fixed': return t(`app.fee.${fee.unit}`, { money: writeMoney(fee.vnd) });
    case 'by-page': return t('app.fee.by-page', {
      first: writeMoney(fee.formula.firstPageFee), pages: fee.formula.firstPages,
      next: writeMoney(fee.formula.nextPageFee), cap: writeMoney(fee.formula.capPerCopy),
    });
  }
}
