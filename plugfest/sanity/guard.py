"""Remembers how the devices are: which tests cannot rest on them, and which test made them sick."""

import time
from collections.abc import Callable, Iterable
from typing import Protocol

from plugfest.reservation.journal import Stuck
from plugfest.sanity.checks import REACHABLE, RESTARTED, concerns, findings, heals
from plugfest.sanity.looking import Eyes
from plugfest.sanity.records import Condition, Finding
from plugfest.sanity.remnants import Remnants, end, of_dead_runs, of_run
from plugfest.sessions.deadline import Deadline
from plugfest.sessions.pool import SessionPool
from plugfest.sessions.tag import own_tag

SETTLE_SECONDS = 15.0
"""Time for links and routing sessions to come up after a start or a change, and for a small device to start."""
AGAIN_SECONDS = 60.0
"""A sick device is looked at again when a test needs it, but not more often than this."""
UNDO = "undo"

Tell = Callable[[str], None]


class Undo(Protocol):
    """The journals of a run and of killed ones before it: what is still to be taken back."""

    def stuck(self) -> tuple[Stuck, ...]:
        """Changes that could not be taken back when it was tried last."""

    def try_again(self) -> None:
        """Try to take them back."""


class Guard:
    """Says before a test what is wrong with its devices, and after it what it left behind."""

    def __init__(self, eyes: Eyes, pool: SessionPool, undo: Undo, tell: Tell) -> None:
        self._eyes, self._pool, self._undo, self._tell = eyes, pool, undo, tell
        self._seen: dict[str, Condition] = {}
        self._wrong: dict[str, tuple[Finding, ...]] = {}
        self._looked: dict[str, float] = {}

    def before(self, devices: Iterable[str], suite: str) -> list[Finding]:
        """What keeps a test of `suite` from resting on these devices; those not seen yet are looked at."""
        known = sorted(set(devices) & self._eyes.designs.keys())
        self._look([name for name in known if self._due(name)])
        return [finding for name in known for finding in self._wrong[name] if concerns(finding, suite)]

    def after(self, devices: Iterable[str]) -> list[Finding]:
        """What is wrong with these devices now and was not when they were looked at last."""
        known = sorted(set(devices) & self._seen.keys())
        earlier = [finding for name in known for finding in self._wrong[name]]
        self._look(known)
        now = [finding for name in known for finding in self._wrong[name]]
        return [
            finding for finding in now if not any(map(finding.same, earlier)) and not self._explained(finding, earlier)
        ]

    def _explained(self, finding: Finding, earlier: Iterable[Finding]) -> bool:
        """A device that was away when we looked last was restarted then: that is no news, and no later test's fault."""
        away = any(other.check == REACHABLE and other.device == finding.device for other in earlier)
        return away and finding.check == RESTARTED

    def left_running(self) -> list[str]:
        """Programs and files of this run that stay on the devices it has used; they are ended."""
        suspects = {name: left for name, seen in self._seen.items() if (left := of_run(seen, own_tag()))}
        now = self._eyes.look(suspects) if suspects else {}
        stays = {name: left.still_in(of_run(now[name], own_tag())) for name, left in suspects.items()}
        return [f"{name}: {self._end(left, now[name])}" for name, left in stays.items() if left]

    @property
    def used(self) -> list[str]:
        """Devices that were looked at."""
        return list(self._seen)

    def _due(self, name: str) -> bool:
        if name not in self._wrong:
            return True
        return bool(self._wrong[name]) and time.monotonic() - self._looked[name] > AGAIN_SECONDS

    def _look(self, names: list[str]) -> None:
        """Look until all is well, or until what may heal has had its time, or nothing can."""
        if not names:
            return
        if any(stuck.change.device in names for stuck in self._undo.stuck()):
            self._undo.try_again()
        before = {name: self._seen[name] for name in names if name in self._seen}
        healing = Deadline("devices settle", 0.0 if any(map(self._wrong.get, names)) else SETTLE_SECONDS)
        healing.watch(lambda: self._settling(names, before), until=lambda wrong: not wrong, interval=0.5)
        for name in names:
            if name not in self._looked:
                for sentence in self._seen[name].unmeasured:
                    self._tell(f"not checked: {sentence}")
            self._looked[name] = time.monotonic()
            if left := self._end(of_dead_runs(self._seen[name]), self._seen[name]):
                self._tell(f"{name}: left by a killed run, ended: {left}")

    def _settling(self, names: Iterable[str], before: dict[str, Condition]) -> list[Finding]:
        """One look; what may still heal."""
        for name, condition in self._eyes.look(names).items():
            wrong = (*self._stuck(name), *findings(condition, self._eyes.designs[name], before.get(name)))
            self._wrong[name] = wrong
            self._seen[name] = self._remembered(name, condition)
        return [finding for name in names for finding in self._wrong[name] if heals(finding)]

    def _remembered(self, name: str, condition: Condition) -> Condition:
        """A device that is away keeps what we knew: when it comes back we see whether it was restarted."""
        known = self._seen.get(name)
        return known if known and condition.unreachable else condition

    def _stuck(self, name: str) -> list[Finding]:
        stuck = [each for each in self._undo.stuck() if each.change.device == name]
        advice = "mend it, then: plugfest lab restore"
        return [Finding(device=name, check=UNDO, sentence=f"{name}: {each} – {advice}") for each in stuck]

    def _end(self, remnants: Remnants, seen: Condition) -> Remnants:
        if remnants:
            end(remnants, self._pool.session(seen.device))
        return remnants
