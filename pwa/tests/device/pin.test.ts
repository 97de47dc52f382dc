/** Which PINs are taken. */
import { expect, it } from 'vitest';
import { faultOfPin } from '../../src/device/pin';

it.each([
  ['12345', 'too-short'],
  ['', 'too-short'],
  ['1234567890123', 'too-long'],
  ['25803a', 'not-digits'],
  ['２５８０３６', 'not-digits'],
  ['111111', 'all-same'],
  ['123456', 'in-a-row'],
  ['678901', 'in-a-row'],
  ['654321', 'in-a-row'],
  ['121212', 'repeats'],
  ['258258', 'repeats'],
  ['112233', 'repeats'],
  ['111222', 'repeats'],
  ['123321', 'mirrored'],
])('refuses %s: %s', (pin, fault) => {
  expect(faultOfPin(pin)).toBe(fault);
});

it.each(['258036', '703914', '190574', '11223345', '852852031'])('takes %s', (pin) => {
  expect(faultOfPin(pin)).toBeNull();
});
