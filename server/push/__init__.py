"""Wakes phones through their browsers' push services, with a kind and nothing else (B8)."""
