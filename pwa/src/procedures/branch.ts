/** The office as it is named on its papers, and whom a citizen calls; from the reference data. */
import { map, text } from './unknown';

export interface Branch {
  readonly name: string;
  readonly parent: string;
  readonly hotline: string;
}

export function readBranch(value: unknown): Branch {
  const raw = map(value, 'branch');
  return {
    name: text(raw['name_vi'], 'branch.name_vi'),
    parent: text(raw['parent_vi'], 'branch.parent_vi'),
    hotline: text(raw['hotline'], 'branch.hotline'),
  };
}
