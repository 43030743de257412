"""Processes that fight for devices; the kernel's file locks are the witness that nobody holds what another holds.

A lock of `flock` goes with its process, so that a killed holder leaves none behind, and it knows nothing of our
database.
"""

import fcntl
import json
import multiprocessing
import os
import random
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from pathlib import Path

from plugfest.history.database import LabDatabase
from plugfest.reservation.claim import Holder
from plugfest.reservation.leases import Leases
from plugfest.reservation.needs import Needs
from plugfest.sessions.deadline import Deadline

LAB = "arena"
DEVICES = tuple(f"d{number}" for number in range(16))
PATIENCE = 300.0
FORK = multiprocessing.get_context("fork")


@dataclass
class Outcome:
    """What a fight was like."""

    waits: dict[int, list[float]] = field(default_factory=dict)
    """Seconds that each acquisition took, by process."""
    seconds: float = 0.0
    killed: int = 0
    violations: list[str] = field(default_factory=list)

    @property
    def acquisitions(self) -> int:
        return sum(map(len, self.waits.values()))

    @property
    def longest_wait(self) -> float:
        return max(wait for waits in self.waits.values() for wait in waits)

    def __str__(self) -> str:
        fewest, most = (choose(map(len, self.waits.values())) for choose in (min, max))
        return (
            f"{self.acquisitions} acquisitions in {self.seconds:.1f} s, {self.acquisitions / self.seconds:.0f}/s; "
            f"longest wait {self.longest_wait:.1f} s; {fewest} to {most} a process; {self.killed} holders killed"
        )


class Arena:
    """Where the fight takes place: a lab database and a folder for locks and notes."""

    def __init__(self, url: str, folder: Path) -> None:
        self._url, self._folder = url, folder

    def fight(self, processes: int, victims: int, goes_on: Callable[[int], bool]) -> Outcome:
        """Let everybody acquire and release while `goes_on` of what they have done; victims are killed as holders."""
        self._warm_up()
        began = time.monotonic()
        fighters = [_forked(self._fighter, number, goes_on) for number in range(processes - victims)]
        dying = [_forked(self._victim, processes + number) for number in range(victims)]
        deadline = Deadline("all victims came to hold devices and were killed", PATIENCE)
        deadline.wait_for(lambda: [self._killed(victim) for victim in dying], until=all)
        for fighter in fighters:
            fighter.join(PATIENCE)
        failed = [f"process {fighter.pid} ended with {fighter.exitcode}" for fighter in fighters if fighter.exitcode]
        waits = {fighter.pid or 0: self._waits(fighter.pid or 0) for fighter in fighters}
        found = sorted(path.read_text() for path in self._folder.glob("violation-*"))
        return Outcome(waits, time.monotonic() - began, len(dying), failed + found)

    def _warm_up(self) -> None:
        """What every process would have to work out for itself is inherited: tables, and how to ask for them."""
        database = LabDatabase(self._url)
        leases = Leases(database)
        claim = leases.acquire(LAB, Holder.this_run(), Needs(exclusive=frozenset(DEVICES)), "warming up").claim
        leases.renew(claim)
        leases.release(claim)
        database.close()

    def _killed(self, victim: BaseProcess) -> bool:
        """True once the victim has held devices; it holds them when it dies."""
        if victim.is_alive() and (self._folder / f"holds-{victim.pid}").exists():
            os.kill(victim.pid or 0, signal.SIGKILL)
            victim.join()
        return not victim.is_alive()

    def _fighter(self, number: int, goes_on: Callable[[int], bool]) -> None:
        choice, leases, done = random.Random(number), Leases(LabDatabase(self._url)), 0
        with (self._folder / f"waits-{os.getpid()}").open("a") as notes:
            while goes_on(done):
                wants, began = _wants(choice), time.monotonic()
                grant = leases.acquire(LAB, Holder.this_run(), wants, f"fighter {number}", patience=PATIENCE)
                notes.write(f"{json.dumps(time.monotonic() - began)}\n")
                with self._witnessed(wants):
                    leases.renew(grant.claim)
                leases.release(grant.claim)
                done += 1

    def _victim(self, number: int) -> None:
        wants = Needs(exclusive=frozenset(random.Random(number).sample(DEVICES, 3)))
        Leases(LabDatabase(self._url)).acquire(LAB, Holder.this_run(), wants, f"victim {number}", patience=PATIENCE)
        with self._witnessed(wants):
            (self._folder / f"holds-{os.getpid()}").touch()
            while True:
                signal.pause()

    @contextmanager
    def _witnessed(self, wants: Needs) -> Iterator[None]:
        """Lock one file a device, alone or shared; a lock that is refused proves that two hold a device."""
        with ExitStack() as stack:
            for name in sorted(wants.devices):
                file = stack.enter_context((self._folder / name).open("w"))
                kind = fcntl.LOCK_EX if name in wants.exclusive else fcntl.LOCK_SH
                try:
                    fcntl.flock(file, kind | fcntl.LOCK_NB)
                except BlockingIOError:
                    (self._folder / f"violation-{os.getpid()}").write_text(f"{os.getpid()} found {name} in use")
            yield

    def _waits(self, pid: int) -> list[float]:
        return [float(line) for line in (self._folder / f"waits-{pid}").read_text().splitlines()]


def _wants(choice: random.Random) -> Needs:
    """One to three devices, the last one often shared; now and then half of the lab."""
    devices = choice.sample(DEVICES, 8 if choice.random() < 0.05 else choice.randint(1, 3))
    shared = frozenset(devices[-1:] if choice.random() < 0.5 else [])
    return Needs(exclusive=frozenset(devices) - shared, shared=shared)


def _forked(work: Callable[..., None], *arguments: object) -> BaseProcess:
    process = FORK.Process(target=work, args=arguments)
    process.start()
    return process
