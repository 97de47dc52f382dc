"""Decisions of the desk that a restore lost and devices brought back, for people to decide."""
