/** Says aloud that a fragment was refreshed, and says in words when the live line is broken. */

/** What htmx and its SSE extension call the things that we listen to. */
const SWAPPED = 'htmx:afterSwap';
const BROKEN = 'htmx:sseError';
const OPEN = 'htmx:sseOpen';

/** What a fragment also listens to: hints that were sent while the line was broken are lost. */
const REFRESH = 'refresh';

export function watchLive(page: Document): void {
  const said = page.getElementById('said');
  const live = page.getElementById('live');
  if (said === null || live === null) return;

  page.addEventListener(SWAPPED, (event) => {
    const fragment = refreshed(page, event);
    if (fragment) said.textContent = fragment.dataset['say'] ?? '';
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

/** The fragment that stands now where an event replaced one; the event still names the old one. */
function refreshed(page: Document, event: Event): HTMLElement | null {
  const target = event.target instanceof Element ? event.target.id : '';
  return target === '' ? null : page.getElementById(target);
}
