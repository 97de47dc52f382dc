/**
 * Texts as they are searched, kept from one reading of the phone to the next: to fold those of five
 * thousand dossiers takes a third of a second, at each letter that somebody types.
 */
import { type Folded, foldedOf } from './folding';

interface Searched extends Folded {
  readonly text: string;
}

/** So many at a time are folded before a touch or a paint may come between. */
const AT_ONCE = 50;

export class SearchedTexts<Item extends { readonly record: string }> {
  readonly #textOf: (item: Item) => string;
  #ofItem = new WeakMap<Item, Folded>();
  #ofRecord = new Map<string, Searched>();

  constructor(textOf: (item: Item) => string) {
    this.#textOf = textOf;
  }

  /** What is searched of one; read anew only where it was read anew, folded only if it is another text. */
  of(item: Item): Folded {
    const known = this.#ofItem.get(item);
    if (known !== undefined) return known;
    const text = this.#textOf(item);
    const before = this.#ofRecord.get(item.record);
    const made = before?.text === text ? before : { text, ...foldedOf(text) };
    this.#ofItem.set(item, made);
    this.#ofRecord.set(item.record, made);
    return made;
  }

  /** Does so for all, ahead of a search and while `goesOn`; forgets whatever is not among them. */
  async prepare(items: readonly Item[], giveWay: () => Promise<void>, goesOn: () => boolean): Promise<void> {
    const here = new Set(items.map(({ record }) => record));
    this.#ofRecord = new Map([...this.#ofRecord].filter(([record]) => here.has(record)));
    for (const [place, item] of items.entries()) {
      if (place % AT_ONCE === 0) await giveWay();
      if (!goesOn()) return;
      this.of(item);
    }
  }
}
