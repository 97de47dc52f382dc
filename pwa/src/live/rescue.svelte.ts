/** A rescue file as the Outbox makes it, hands it over and takes it in. */
import type { Carried, ExportOutcome, ExportScope, ImportOutcome } from '../device/outcomes';
import type { Phone } from '../device/port';
import { BUNDLE_FILE_BYTES_MAX } from '../sync/limits';

const TYPE = 'application/vnd.luudong';

export type Exported = Extract<ExportOutcome, { kind: 'exported' }> & { readonly file: File };
export type ExportShown = Exported | Exclude<ExportOutcome, { kind: 'exported' }>;
export type ImportShown = ImportOutcome | { readonly kind: 'too-big' };

export class RescueView {
  exported = $state.raw<ExportShown | null>(null);
  imported = $state.raw<ImportShown | null>(null);
  carried = $state.raw<readonly Carried[]>([]);
  /** How far an export has come; null while none is under way. */
  progress = $state.raw<{ readonly done: number; readonly all: number } | null>(null);
  busy = $state(false);

  constructor(readonly phone: Phone) {}

  async read(): Promise<void> {
    this.carried = await this.phone.carried();
  }

  async export(scope: ExportScope, name: string): Promise<ExportShown> {
    this.busy = true;
    this.exported = null;
    const outcome = await this.phone.exportFile(scope, (done, all) => {
      this.progress = { done, all };
    });
    const shown =
      outcome.kind === 'exported'
        ? { ...outcome, file: new File([...outcome.parts], name, { type: TYPE }) }
        : outcome;
    this.exported = shown;
    this.progress = null;
    this.busy = false;
    return shown;
  }

  async import(file: File): Promise<ImportShown> {
    this.busy = true;
    const imported =
      file.size > BUNDLE_FILE_BYTES_MAX
        ? ({ kind: 'too-big' } as const)
        : await this.phone.importFile(new Uint8Array(await file.arrayBuffer()));
    this.imported = imported;
    await this.read();
    this.busy = false;
    return imported;
  }

  async drop(digest: string): Promise<void> {
    await this.phone.dropCarried(digest);
    await this.read();
  }
}
