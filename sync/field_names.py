"""The list of field names that both sides have, so that batches need not bring them.

It only grows, at its end: phones count by it (`columns.py`).
"""

import json
from pathlib import Path
from typing import Final

FIELD_NAMES: Final[list[str]] = json.loads(
    Path(__file__).with_name("field_names.json").read_text("utf-8")
)
