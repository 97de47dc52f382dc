/** One line of the summary of what is wrong. */
export interface Complaint {
  readonly text: string;
  /** Where it can be mended: a field of this page, or an address. */
  readonly field?: string;
  readonly href?: string;
  readonly lang?: 'vi' | undefined;
}
