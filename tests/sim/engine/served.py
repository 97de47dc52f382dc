"""Levels B and C at once: the field app's own engine at the real office."""

from typing import Final

from tests.sim.engine.level import EngineLevel
from tests.sim.served.level import LEVEL as SERVED

LEVEL: Final = EngineLevel("BC", SERVED)
