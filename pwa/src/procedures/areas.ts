/** The communes of the branch, from the reference data. */
import { list, map, text, texts } from './unknown';

export interface Area {
  readonly code: string;
  readonly name: string;
  /** Conditions that time limits depend on, as `difficult_commune`. */
  readonly flags: readonly string[];
}

export function readAreas(value: unknown): readonly Area[] {
  return list(value, 'areas').map((each, index) => {
    const raw = map(each, `areas[${index}]`);
    return {
      code: text(raw['code'], `areas[${index}].code`),
      name: text(raw['name_vi'], `areas[${index}].name_vi`),
      flags: texts(raw['flags'], `areas[${index}].flags`),
    };
  });
}

export function nameOfArea(areas: readonly Area[], code: string): string {
  return areas.find((area) => area.code === code)?.name ?? code;
}

