/** Small helps for forms: the focus goes to what is wrong, typing another value picks it. */

export function watchFields(page: Document): void {
  page.querySelector<HTMLElement>('[data-focus]')?.focus();
  for (const button of page.querySelectorAll<HTMLElement>('[data-without-script]')) {
    button.hidden = true; // htmx sends the form at every change
  }
  page.addEventListener('input', (event) => {
    const { target } = event;
    if (!(target instanceof HTMLElement)) return;
    const picks = target.dataset['picks'];
    const radio = picks === undefined ? null : page.getElementById(picks);
    if (radio instanceof HTMLInputElement) radio.checked = true;
  });
}
