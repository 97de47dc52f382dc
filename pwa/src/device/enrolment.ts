/** A phone joins an office with a one-time code; people then compare six words. */
import type { Bytes } from '../sync/bytes';
import {
  type EnrolmentResponse,
  readEnrolmentResponse,
  sealEnvelope,
  writeEnrolmentRequest,
} from '../sync/exchange';
import { fingerprintWords } from '../sync/fingerprint';
import { newKeys, publicBytes, signerOf } from './keys';
import { ask, readOrUntrusted } from './office';
import type { EnrolOutcome } from './outcomes';
import type { World } from './world';
import { keeping } from './trouble';

const TIMEOUT_MS = 30_000;

export async function enrol(world: World, code: string, label: string): Promise<EnrolOutcome> {
  const keys = await newKeys();
  const publicKey = await publicBytes(keys);
  const time = world.clock.now();
  const message = writeEnrolmentRequest({
    code: code.trim(),
    publicKey,
    label: label.trim().normalize('NFC'),
    appVersion: world.appVersion,
    time,
  });
  const body = await sealEnvelope(message, signerOf(keys));
  const request = { method: 'POST', path: '/sync/enrolment', body, timeoutMs: TIMEOUT_MS } as const;
  // Whose key that is, the six words tell: a machine in the middle shows others than the desk.
  const keyOf = (answer: Bytes): Bytes => readEnrolmentResponse(answer).officeKey;
  const answer = await ask(world, request, 'response', keyOf);
  if (answer.kind === 'not-modified') return { kind: 'untrusted' };
  if (answer.kind !== 'answer') return answer;
  const joined = readOrUntrusted(() => readEnrolmentResponse(answer.message));
  if ('kind' in joined) return joined;
  return await keeping(async () => await keep(world, label, { keys, publicKey, joined, time }));
}

async function keep(
  world: World,
  label: string,
  made: {
    readonly keys: CryptoKeyPair;
    readonly publicKey: Bytes;
    readonly joined: EnrolmentResponse;
    readonly time: number;
  },
): Promise<EnrolOutcome> {
  const { office, officeName, officeKey, epoch, device, enrolment } = made.joined;
  const words = fingerprintWords(officeKey, made.publicKey);
  await world.store.saveDevice({
    office,
    officeName,
    officeKey,
    epoch,
    device,
    label,
    keys: made.keys,
    publicKey: made.publicKey,
    enrolment,
    words,
    status: 'pending',
    lastNumber: 0,
    lastExchangeAt: 0,
    skewMs: made.joined.time - made.time,
    directoryUpTo: 0,
    seat: null,
    workOffline: false,
  });
  return { kind: 'enrolled', device, officeName, words };
}
