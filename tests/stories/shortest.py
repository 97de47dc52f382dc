"""The dossier that asks least, for stories in which something else matters."""

from typing import Final
from uuid import UUID

from tests.stories.branches import read_forms
from tests.stories.device import Device
from tests.stories.filling import Filling

SHORTEST: Final = "2.000635"


def take_shortest(tablet: Device) -> UUID:
    """Take one and seal it; give its record."""
    form = read_forms()[SHORTEST]
    draft = tablet.start_dossier(SHORTEST, area="10441")
    Filling(tablet, form, draft).fill(form.complete({}))
    return tablet.seal(draft)
