/** Fields of a dossier: what the office asked for, and what was brought for it, by the same id. */
export const ASKED = 'supplements.';
export const GIVEN = 'supplied.';
