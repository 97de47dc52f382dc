/** What is sealed for an inbox opens there alone: by its own key, in its own row, as what it is. */
import { expect, it } from 'vitest';
import { type OwnInbox, openFromInbox, sealForInbox } from '../../src/store/inbox_sealing';

const CONTEXT = 'luudong/test\0';
const PLACE = { vault: 'binh', name: 'handed/a' };
const CLEAR = new TextEncoder().encode('Quách Thị Ưởng');

async function newInbox(): Promise<OwnInbox> {
  const pair = await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, false, ['deriveBits']);
  return { key: pair.privateKey, publicKey: new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey)) };
}

it('opens what was sealed for it, which is never twice the same', async () => {
  const own = await newInbox();
  const [one, other] = [await sealForInbox(CONTEXT, PLACE, own.publicKey, CLEAR), await sealForInbox(CONTEXT, PLACE, own.publicKey, CLEAR)];

  expect(await openFromInbox(CONTEXT, PLACE, own, one)).toEqual(CLEAR);
  expect(await openFromInbox(CONTEXT, PLACE, own, other)).toEqual(CLEAR);
  expect(one).not.toEqual(other);
});

it('opens nothing for another, from another row, or as another thing', async () => {
  const own = await newInbox();
  const sealed = await sealForInbox(CONTEXT, PLACE, own.publicKey, CLEAR);

  for (const open of [
    openFromInbox(CONTEXT, PLACE, await newInbox(), sealed),
    openFromInbox(CONTEXT, { ...PLACE, vault: 'an' }, own, sealed),
    openFromInbox(CONTEXT, { ...PLACE, name: 'handed/b' }, own, sealed),
    openFromInbox('luudong/other\0', PLACE, own, sealed),
  ]) {
    expect(await open).toBeNull();
  }
});

it('opens nothing of which a byte was changed or is missing', async () => {
  const own = await newInbox();
  const sealed = await sealForInbox(CONTEXT, PLACE, own.publicKey, CLEAR);

  for (const place of [1, 64, 66, 80, sealed.length - 1]) {
    const spoilt = Uint8Array.from(sealed, (byte, at) => (at === place ? byte ^ 1 : byte));
    expect(await openFromInbox(CONTEXT, PLACE, own, spoilt), `byte ${place}`).toBeNull();
  }
  expect(await openFromInbox(CONTEXT, PLACE, own, sealed.slice(0, 20))).toBeNull();
});
