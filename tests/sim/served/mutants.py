"""Bugs on purpose in the real office."""

from tests.sim.level import Planted

MUTANTS: dict[str, list[Planted]] = {}
