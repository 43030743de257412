"""How long loops over a file tell how far they are."""

from collections.abc import Callable

Progress = Callable[[int, int], None]
"""Called with bytes done and bytes in all, about a thousand times per gigabyte."""


def silent(done: int, total: int) -> None:
    """Tell nobody."""
