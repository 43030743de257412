"""Named waits: a deadline, a condition, and the last observation in the error."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from plugfest.errors import DeadlineExceededError

T = TypeVar("T")


@dataclass(frozen=True)
class Deadline:
    """A point in time with a name; `remaining` counts down in seconds of the monotonic clock."""

    name: str
    """What we wait for, in plain words: it starts the error message."""
    seconds: float
    """How long we are willing to wait."""
    _started: float = field(default_factory=time.monotonic, repr=False)

    @property
    def elapsed(self) -> float:
        """Seconds since the deadline was set."""
        return time.monotonic() - self._started

    @property
    def remaining(self) -> float:
        """Seconds left; 0.0 once it has passed."""
        return max(0.0, self.seconds - self.elapsed)

    def watch(self, observe: Callable[[], T], until: Callable[[T], bool] = bool, interval: float = 0.2) -> T:
        """Observe every `interval` seconds until `until` accepts the observation or time runs out.

        Returns the last observation; at least one is always made.
        """
        while True:
            observation = observe()
            if until(observation) or not self.remaining:
                return observation
            time.sleep(min(interval, self.remaining))

    def wait_for(self, observe: Callable[[], T], until: Callable[[T], bool] = bool, interval: float = 0.2) -> T:
        """Watch until `until` accepts the observation, and return it.

        Raises DeadlineExceededError with the last observation.
        """
        observation = self.watch(observe, until, interval)
        if not until(observation):
            raise DeadlineExceededError(
                f"{self.name}: not reached within {self.seconds:g} s; last seen: {observation!r}"
            )
        return observation
