"""The folder that Linux keeps in memory, for what need not outlive a test."""

import os
import shutil
from pathlib import Path
from typing import Final

MEMORY: Final = Path("/dev/shm")  # noqa: S108 -- whoever uses it makes a folder of their own in it

BYTES_MIN: Final = 2 * 1024**3
"""What has to be free there: a copied database has 9 MB, a browser's pictures some more."""


def is_roomy() -> bool:
    """Tell whether it is there with room enough, and programs may run there."""
    return (
        os.access(MEMORY, os.W_OK)
        and shutil.disk_usage(MEMORY).free > BYTES_MIN
        and not os.statvfs(MEMORY).f_flag & os.ST_NOEXEC
    )
