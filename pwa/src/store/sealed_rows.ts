/** What is known of citizens, on its way into rows of the disk and out of them again. */
import type { Bytes } from '../sync/bytes';
import { unpackDraft } from './draft';
import type { Draft, Given, LogEntry, Offer, Sealing, StoredRecord } from './port';
import type { GivenRow, LogRow, OfferRow, RecordRow } from './schema';

export class SealedRows {
  private readonly sealing: Sealing;

  constructor(sealing: Sealing) {
    this.sealing = sealing;
  }

  async openDraft(sealed: Bytes): Promise<Draft> {
    return unpackDraft(await this.sealing.open(sealed));
  }

  async openEntry({ sealed, ...row }: LogRow): Promise<LogEntry> {
    return { ...row, change: await this.sealing.open(sealed) };
  }

  async openRecord({ sealed, given, ...row }: RecordRow): Promise<StoredRecord> {
    const { id, feeds, version, renewed = 0 } = row;
    const opened = { id, feeds, version, renewed, state: await this.sealing.open(sealed) };
    return given === undefined ? opened : { ...opened, given: await this.openGiven(given) };
  }

  async openGiven({ sealed, ...given }: GivenRow): Promise<Given> {
    return { ...given, state: sealed === null ? null : await this.sealing.open(sealed) };
  }

  async sealRecord({ state, given, ...record }: StoredRecord): Promise<RecordRow> {
    const row = { ...record, sealed: await this.sealing.seal(state) };
    return given === undefined ? row : { ...row, given: await this.sealGiven(given) };
  }

  async sealGiven({ state, ...given }: Given): Promise<GivenRow> {
    return { ...given, sealed: state === null ? null : await this.sealing.seal(state) };
  }

  async sealOffers(offers: readonly Offer[]): Promise<OfferRow[]> {
    return await Promise.all(
      offers.map(async ({ id, mac, state }) => {
        return { id, mac, sealed: await this.sealing.seal(state) };
      }),
    );
  }

  async openOffer({ id, mac, sealed }: OfferRow): Promise<Offer> {
    return { id, mac, state: await this.sealing.open(sealed) };
  }
}
