/** Rows of a vault by the beginning of their names. */
export function namesWith(vault: string, prefix: string): IDBKeyRange {
  return IDBKeyRange.bound([vault, prefix], [vault, `${prefix}\uffff`]);
}
