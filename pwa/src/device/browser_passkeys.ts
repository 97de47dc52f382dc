/**
 * Passkeys by WebAuthn, whose PRF answers a secret to a salt. No server is asked and no signature
 * checked: the answer opens a vault, or it does not.
 */
import type { Bytes } from '../sync/bytes';
import type { PasskeyFault } from './outcomes';
import type { MadePasskey } from './world';

const ANSWER_BYTES = 32;
const TIMEOUT_MS = 60_000;
/** ECDSA on P-256 and RSA, as WebAuthn numbers them: what all phones and Windows can. */
const ALGORITHMS = [-7, -257] as const;

export async function isHere(): Promise<boolean> {
  if (!hasWebAuthn()) return false;
  if (!(await PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable())) return false;
  if (!('getClientCapabilities' in PublicKeyCredential)) return true;
  // Who does not say is asked, and may turn out not to.
  return (await PublicKeyCredential.getClientCapabilities())['extension:prf'] !== false;
}

export async function make(
  id: Bytes,
  name: string,
  salt: Bytes,
): Promise<MadePasskey | PasskeyFault> {
  return await said(async () => {
    const made = await navigator.credentials.create({
      publicKey: {
        rp: { name: 'Lưu Động' },
        user: { id, name, displayName: name },
        challenge: anyBytes(),
        pubKeyCredParams: ALGORITHMS.map((alg) => ({ type: 'public-key', alg })),
        // Android's PRF is of discoverable passkeys alone.
        authenticatorSelection: {
          authenticatorAttachment: 'platform',
          residentKey: 'required',
          userVerification: 'required',
        },
        timeout: TIMEOUT_MS,
        extensions: { prf: { eval: { first: salt } } },
      },
    });
    if (!(made instanceof PublicKeyCredential)) return 'failed';
    const credential = new Uint8Array(made.rawId);
    // Some make a passkey without a word, and answer from the next asking on.
    const answer = answerOf(made) ?? (canAnswer(made) ? await ask(credential, salt) : 'no-prf');
    if (typeof answer !== 'string') return { credential, answer };
    await forget(credential);
    return answer;
  });
}

export async function ask(credential: Bytes, salt: Bytes): Promise<Bytes | PasskeyFault> {
  return await said(async () => {
    const found = await navigator.credentials.get({
      publicKey: {
        challenge: anyBytes(),
        allowCredentials: [{ type: 'public-key', id: credential, transports: ['internal'] }],
        userVerification: 'required',
        timeout: TIMEOUT_MS,
        extensions: { prf: { eval: { first: salt } } },
      },
    });
    if (!(found instanceof PublicKeyCredential)) return 'failed';
    return answerOf(found) ?? 'no-prf';
  });
}

export async function forget(credential: Bytes): Promise<void> {
  if (!hasWebAuthn() || !('signalUnknownCredential' in PublicKeyCredential)) return;
  const text = btoa(String.fromCharCode(...credential));
  const credentialId = text.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/u, '');
  try {
    await PublicKeyCredential.signalUnknownCredential({ rpId: location.hostname, credentialId });
  } catch (fault) {
    // It stays in the phone's list, and opens nothing.
    if (!(fault instanceof DOMException)) throw fault;
  }
}

/** Not in every browser, and nowhere without TLS but on localhost. */
function hasWebAuthn(): boolean {
  return typeof PublicKeyCredential !== 'undefined';
}

function answerOf(credential: PublicKeyCredential): Bytes | null {
  const first = credential.getClientExtensionResults().prf?.results?.first;
  if (first === undefined) return null;
  const answer = first instanceof ArrayBuffer ? new Uint8Array(first) : bytesOf(first);
  return answer.length === ANSWER_BYTES ? answer : null;
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Bytes {
  return new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength).slice();
}

function canAnswer(credential: PublicKeyCredential): boolean {
  return credential.getClientExtensionResults().prf?.enabled === true;
}

async function said<T>(deed: () => Promise<T>): Promise<T | PasskeyFault> {
  try {
    return await deed();
  } catch (fault) {
    if (!(fault instanceof DOMException)) throw fault;
    if (fault.name === 'NotAllowedError' || fault.name === 'AbortError') return 'cancelled';
    return fault.name === 'NotSupportedError' || fault.name === 'ConstraintError' ? 'no-prf' : 'failed';
  }
}

function anyBytes(): Bytes {
  return crypto.getRandomValues(new Uint8Array(32));
}
