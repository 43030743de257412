"""What a run leaves on a device besides changes: programs and temporary files with its tag."""

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from plugfest.sanity.records import Condition, Program, TemporaryFile
from plugfest.sessions.protocol import SessionProtocol
from plugfest.sessions.tag import VARIABLE, RunTag

PART_OF_A_SESSION = frozenset({"sh", "cat", "grep", "tr", "env", "rm", "kill"})
"""Programs of a living session: its shells, and those that look at the device."""
# A process id may have been given anew since we looked: the tag is compared again right before the signal.
_END = f'for pid; do grep -sqz "^{VARIABLE}=$0$" /proc/$pid/environ && kill -KILL $pid; done; true'


class Remnants(NamedTuple):
    """Programs and files of runs that are over."""

    programs: tuple[Program, ...]
    files: tuple[TemporaryFile, ...]

    def __str__(self) -> str:
        programs = (f"program {each.name} (process {each.pid})" for each in self.programs)
        return ", ".join((*programs, *(f"file {each.path}" for each in self.files)))

    def __bool__(self) -> bool:
        return bool(self.programs or self.files)

    def still_in(self, later: "Remnants") -> "Remnants":
        """What a later look shows as well; programs that end by themselves in between are none."""
        programs = tuple(each for each in self.programs if each in later.programs)
        return Remnants(programs, tuple(each for each in self.files if each in later.files))


def of_dead_runs(condition: Condition) -> Remnants:
    """What runs of this controller left that have ended; those of others and of living runs are theirs."""
    return _chosen(condition, lambda tag: tag.ours_to_end)


def of_run(condition: Condition, run: RunTag) -> Remnants:
    """What a run that is about to end still has on a device, its sessions aside."""
    found = _chosen(condition, lambda tag: tag == run)
    return found._replace(programs=tuple(each for each in found.programs if each.name not in PART_OF_A_SESSION))


def _chosen(condition: Condition, wanted: Callable[[RunTag], bool]) -> Remnants:
    programs = tuple(each for each in condition.programs or () if each.tag and wanted(each.tag))
    return Remnants(programs, tuple(each for each in condition.files or () if wanted(each.tag)))


def end(remnants: Remnants, session: SessionProtocol) -> None:
    """Kill these programs and remove these files; both may be gone already."""
    for command in _commands(remnants):
        session.run(*command, check=False, idempotent=True)


def _commands(remnants: Remnants) -> Iterator[tuple[str, ...]]:
    for tag in dict.fromkeys(str(each.tag) for each in remnants.programs):
        yield ("sh", "-c", _END, tag, *_pids(remnants.programs, tag))
    if remnants.files:
        yield ("rm", "-rf", "--", *(each.path for each in remnants.files))


def _pids(programs: Iterable[Program], tag: str) -> Iterator[str]:
    return (str(each.pid) for each in programs if str(each.tag) == tag)
