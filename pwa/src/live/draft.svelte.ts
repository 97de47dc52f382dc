/**
 * A draft while it is filled in.
 *
 * 1. Every change is written at once; “saved” is said only when the strict write has resolved and
 *    nothing newer is waiting.
 * 2. A write that fails takes nothing from the screen: the answers stay here and are tried again.
 */
import type { SealOutcome, WriteTrouble } from '../device/outcomes';
import type { Phone } from '../device/port';
import type { AddPhotoOutcome, PhotoFile } from '../device/shown';
import type { Answers } from '../procedures/answers';
import { SIGNATURE, wordsToSeal } from '../procedures/attesting';
import type { Procedure, RequiredPaper } from '../procedures/catalogue';
import { originsToSeal, withEdits, withOrigin } from '../procedures/origins';
import { originalChecksToSeal } from '../procedures/original_check';
import { passedToSeal, withoutStale } from '../procedures/passing';
import type { Paper, Papers } from '../procedures/papers';
import { papersToSeal } from '../procedures/papers';
import { fieldsOf, prospectOf, type Prospect, type Receive } from '../procedures/promise';
import { answersToSeal } from '../procedures/sealing';
import type { Draft } from '../store/port';

const RETRY_MS = 3000;

export class DraftView {
  readonly id: string;
  answers = $state.raw<Answers>({});
  papers = $state.raw<Papers>({});
  /** By document id: why the last photo of it could not be kept. */
  unkept = $state.raw<Readonly<Record<string, AddPhotoOutcome['kind']>>>({});
  savedAt = $state(0);
  /** The officer gives a provisional acknowledgement although they might promise a date. */
  acknowledgeOnly = $state(false);
  trouble = $state.raw<WriteTrouble | null>(null);
  /** Something on the screen is not on the disk yet, and is on its way there. */
  readonly saving: boolean = $derived.by(() => this.#unsaved && this.trouble === null);

  #draft: Draft;
  #step: string;
  /** Until the write that carries the newest answers has ended, not only until it has begun. */
  #unsaved = $state(false);
  #waiting = false;
  #writing: Promise<void> | null = null;
  #retry: ReturnType<typeof setTimeout> | null = null;

  constructor(readonly phone: Phone, draft: Draft) {
    this.id = draft.id;
    this.#draft = draft;
    this.#step = draft.step;
    this.answers = draft.answers;
    this.papers = draft.papers;
    this.savedAt = draft.savedAt;
  }

  get procedure(): string { return this.#draft.procedure; }
  get area(): string { return this.#draft.area; }
  get record(): string { return this.#draft.record; }

  setAll(changed: Answers): void {
    this.answers = withEdits(this.answers, { ...withoutStale(this.answers, changed), ...changed });
    this.#write();
  }

  /** Answers that were read from a person's card, and are marked so. */
  fillFromCard(sets: Answers): void {
    this.answers = { ...withOrigin('card', this.answers, sets), ...withoutStale(this.answers, sets) };
    this.#write();
  }

  setPaper(id: string, paper: Paper): void {
    this.papers = { ...this.papers, [id]: paper };
    this.#write();
  }

  /** Keeps a photo of a paper; what cannot be kept takes nothing from the draft. */
  async addPhoto(
    paper: Pick<RequiredPaper, 'id' | 'count'>, file: PhotoFile, instead: string | null = null,
  ): Promise<boolean> {
    const isKept = await this.#keep(paper.id, file, instead);
    const isNew = this.papers[paper.id] === undefined || this.papers[paper.id]?.state === 'missing';
    if (isKept && isNew) this.setPaper(paper.id, { state: 'handed_in', count: Math.max(paper.count, 1) });
    return isKept;
  }

  /** A drawing, or the photo of a paper that was signed: none of the papers that were asked for. */
  async addSignature(file: PhotoFile, instead: string | null): Promise<boolean> {
    return this.#keep(SIGNATURE, file, instead);
  }

  async #keep(document: string, file: PhotoFile, instead: string | null): Promise<boolean> {
    const { kind } = await this.phone.addPhoto(this.#draft, document, file, ...(instead === null ? [] : [instead]));
    const others = Object.entries(this.unkept).filter(([id]) => id !== document);
    this.unkept = Object.fromEntries(kind === 'kept' ? others : [...others, [document, kind]]);
    return kind === 'kept';
  }

  /** Where the person is, so that the draft reopens there. */
  moveTo(step: string): void {
    if (this.#step === step) return;
    this.#step = step;
    this.#write();
  }

  /** Tries a failed write at once. */
  retry(): void {
    if (this.#retry !== null) clearTimeout(this.#retry);
    this.#retry = null;
    this.#write();
  }

  /** Resolves when no write is under way. */
  async settle(): Promise<void> {
    await this.#writing;
  }

  /** Seals the answers, with the promise that follows from them; `receive` is all else it needs. */
  async seal(procedure: Procedure, receive: Receive): Promise<SealOutcome> {
    await this.settle();
    const answers = this.#said(procedure);
    const papers = papersToSeal(procedure, this.answers, this.papers);
    const { acknowledgeOnly } = this;
    const reception = { ...receive, procedure, answers, papers, acknowledgeOnly };
    const promise = (receivedAt: number): Answers => fieldsOf(prospectOf(reception, receivedAt));
    return this.phone.seal(this.#draft, {
      answers: {
        ...answers,
        ...originsToSeal(procedure, this.answers),
        ...wordsToSeal(this.answers),
        ...originalChecksToSeal(procedure, this.answers, this.papers),
      },
      papers,
      step: this.#step,
      promise,
    });
  }

  /** What would be promised if the draft were sealed at this moment of the office's time. */
  prospect(procedure: Procedure, receive: Receive, at: number): Prospect {
    const answers = this.#said(procedure);
    const { papers, acknowledgeOnly } = this;
    return prospectOf({ ...receive, procedure, answers, papers, acknowledgeOnly }, at);
  }

  /** What was answered, and why anything is odd or open. */
  #said(procedure: Procedure): Answers {
    return { ...answersToSeal(procedure, this.answers), ...passedToSeal(procedure, this.answers) };
  }

  /** Goes on as another procedure, with everything that both ask. */
  changeProcedure(code: string): void {
    this.#draft = { ...this.#draft, procedure: code };
    this.#write();
  }

  #write(): void {
    this.#waiting = true;
    this.#unsaved = true;
    if (this.#retry !== null) return;
    this.#writing ??= this.#writeAll().finally(() => { this.#writing = null; });
  }

  /** Writes the newest answers until none are newer; what comes meanwhile goes with the next write. */
  async #writeAll(): Promise<void> {
    while (this.#waiting) {
      this.#waiting = false;
      const outcome = await this.phone.saveDraft(this.#draft, {
        answers: this.answers, papers: this.papers, step: this.#step,
      });
      if (outcome.kind !== 'saved') {
        this.#waiting = true;
        this.trouble = outcome;
        this.#retry = setTimeout(() => this.retry(), RETRY_MS);
        return;
      }
      this.#draft = outcome.draft;
      this.trouble = null;
      this.savedAt = outcome.draft.savedAt;
    }
    this.#unsaved = false;
  }
}
