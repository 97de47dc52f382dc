"""Trips and their stops: planned at the desk, carried out by vans and helpers."""
