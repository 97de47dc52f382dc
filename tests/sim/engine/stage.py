"""What the phones of one world share: the process that runs them, and what may befall them."""

from dataclasses import dataclass

from tests.sim.engine.host import Host
from tests.sim.engine.troubles import Troubles


@dataclass
class Stage:
    """One world's. `is_real`: keys have secrets, and signatures are those of the field."""

    host: Host
    troubles: Troubles
    is_real: bool
    copies: int = 0
