/** Bundles: the bytes of the Python core, with the same key and nonce; and rescue files. */
import { expect, it, test } from 'vitest';
import bundleFile from '../../../sync/vectors/bundle.json';
import { verify } from '../../src/device/keys';
import { agree, browserSeals } from '../../src/device/seals';
import {
  type Seals,
  bundleDigest,
  bundlesIn,
  fileParts,
  readBundle,
  sealBundle,
  signContent,
  writeBundleMessage,
} from '../../src/sync/bundle';
import { type Bytes, concat, fromHex, hex } from '../../src/sync/bytes';
import { Refusal } from '../../src/sync/refusals';
import { Shape } from '../../src/sync/shape';
import { requireSignature } from '../../src/sync/signature';
import { readBatch } from '../support/messages';

const [given] = bundleFile.cases;
if (given === undefined) throw new Error('no case');
const bundle = fromHex(given.bundle);

/** The browser's own sealing, with the vector's ephemeral key instead of a new one. */
const seals: Seals = {
  ...browserSeals,
  newPair: async () => {
    const point = fromHex(given.ephemeral);
    const part = (bytes: Bytes): string =>
      btoa(String.fromCharCode(...bytes)).replace(/\+/g, '-').replace(/\//g, '_').replace(/=/g, '');
    const jwk = {
      ...{ kty: 'EC', crv: 'P-256', d: part(fromHex(given.ephemeral_private)) },
      ...{ x: part(point.slice(1, 33)), y: part(point.slice(33)) },
    };
    const curve = { name: 'ECDH', namedCurve: 'P-256' };
    const key = await crypto.subtle.importKey('jwk', jwk, curve, false, ['deriveBits']);
    return { publicKey: point, agree: async (publicKey) => await agree(key, publicKey) };
  },
};

test('a bundle has the bytes that it has in Python', async () => {
  const { office, office_key, nonce } = given;
  const to = { office, officeKey: fromHex(office_key), nonce: fromHex(nonce) };
  const sealed = await sealBundle(seals, fromHex(given.content), to);

  expect(hex(sealed)).toBe(given.bundle);
  expect(bundleDigest(sealed)).toBe(given.digest);
  expect(readBundle(sealed)).toEqual({ protocol: 1, office, key: given.key });
});

test('the message inside has the bytes that it has in Python, and its device signed it', async () => {
  const { office, device, time } = given;
  const batches = [readBatch(fromHex(given.batch))];

  const message = writeBundleMessage({ office, device, time, batches });

  expect(hex(message)).toBe(given.message);
  const signature = fromHex(given.signature);
  await requireSignature(verify, fromHex(given.device_key), 'bundle', message, signature);
});

test('a message with an attachment has the bytes that it has in Python', () => {
  const { office, device, time, attachment } = given;
  const batches = [readBatch(fromHex(given.batch))];
  const { record, type, data } = attachment;
  const attachments = [{ record: fromHex(record), type, data: fromHex(data) }];

  expect(hex(writeBundleMessage({ office, device, time, batches, attachments }))).toBe(
    given.with_attachment,
  );
});

test('content is signed and packed by gzip', async () => {
  const signature = new Uint8Array(64).fill(7);
  const message = fromHex(given.message);
  const content = await signContent(browserSeals, () => Promise.resolve(signature), message);

  const open = new Blob([content]).stream().pipeThrough(new DecompressionStream('gzip'));
  const shape = Shape.read(new Uint8Array(await new Response(open).arrayBuffer()), 'content');
  expect(shape.bytes('message')).toEqual(message);
  expect(shape.bytes('signature')).toEqual(signature);
});

test('a new bundle has another key, and so other bytes, each time', async () => {
  const { office, office_key, nonce } = given;
  const to = { office, officeKey: fromHex(office_key), nonce: fromHex(nonce) };
  const one = await sealBundle(browserSeals, fromHex(given.content), to);

  expect(hex(one)).not.toBe(hex(await sealBundle(browserSeals, fromHex(given.content), to)));
});

test('a rescue file is read as Python writes it', () => {
  const file = concat(...fileParts([bundle, bundle]));

  expect(hex(file)).toBe(given.file);
  expect(bundlesIn(file)).toEqual({ bundles: [bundle, bundle], isWhole: true });
});

test.each([1, 3, 5, bundle.length])('a file cut %i bytes before its end keeps the rest', (cut) => {
  const file = concat(...fileParts([bundle, bundle]));

  const found = bundlesIn(file.slice(0, file.length - cut));

  expect(found).toEqual({ bundles: [bundle], isWhole: false });
});

it('refuses what is no rescue file and no bundle', () => {
  expect(() => bundlesIn(new TextEncoder().encode('%PDF-1.7 something else'))).toThrow(Refusal);
  expect(() => readBundle(Uint8Array.of(0x80))).toThrow(Refusal);
  expect(() => readBundle(bundle.slice(0, -9))).toThrow(Refusal);
});
