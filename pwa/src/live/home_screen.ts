/** What a browser says of home screens without being asked to put anything there: iOS alone does (UX-60). */

/** Only the person can install it: the browser knows pages on its home screen, and never asks. */
export function isByHand(browser: object, page: object): boolean {
  return 'standalone' in browser && !('onbeforeinstallprompt' in page);
}

/** The page was opened by its icon. */
export function isOpenedFromHome(browser: object): boolean {
  return Reflect.get(browser, 'standalone') === true;
}
