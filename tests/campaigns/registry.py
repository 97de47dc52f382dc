"""The parts of the campaign. Whoever builds another adds a line here."""

from typing import Final

from tests.campaigns.browser_kills import on_chromium
from tests.campaigns.cut_uploads import across_cuts
from tests.campaigns.database_cuts import on_postgresql as cut_postgresql
from tests.campaigns.full_disk import on_small_disks
from tests.campaigns.fuzzing import fuzz_on_postgresql, fuzz_on_sqlite
from tests.campaigns.part import Part
from tests.campaigns.power_cuts import cut_many_times
from tests.campaigns.rough_network import over_rough_lines
from tests.campaigns.server_kills import on_postgresql, on_sqlite
from tests.campaigns.simulation import simulate_engine_minutes, simulate_minutes

PARTS: Final = (
    Part("server-kills-sqlite", "kill of a busy office", 200, 25, on_sqlite),
    Part("server-kills-postgresql", "kill of a busy office", 200, 25, on_postgresql),
    Part("database-cuts", "loss of PostgreSQL under load", 100, 20, cut_postgresql),
    Part("power-cuts", "moment at which the power goes", 500, 100, cut_many_times),
    Part("full-disk", "disk filled under load, and freed", 200, 20, on_small_disks),
    Part("rough-network", "trouble on a phone's line", 2_000, 500, over_rough_lines),
    Part("cut-uploads", "photo across twenty cuts", 50, 10, across_cuts),
    Part("browser-kills", "kill of a browser that saves", 100, 20, on_chromium),
    Part("fuzz-sqlite", "hostile request", 150_000, 5_000, fuzz_on_sqlite),
    Part("fuzz-postgresql", "hostile request", 50_000, 5_000, fuzz_on_postgresql),
    Part("simulation", "minute of seeds", 120, 10, simulate_minutes),
    Part("simulation-engine", "minute of seeds", 120, 10, simulate_engine_minutes),
)
