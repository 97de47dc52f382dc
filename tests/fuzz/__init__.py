"""Hostile requests against a real office: no 500, no hang, no memory that only grows."""
