import { describe, expect, it } from 'vitest';
import { readAreas } from '../../src/procedures/areas';
import { readCatalogue } from '../../src/procedures/reading';
import { BadCatalogue } from '../../src/procedures/unknown';
import { realCatalogueJson } from './filling';

function broken(change: (catalogue: { procedures: Record<string, unknown>[] }) => void): unknown {
  const catalogue = realCatalogueJson() as { procedures: Record<string, unknown>[] };
  change(catalogue);
  return catalogue;
}

describe('reading a catalogue', () => {
  it.each([null, 7, [], {}, { catalogue_version: '1', procedures: {}, common_groups: [] }])('refuses %j', (value) => {
    expect(() => readCatalogue(value)).toThrow(BadCatalogue);
  });

  it('names the place that is wrong', () => {
    const value = broken((catalogue) => {
      const fields = catalogue.procedures[0]?.['form_fields'] as Record<string, unknown>[];
      Object.assign(fields[2] ?? {}, { type: 'signature' });
    });

    expect(() => readCatalogue(value)).toThrow(/procedures\[0\]\.form_fields\[2\]\.type/u);
  });

  it('refuses two fields of one name', () => {
    const value = broken((catalogue) => {
      const fields = catalogue.procedures[0]?.['form_fields'] as Record<string, unknown>[];
      fields.push({ ...fields[0] });
    });

    expect(() => readCatalogue(value)).toThrow(/requester_relation/u);
  });

  it('refuses a condition that it does not know, instead of showing the question', () => {
    const value = broken((catalogue) => {
      const fields = catalogue.procedures[0]?.['form_fields'] as Record<string, unknown>[];
      Object.assign(fields[1] ?? {}, { show_if: { field: 'a', matches: '.*' } });
    });

    expect(() => readCatalogue(value)).toThrow(BadCatalogue);
  });

  it('passes over what it does not know otherwise', () => {
    const value = broken((catalogue) => { Object.assign(catalogue.procedures[0] ?? {}, { new_in_2028: true }); });

    expect(readCatalogue(value).procedures).toHaveLength(18);
  });

  it('reads areas by code and name', () => {
    expect(readAreas([{ code: '10441', name_vi: 'Xã Mỹ Đức', kind: 'commune' }])).toEqual([{ code: '10441', name: 'Xã Mỹ Đức', flags: [] }]);
    expect(() => readAreas({ code: '10441' })).toThrow(BadCatalogue);
  });
});
