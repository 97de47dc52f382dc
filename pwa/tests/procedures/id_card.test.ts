import { describe, expect, it } from 'vitest';
import vectors from '../../../tests/vectors/id_card.json';
import { factsOfNumber, readCard } from '../../src/procedures/id_card';

describe('a code that somebody shows', () => {
  it.each(vectors.codes)('$case', ({ text, reading }) => {
    expect(readCard(text)).toEqual(reading);
  });

  it.each(vectors.numbers)('$number tells sex and year', ({ number, facts }) => {
    expect(factsOfNumber(number)).toEqual(facts);
  });
});
