"""Devices of the office, how they join, and the seats of people on them."""
