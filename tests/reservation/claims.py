"""Claims and holders as the tests need them."""

from plugfest.reservation.claim import Claim, Holder
from plugfest.reservation.needs import Needs
from plugfest.reservation.process import Process

HOME = "ctrl-1:/state"


def needs(exclusive: str = "", shared: str = "") -> Needs:
    """``needs("h1 h2", "leaf1")``."""
    return Needs(exclusive=frozenset(exclusive.split()), shared=frozenset(shared.split()))


def by_hand(person: str = "lin@ctrl-1") -> Holder:
    return Holder(person=person, home=HOME)


def run_of(person: str = "lin@ctrl-1", home: str = HOME) -> Holder:
    """A run whose process lives: this one."""
    return Holder(person=person, home=home, process=Process.this())


def run_elsewhere(person: str = "ann@ctrl-2", home: str = "ctrl-2:/state") -> Holder:
    """A run of which nobody here can tell whether it lives."""
    return Holder(person=person, home=home, process=Process(machine="another", pid=1, started=1))


def killed_run(person: str = "lin@ctrl-1", home: str = HOME) -> Holder:
    """A run whose process has ended: its number now belongs to a process with another start."""
    this = Process.this()
    return Holder(person=person, home=home, process=this.model_copy(update={"started": this.started - 1}))


def claim(number: int, holder: Holder, wants: Needs, granted: float | None = None, until: float = 200.0) -> Claim:
    """The claim with this place in the queue; `granted` makes it a lease."""
    return Claim(
        id=number,
        lab="lab",
        holder=holder,
        needs=wants,
        changing=True,
        reason=f"reason {number}",
        asked=100.0,
        granted=granted,
        until=until,
    )
