"""How work requests ended."""

from collections import Counter
from typing import NamedTuple


class Completion(NamedTuple):
    """The end of one work request."""

    queue_pair: int
    work_request: int
    status: str
    """Name as in ``enum ibv_wc_status`` without its prefix."""
    size: int
    immediate: int


def tally(completions: list[Completion]) -> dict[str, int]:
    """How many completions had which status."""
    return dict(Counter(completion.status for completion in completions))
