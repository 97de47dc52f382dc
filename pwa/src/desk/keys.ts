/** Single keys for the list of arrivals: j, k, Enter, /, [ and ]. They can be turned off (UX-20). */

const KEPT = 'luudong.desk.keys';

export function watchKeys(page: Document, kept: Storage): void {
  let isOn = kept.getItem(KEPT) !== 'off';
  const button = page.getElementById('keys-switch');
  const help = page.getElementById('keys-help');

  function show(): void {
    if (button) {
      button.hidden = page.querySelector('[data-rows]') === null && help === null;
      button.textContent = (isOn ? button.dataset['on'] : button.dataset['off']) ?? '';
      button.setAttribute('aria-pressed', String(isOn));
    }
    if (help) help.hidden = !isOn;
  }

  button?.addEventListener('click', () => {
    isOn = !isOn;
    kept.setItem(KEPT, isOn ? 'on' : 'off');
    show();
  });
  page.addEventListener('keydown', (event) => {
    if (!isOn || event.defaultPrevented || isTaken(event)) return;
    if (act(page, event.key)) event.preventDefault();
  });
  show();
}

/** Keys belong to whoever is typing, and to the browser where a modifier is held. */
function isTaken(event: KeyboardEvent): boolean {
  const { target } = event;
  const isTyping =
    target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable]');
  return Boolean(isTyping) || event.ctrlKey || event.metaKey || event.altKey || event.isComposing;
}

function act(page: Document, key: string): boolean {
  switch (key) {
    case 'j':
      return moveFocus(page, 1);
    case 'k':
      return moveFocus(page, -1);
    case '/':
      return focus(page, '#find-words');
    case '[':
      return follow(page, '#page-before');
    case ']':
      return follow(page, '#page-after');
    default:
      return false; // Enter is the link's own
  }
}

function moveFocus(page: Document, by: number): boolean {
  const links = [...page.querySelectorAll<HTMLAnchorElement>('[data-row-link]')];
  if (links.length === 0) return false;
  const at = links.findIndex((link) => link === page.activeElement);
  const next = at < 0 ? (by > 0 ? 0 : links.length - 1) : at + by;
  const link = links[Math.min(Math.max(next, 0), links.length - 1)];
  link?.focus();
  link?.scrollIntoView({ block: 'nearest' });
  return true;
}

function focus(page: Document, selector: string): boolean {
  const box = page.querySelector<HTMLInputElement>(selector);
  box?.focus();
  box?.select();
  return box !== null;
}

function follow(page: Document, selector: string): boolean {
  const link = page.querySelector<HTMLAnchorElement>(selector);
  link?.click();
  return link !== null;
}
