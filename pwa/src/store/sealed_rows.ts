/** What is known of citizens, on its way into rows of the disk and out of them again. */
import { packDraft, unpackDraft } from './draft';
import {
  type Draft,
  type Given,
  type LogEntry,
  type Offer,
  type Sealing,
  StoreUnavailable,
  type StoredRecord,
} from './port';
import {
  type DraftRow,
  type GivenRow,
  type LogRow,
  type OfVault,
  type OfferRow,
  type RecordRow,
  idIn,
  keyOf,
} from './schema';

export class SealedRows {
  private readonly sealing: Sealing;

  constructor(sealing: Sealing) {
    this.sealing = sealing;
  }

  /** Whether a row can be read now; what lies in another vault is as if it were not here. */
  isOurs = ({ vault = '' }: OfVault): boolean => vault === this.sealing.vault;

  /** The vault that rows are written into; none is written while all are locked. */
  vault(): string {
    const { vault } = this.sealing;
    if (vault === null) throw new StoreUnavailable('it is locked');
    return vault;
  }

  /** What a row says of its vault. */
  mark(): OfVault {
    const vault = this.vault();
    return vault === '' ? {} : { vault };
  }

  /** The key of a record here; null while all vaults are locked. */
  key(id: string): string | null {
    const { vault } = this.sealing;
    return vault === null ? null : keyOf(vault, id);
  }

  async openDraft({ sealed }: DraftRow): Promise<Draft> {
    return unpackDraft(await this.sealing.open(sealed));
  }

  async sealDraft(draft: Draft): Promise<DraftRow> {
    const mark = this.mark();
    return { id: draft.id, ...mark, sealed: await this.sealing.seal(packDraft(draft)) };
  }

  async openEntry(row: LogRow): Promise<LogEntry> {
    const { sealed, seat, seq, record, at, head, isSalvaged } = row;
    const entry = { seat, seq, record, at, head, change: await this.sealing.open(sealed) };
    return isSalvaged === true ? { ...entry, isSalvaged } : entry;
  }

  async sealEntry({ change, isSalvaged, ...entry }: LogEntry): Promise<LogRow> {
    const mark = { ...this.mark(), ...(isSalvaged === true ? { isSalvaged } : {}) };
    return { ...entry, ...mark, sealed: await this.sealing.seal(change) };
  }

  async openRecord({ sealed, given, ...row }: RecordRow): Promise<StoredRecord> {
    const { feeds, version, renewed = 0 } = row;
    const state = await this.sealing.open(sealed);
    const opened = { id: idIn(row), feeds, version, renewed, state };
    return given === undefined ? opened : { ...opened, given: await this.openGiven(given) };
  }

  async openGiven({ sealed, ...given }: GivenRow): Promise<Given> {
    return { ...given, state: sealed === null ? null : await this.sealing.open(sealed) };
  }

  async sealRecord({ id, state, given, ...record }: StoredRecord): Promise<RecordRow> {
    const own = { id: keyOf(this.vault(), id), ...this.mark() };
    const row = { ...record, ...own, sealed: await this.sealing.seal(state) };
    return given === undefined ? row : { ...row, given: await this.sealGiven(given) };
  }

  async sealGiven({ state, ...given }: Given): Promise<GivenRow> {
    return { ...given, sealed: state === null ? null : await this.sealing.seal(state) };
  }

  async sealOffers(offers: readonly Offer[]): Promise<OfferRow[]> {
    if (offers.length === 0) return [];
    const [vault, mark] = [this.vault(), this.mark()];
    return await Promise.all(
      offers.map(async ({ id, mac, state }) => {
        return { id: keyOf(vault, id), mac, ...mark, sealed: await this.sealing.seal(state) };
      }),
    );
  }

  async openOffer({ sealed, ...row }: OfferRow): Promise<Offer> {
    return { id: idIn(row), mac: row.mac, state: await this.sealing.open(sealed) };
  }
}
