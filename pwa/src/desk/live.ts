/** Says aloud that a fragment was refreshed, and says in words when the live line is broken. */

/** What htmx and its SSE extension call the things that we listen to. */
const BEFORE_SWAP = 'htmx:beforeSwap';
const SWAPPED = 'htmx:afterSwap';
const BROKEN = 'htmx:sseError';
const OPEN = 'htmx:sseOpen';

/** What a fragment also listens to: hints that were sent while the line was broken are lost. */
const REFRESH = 'refresh';

export function watchLive(page: Document): void {
  const said = page.getElementById('said');
  const live = page.getElementById('live');
  if (said === null || live === null) return;

  let kept: ReadonlyMap<string, string> = new Map();
  page.addEventListener(BEFORE_SWAP, () => (kept = chosen(live)));
  page.addEventListener(SWAPPED, (event) => {
    const fragment = refreshed(page, event);
    if (fragment === null) return;
    choose(fragment, kept);
    said.textContent = fragment.dataset['say'] ?? '';
  });

  const notice = page.createElement('p');
  notice.id = 'live-broken';
  notice.className = 'live-broken';
  notice.hidden = true;
  notice.textContent = live.dataset['broken'] ?? '';
  live.before(notice);
  page.addEventListener(BROKEN, () => (notice.hidden = false));
  page.addEventListener(OPEN, () => {
    if (notice.hidden) return;
    notice.hidden = true;
    for (const fragment of live.querySelectorAll('[hx-get]')) {
      fragment.dispatchEvent(new Event(REFRESH));
    }
  });
}

/**
 * What somebody has chosen or typed and not sent yet, and what they have opened: a dossier that
 * changes meanwhile must not undo it.
 */
function chosen(live: HTMLElement): ReadonlyMap<string, string> {
  const lists = [...live.querySelectorAll<HTMLSelectElement | HTMLTextAreaElement>(TYPED)];
  const typed = lists.filter(({ value }) => value !== '').map(({ id, value }) => [id, value] as const);
  const boxes = [...live.querySelectorAll<HTMLElement>(TICKED)].map(({ id }) => [id, ''] as const);
  return new Map([...typed, ...boxes]);
}

const TYPED = 'select[id], textarea[id]';
const TICKED = 'input[type=checkbox][id]:checked, details[id][open]';

function choose(fragment: HTMLElement, kept: ReadonlyMap<string, string>): void {
  for (const list of fragment.querySelectorAll<HTMLSelectElement | HTMLTextAreaElement>(TYPED)) {
    const value = kept.get(list.id);
    if (value !== undefined && (!(list instanceof HTMLSelectElement) || offers(list, value))) {
      list.value = value;
    }
  }
  for (const box of fragment.querySelectorAll<HTMLInputElement>('input[type=checkbox][id]')) {
    if (kept.has(box.id)) box.checked = true;
  }
  for (const part of fragment.querySelectorAll<HTMLDetailsElement>('details[id]')) {
    if (kept.has(part.id)) part.open = true;
  }
}

function offers(list: HTMLSelectElement, value: string): boolean {
  return [...list.options].some((one) => one.value === value);
}

/** The fragment that stands now where an event replaced one; the event still names the old one. */
function refreshed(page: Document, event: Event): HTMLElement | null {
  const target = event.target instanceof Element ? event.target.id : '';
  return target === '' ? null : page.getElementById(target);
}
