"""Level B on PostgreSQL: the same application, the same worlds, a real server of the database."""

from typing import Final

from tests.sim.reach import SERVED
from tests.sim.served.level import ServedLevel
from tests.sim.served.office import Place
from tests.sim.served.postgres import FolderOnPostgres, HeldPostgres

LEFT_OUT = frozenset({"standby-loss"})

LEVEL: Final = ServedLevel(
    "BP",
    Place(FolderOnPostgres, HeldPostgres, has_standby=False),
    [kind for kind in SERVED if kind not in LEFT_OUT],
)
