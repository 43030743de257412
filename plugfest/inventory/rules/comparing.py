"""What the rules share: finding entries that collide and naming the closest right spelling."""

import difflib
from collections.abc import Hashable, Iterable, Iterator
from typing import TypeVar

_MOST_SHOWN = 16
_VERY_CLOSE = 0.81  # so that leaf1 is no suggestion for leaf2

Place = TypeVar("Place")


def repeated(places: Iterable[tuple[Hashable, Place]]) -> Iterator[tuple[Place, Place]]:
    """Each place whose key was there before, after the first place with that key."""
    first: dict[Hashable, Place] = {}
    for key, place in places:
        if key in first:
            yield first[key], place
        first.setdefault(key, place)


def one_of(known: Iterable[str], wrong: str) -> str:
    """Advice for a name that is not in `known`: the closest one, else all there are."""
    choices = list(known)
    close = difflib.get_close_matches(wrong, choices, n=1, cutoff=_VERY_CLOSE)
    if close:
        return f"did you mean {close[0]}?"
    shown = choices[:_MOST_SHOWN] + ["…"] * (len(choices) > _MOST_SHOWN)
    return f"choose one of: {', '.join(shown) or 'none defined yet'}"
