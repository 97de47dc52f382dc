/**
 * The border: the catalogue comes in as unknown JSON and leaves as `Catalogue`, or not at all.
 *
 * Keys that this version does not know are passed over; a missing or misshapen one that it needs is
 * refused with its place, so that a wrong catalogue is found at the office and not by a citizen.
 */
import type {
  Catalogue, Condition, FeeFormula, FormField, Group, IdentityFields, Label, Procedure, RequiredPaper,
  Rule,
} from './catalogue';
import { FIELD_TYPES } from './catalogue';
import { readTimeLimit } from './limits';
import {
  BadCatalogue, flag, list, map, number, numberOrNull, oneOf, plain, text, textOrNull, texts,
} from './unknown';

/** Groups of every dossier that come before the procedure's own. */
const COMMON_FIRST = new Set(['applicant', 'authorization']);
/** Where a repeated group names no limit of its own. */
const ROWS_MAX = 50;
const FORMATS = ['HH:mm', 'email'] as const;

export function readCatalogue(value: unknown): Catalogue {
  const catalogue = map(value, 'catalogue');
  const common = list(catalogue['common_groups'], 'common_groups').map(readCommonGroup);
  return {
    version: text(catalogue['catalogue_version'], 'catalogue_version'),
    procedures: list(catalogue['procedures'], 'procedures').map((each, index) =>
      readProcedure(each, `procedures[${index}]`, common)),
  };
}

function readCommonGroup(value: unknown, index: number): Group {
  const place = `common_groups[${index}]`;
  const common = map(value, place);
  return readGroup(common['group'], `${place}.group`, readFields(common['fields'], `${place}.fields`));
}

function readProcedure(value: unknown, place: string, common: readonly Group[]): Procedure {
  const raw = map(value, place);
  const fields = readFields(raw['form_fields'], `${place}.form_fields`);
  const own = list(raw['groups'], `${place}.groups`).map((each, index) =>
    readGroup(each, `${place}.groups[${index}]`, fields));
  const van = map(raw['van'], `${place}.van`);
  const procedure: Procedure = {
    code: text(raw['code'], `${place}.code`),
    name: readLabel(raw, 'name', place),
    shortName: text(raw['short_name_vi'], `${place}.short_name_vi`),
    field: text(raw['field_vi'], `${place}.field_vi`),
    timeLimitText: text(map(raw['time_limit'], place)['text_vi'], `${place}.time_limit.text_vi`),
    timeLimit: readTimeLimit(raw, place),
    receiptTemplate: oneOf(raw['receipt_template'], ['receipt_m01', 'receipt_ct04'], `${place}.receipt_template`),
    mobileVariant: readMobileVariant(raw['linked_codes'], `${place}.linked_codes`),
    feeVnd: readFee(raw, place),
    feeUnit: oneOf(raw['fee_unit'], ['case', 'copy', 'page'], `${place}.fee_unit`),
    feeFormula: readFormula(raw['fee_formula'], `${place}.fee_formula`),
    feeNote: textOrNull(raw['fee_note_vi'], `${place}.fee_note_vi`),
    vanRole: oneOf(van['role'], ['full', 'intake', 'assist_online'], `${place}.van.role`),
    mustBePresent: textOrNull(van['must_be_present_vi'], `${place}.van.must_be_present_vi`),
    papers: list(raw['documents'], `${place}.documents`).map((each, index) =>
      readPaper(each, `${place}.documents[${index}]`)),
    groups: [
      ...common.filter((group) => COMMON_FIRST.has(group.id)),
      ...own,
      ...common.filter((group) => !COMMON_FIRST.has(group.id)),
    ],
    rules: list(raw['rules'], `${place}.rules`).map((each, index) =>
      readRule(each, `${place}.rules[${index}]`)),
  };
  refuseTwins(procedure, place);
  return procedure;
}

/** Answers are kept by field id alone, so an id stands once in a form. */
function refuseTwins(procedure: Procedure, place: string): void {
  const seen = new Set<string>();
  for (const field of procedure.groups.flatMap((group) => group.fields)) {
    if (seen.has(field.id)) throw new BadCatalogue(place, `one field named ${field.id}`);
    seen.add(field.id);
  }
}

function readMobileVariant(value: unknown, place: string): string | null {
  if (value === null || value === undefined) return null;
  const variant = list(value, place).map((each) => map(each, place))
    .find((each) => each['relation'] === 'mobile_variant');
  return variant === undefined ? null : text(variant['code'], `${place}.code`);
}

function readFee(raw: ReturnType<typeof map>, place: string): number | null {
  const byChannel = map(raw['fee_by_channel'], `${place}.fee_by_channel`);
  const direct = numberOrNull(byChannel['direct'], `${place}.fee_by_channel.direct`);
  return direct ?? numberOrNull(raw['fee_vnd'], `${place}.fee_vnd`);
}

function readFormula(value: unknown, place: string): FeeFormula | null {
  if (value === null || value === undefined) return null;
  const raw = map(value, place);
  return {
    firstPages: number(raw['first_pages'], `${place}.first_pages`),
    firstPageFee: number(raw['first_page_fee'], `${place}.first_page_fee`),
    nextPageFee: number(raw['next_page_fee'], `${place}.next_page_fee`),
    capPerCopy: number(raw['cap_per_copy'], `${place}.cap_per_copy`),
  };
}

function readGroup(value: unknown, place: string, fields: readonly FormField[]): Group {
  const raw = map(value, place);
  const id = text(raw['id'], `${place}.id`);
  const repeats = flag(raw['repeat'], `${place}.repeat`);
  const own = fields.filter((field) => field.group === id);
  return {
    id,
    label: readLabel(raw, 'label', place),
    showIf: readCondition(raw['show_if'], `${place}.show_if`),
    repeat: repeats
      ? {
        min: numberOrNull(raw['min'], `${place}.min`) ?? 0,
        max: numberOrNull(raw['max'], `${place}.max`) ?? ROWS_MAX,
      }
      : null,
    identity: readIdentity(raw['id_qr'], `${place}.id_qr`) ?? identityOf(own),
    fields: own,
  };
}

function readIdentity(value: unknown, place: string): IdentityFields | null {
  if (value === null || value === undefined) return null;
  const raw = map(value, place);
  return {
    personalId: textOrNull(raw['personal_id'], `${place}.personal_id`),
    fullName: textOrNull(raw['full_name'], `${place}.full_name`),
    dateOfBirth: textOrNull(raw['date_of_birth'], `${place}.date_of_birth`),
    gender: textOrNull(raw['gender'], `${place}.gender`),
    address: textOrNull(raw['address'], `${place}.address`),
  };
}

const PERSONAL_ID = '_personal_id';

/** A group that asks for a personal number asks for a person, also where the catalogue maps none. */
function identityOf(fields: readonly FormField[]): IdentityFields | null {
  const number = fields.find((field) => field.type === 'cccd' && field.id.endsWith(PERSONAL_ID));
  if (number === undefined) return null;
  const stem = number.id.slice(0, -PERSONAL_ID.length);
  const named = (...endings: readonly string[]): string | null =>
    fields.find(({ id }) => endings.some((ending) => id === `${stem}_${ending}`))?.id ?? null;
  return {
    personalId: number.id,
    fullName: named('full_name', 'name'),
    dateOfBirth: named('date_of_birth'),
    gender: named('gender'),
    address: named('residence', 'address'),
  };
}

function readFields(value: unknown, place: string): readonly FormField[] {
  return list(value, place).map((each, index) => readField(each, `${place}[${index}]`));
}

function readField(value: unknown, place: string): FormField {
  const raw = map(value, place);
  const preset = raw['default'];
  const pattern = textOrNull(raw['pattern'], `${place}.pattern`);
  const format = raw['format'];
  return {
    id: text(raw['id'], `${place}.id`),
    group: text(raw['group'], `${place}.group`),
    label: readLabel(raw, 'label', place),
    type: oneOf(raw['type'], FIELD_TYPES, `${place}.type`),
    required: flag(raw['required'], `${place}.required`),
    choices: list(raw['choices'], `${place}.choices`).map((each, index) => {
      const choice = map(each, `${place}.choices[${index}]`);
      return { value: text(choice['value'], `${place}.choices[${index}].value`), label: readLabel(choice, 'label', place) };
    }),
    showIf: readCondition(raw['show_if'], `${place}.show_if`),
    preset: preset === undefined || preset === null ? null : plain(preset, `${place}.default`),
    suggestions: texts(raw['suggestions'], `${place}.suggestions`),
    help: textOrNull(raw['help_vi'], `${place}.help_vi`),
    partialDate: flag(raw['partial_date'], `${place}.partial_date`),
    computedFrom: textOrNull(raw['computed_from'], `${place}.computed_from`),
    multi: flag(raw['multi'], `${place}.multi`),
    min: numberOrNull(raw['min'], `${place}.min`),
    max: raw['max'] === 'today' ? 'today' : numberOrNull(raw['max'], `${place}.max`),
    maxLength: numberOrNull(raw['max_length'], `${place}.max_length`),
    pattern: pattern === null ? null : readPattern(pattern, place),
    format: format === undefined || format === null
      ? null : oneOf(format, FORMATS, `${place}.format`),
    decimals: raw['decimals'] === true ? 1 : numberOrNull(raw['decimals'], `${place}.decimals`) ?? 0,
    sensitive: flag(raw['sensitive'], `${place}.sensitive`),
    otherPaperAllowed: flag(raw['other_paper_allowed'], `${place}.other_paper_allowed`),
    uppercase: flag(raw['uppercase'], `${place}.uppercase`),
  };
}

function readPattern(pattern: string, place: string): RegExp {
  try {
    return new RegExp(pattern, 'u');
  } catch {
    throw new BadCatalogue(`${place}.pattern`, 'a regular expression');
  }
}

function readPaper(value: unknown, place: string): RequiredPaper {
  const raw = map(value, place);
  return {
    id: text(raw['id'], `${place}.id`),
    name: readLabel(raw, 'name', place),
    form: oneOf(raw['form'], ['original', 'copy', 'declaration', 'check-only'], `${place}.form`),
    count: number(raw['count'], `${place}.count`),
    required: flag(raw['required'], `${place}.required`),
    condition: textOrNull(raw['condition_vi'], `${place}.condition_vi`),
    showIf: readCondition(raw['show_if'], `${place}.show_if`),
    oneOf: textOrNull(raw['one_of'], `${place}.one_of`),
    onlyIfLookupFails: raw['trigger'] === 'lookup_failed',
    sensitive: flag(raw['sensitive'], `${place}.sensitive`),
  };
}

function readRule(value: unknown, place: string): Rule {
  const raw = map(value, place);
  return {
    severity: oneOf(raw['severity'], ['error', 'warning', 'info'], `${place}.severity`),
    text: readLabel(raw, 'text', place),
  };
}

function readLabel(raw: ReturnType<typeof map>, stem: string, place: string): Label {
  return {
    vi: text(raw[`${stem}_vi`], `${place}.${stem}_vi`),
    en: textOrNull(raw[`${stem}_en`], `${place}.${stem}_en`),
  };
}

function readCondition(value: unknown, place: string): Condition | null {
  if (value === null || value === undefined) return null;
  const raw = map(value, place);
  for (const kind of ['all', 'any'] as const) {
    if (kind in raw) return { kind, conditions: readConditions(raw[kind], `${place}.${kind}`) };
  }
  const field = text(raw['field'], `${place}.field`);
  if ('equals' in raw) return { kind: 'equals', field, value: plain(raw['equals'], `${place}.equals`) };
  if ('gt' in raw) return { kind: 'gt', field, value: number(raw['gt'], `${place}.gt`) };
  for (const kind of ['in', 'not_in'] as const) {
    if (kind in raw) {
      const values = list(raw[kind], `${place}.${kind}`).map((each) => plain(each, `${place}.${kind}`));
      return { kind, field, values };
    }
  }
  throw new BadCatalogue(place, 'equals, in, not_in, gt, all or any');
}

function readConditions(value: unknown, place: string): readonly Condition[] {
  return list(value, place).map((each, index) => {
    const condition = readCondition(each, `${place}[${index}]`);
    if (condition === null) throw new BadCatalogue(`${place}[${index}]`, 'a condition');
    return condition;
  });
}
