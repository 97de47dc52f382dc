/** What every room of the store works with. */
import type { DamagedRows } from './damage';
import type { Disk } from './disk';
import type { Sealing } from './port';
import type { SealedRows } from './sealed_rows';

export interface Kit {
  readonly disk: Disk;
  readonly sealing: Sealing;
  readonly sealer: SealedRows;
  readonly damaged: DamagedRows;
}
