"""Conflicts between people, shown side by side and settled with a reason."""
