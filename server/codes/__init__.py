"""Dossier codes: ranges leased to phones, the office's own ordinals, and who is found by which."""
