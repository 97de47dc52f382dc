/**
 * One question to the office, and what came back for it.
 *
 * A status of 200 is no answer yet: a portal gives that too. Only bytes that the office signed are
 * one, and whoever asked still compares whom they answer. Nothing else changes anything.
 */
import type { Bytes } from '../sync/bytes';
import { readEnvelope } from '../sync/exchange';
import { BadSignature, Malformed, Refusal } from '../sync/refusals';
import { Shape } from '../sync/shape';
import { type Purpose, requireSignature } from '../sync/signature';
import { verify } from './keys';
import type { Trouble } from './outcomes';
import { whyUnreached } from './unreached';
import { type NetAnswer, type NetRequest, NoAnswer, type World } from './world';

const EXPECTED = /^application\/(vnd\.|x-)?msgpack\b/;
const PROBLEM = /^application\/problem\+json\b/;

export interface Answer {
  readonly kind: 'answer';
  readonly message: Bytes;
  readonly etag: string | null;
}

/** `keyOf` gives the key that must have signed; an enrolment finds it in the message itself. */
export async function ask(
  world: Pick<World, 'net' | 'clock' | 'store' | 'released'>,
  request: NetRequest,
  purpose: Purpose,
  keyOf: (message: Bytes) => Bytes,
): Promise<Answer | { readonly kind: 'not-modified' } | Trouble> {
  let answer: NetAnswer;
  try {
    answer = await world.net.ask(request);
  } catch (fault) {
    if (fault instanceof NoAnswer) return await whyUnreached(world, fault);
    throw fault;
  }
  if (answer.status === 304) return { kind: 'not-modified' };
  if (answer.status !== 200) return troubleOf(answer);
  if (!EXPECTED.test(answer.contentType)) return { kind: 'captive' };
  return await open(answer, purpose, keyOf);
}

/** Runs a reader of a verified message; an unreadable one is as good as untrusted. */
export function readOrUntrusted<T>(read: () => T): T | { readonly kind: 'untrusted' } {
  try {
    return read();
  } catch (refusal) {
    if (refusal instanceof Refusal) return { kind: 'untrusted' };
    throw refusal;
  }
}

async function open(
  answer: NetAnswer,
  purpose: Purpose,
  keyOf: (message: Bytes) => Bytes,
): Promise<Answer | Trouble> {
  try {
    const { message, signature } = readEnvelope(answer.body);
    await requireSignature(verify, keyOf(message), purpose, message, signature);
    return { kind: 'answer', message, etag: answer.etag };
  } catch (refusal) {
    // Cut off on the way: as if there had been no answer.
    if (refusal instanceof Malformed) return { kind: 'offline' };
    if (refusal instanceof BadSignature) return { kind: 'untrusted' };
    throw refusal;
  }
}

function troubleOf(answer: NetAnswer): Trouble {
  const { status, retryAfter: retryAfterSeconds } = answer;
  if (status === 503) return { kind: 'busy', retryAfterSeconds };
  if (status === 511 || status < 400) return { kind: 'captive' };
  const code = codeOf(answer);
  if (status >= 500) return { kind: 'server-error' };
  // Our office always says which of its refusals it means; a portal or a proxy cannot.
  return code === null ? { kind: 'captive' } : { kind: 'refused', code, retryAfterSeconds };
}

function codeOf(answer: NetAnswer): string | null {
  try {
    if (EXPECTED.test(answer.contentType)) return Shape.read(answer.body, 'a problem').text('code');
    if (!PROBLEM.test(answer.contentType)) return null;
    const problem: unknown = JSON.parse(new TextDecoder().decode(answer.body));
    const isProblem = typeof problem === 'object' && problem !== null && 'code' in problem;
    return isProblem && typeof problem.code === 'string' ? problem.code : null;
  } catch (fault) {
    if (fault instanceof Refusal || fault instanceof SyntaxError) return null;
    throw fault;
  }
}
