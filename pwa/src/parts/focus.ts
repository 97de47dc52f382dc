/** Fields are found by their name's id, so that summaries and addresses can lead to them. */
export function fieldId(name: string): string {
  return `field-${name}`;
}

export function focusField(name: string): void {
  const field = document.getElementById(fieldId(name));
  if (field === null) return;
  field.focus({ preventScroll: true });
  field.scrollIntoView({ block: 'center' });
}
