"""What a form says that its page showed, so that nothing which came since is replaced unseen."""

from sync.change import Dot
from sync.record import State, dots


def token_of(dot: Dot) -> str:
    """Name a value in a form by the dot of its set."""
    return f"{dot.seat}-{dot.seq}-{dot.tag.hex()}"


def tokens_of(state: State, field: str) -> str:
    """Name all values that stand in a field; empty where it was never set."""
    return ",".join(sorted(token_of(dot) for dot in dots(state, field)))
