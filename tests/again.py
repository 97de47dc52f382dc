"""Runs alone what failed beside others, and says so: a starved browser is no verdict.

`make test` keeps every core busy. A test that fails there and passes here is *shaky*: its
name stands in the output to be mended. More than MOST failures are no bad luck, and final.
"""

import json
import subprocess
import sys
from pathlib import Path

FAILED = Path(".pytest_cache/v/cache/lastfailed")
MOST = 2


def main() -> int:
    """Give the status for the shell: 0 only if each test that failed passes alone."""
    names = sorted(json.loads(FAILED.read_bytes())) if FAILED.is_file() else []
    if not 1 <= len(names) <= MOST:
        return 1
    sys.stdout.write("\nFailed beside others, and run again alone:\n")
    sys.stdout.writelines(f"  {name}\n" for name in names)
    sys.stdout.flush()
    status = subprocess.call([sys.executable, "-m", "pytest", "-q", *names])
    if status == 0:
        sys.stdout.write("They pass alone: shaky, and to be mended.\n")
    return status


if __name__ == "__main__":
    sys.exit(main())
