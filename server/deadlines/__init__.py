"""When a dossier is due: the office's calendar, and the rules that count by it."""
