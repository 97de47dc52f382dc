"""Backups: made while the office works, proven by walking them, restored into a new epoch."""
