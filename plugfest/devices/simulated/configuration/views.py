"""Command lines with views: configuration sessions, candidates, commits, checkpoints and rollbacks of each system."""

import re
from collections.abc import Iterable
from weakref import WeakKeyDictionary

from plugfest.devices.simulated.configuration import HANG_UP, Asks, Sabotage
from plugfest.devices.simulated.configuration.grammar import GRAMMARS
from plugfest.devices.simulated.configuration.tree import Path, Tree

FIRST_COMMIT = 1_000_000_041


class _Seat:
    """One terminal inside the configuration mode."""

    def __init__(self, tree: Tree, session: str = "") -> None:
        self.tree, self.session = tree, session
        self.views: Path = ()
        self.changed = False


class ViewConfiguration:
    """Fulfils `Configurable` for EOS, NX-OS, VRP, Comware and those that look like them."""

    def __init__(
        self,
        dialect: str,
        name: str = "leaf1",
        before: Iterable[tuple[str, ...]] = (),
        sabotage: Sabotage | None = None,
    ) -> None:
        """Start with the lines of `before`, each with its views."""
        self.dialect, self.name, self.sabotage = dialect, name, sabotage or Sabotage()
        self.running = Tree(GRAMMARS[dialect])
        for path in before:
            for depth in range(len(path)):
                if not self.running.enter(path[:depth], path[depth]):
                    raise ValueError(f"{dialect} knows no line {path[depth]!r} in {path[:depth]}")
        self.points: dict[str, Tree] = {}
        """Checkpoints by name."""
        self.commits: list[tuple[int, Tree]] = [(FIRST_COMMIT, self.running.copy())]
        self.sessions: dict[str, Tree] = {}
        """Configuration sessions that wait for a commit (EOS)."""
        self._seats: WeakKeyDictionary[object, _Seat] = WeakKeyDictionary()

    def prompt(self, terminal: object) -> str | None:
        """The prompt inside the configuration mode."""
        seat = self._seats.get(terminal)
        if seat is None:
            return None
        inner = seat.views[-1].split()[-1] if seat.views else ""
        if GRAMMARS[self.dialect].negation == "undo":
            mark = ("*" if seat.changed else "~") if self.dialect == "huawei_vrp" else ""
            return f"[{mark}{self.name}{'-' + inner if inner else ''}]"
        session = f"-s-{seat.session[:6]}" if seat.session else ""
        return f"{self.name}(config{session}{'-if' if inner else ''})#"

    def answer(self, terminal: object, command: str) -> str | Asks | None:
        """Configuration lines inside the mode, the commands that enter it and those about checkpoints outside."""
        if self.sabotage.cut(command):
            return HANG_UP
        if command in ("show running-config", "display current-configuration"):
            return self.running.text()
        seat = self._seats.get(terminal)
        return self._outside(terminal, command) if seat is None else self._inside(terminal, seat, command)

    def _outside(self, terminal: object, command: str) -> str | Asks | None:
        candidate = self.dialect == "huawei_vrp"
        if command in ("configure terminal", "system-view"):
            self._seats[terminal] = _Seat(self.running.copy() if candidate else self.running)
            return ""
        for pattern, act in (
            (r"configure session (\S+)", self._open_session),
            (r"configure session (\S+) abort", self._abort),
            (r"(?:configure checkpoint save|checkpoint) (\S+)", self._checkpoint),
            (r"(?:configure replace checkpoint:|rollback running-config checkpoint )(\S+)", self._restore),
            (r"no checkpoint (\S+)", self._forget),
            (r"display configuration commit list (\d+)", self._list_commits),
            (r"rollback configuration to commit-id (\d+)", self._ask_rollback),
        ):
            if found := re.fullmatch(pattern, command):
                return act(terminal, found[1])
        return None

    def _inside(self, terminal: object, seat: _Seat, command: str) -> str | None:
        if command in ("exit", "quit") and seat.views:
            seat.views = seat.views[:-1]
        elif command in ("exit", "quit", "end", "return"):
            del self._seats[terminal]
        elif command == "commit" and (seat.session or self.dialect == "huawei_vrp"):
            self._commit(terminal, seat)
        elif command == "abort" and seat.session:
            self._abort(terminal, seat.session)
            del self._seats[terminal]
        else:
            return self._line(seat, command)
        return ""

    def _line(self, seat: _Seat, command: str) -> str:
        """A line of this view or, as on real switches, of an outer one."""
        refusal = GRAMMARS[self.dialect].refusal
        if command == self.sabotage.refuse:
            return refusal
        if command == self.sabotage.forget:
            return ""
        outer = (seat.views, ()) if GRAMMARS[self.dialect].negation == "undo" else self._outer(seat.views)
        for views in dict.fromkeys(outer):
            if seat.tree.enter(views, command):
                seat.changed = True
                seat.views = (*views, command) if seat.tree.opens(views, command) else views
                return ""
        return refusal

    @staticmethod
    def _outer(views: Path) -> tuple[Path, ...]:
        return tuple(views[:depth] for depth in range(len(views), -1, -1))

    def _commit(self, terminal: object, seat: _Seat) -> None:
        self.running = seat.tree.copy()
        self.commits.append((self.commits[-1][0] + 1, self.running.copy()))
        seat.changed = False
        if seat.session:
            self.sessions.pop(seat.session)
            del self._seats[terminal]

    def _open_session(self, terminal: object, name: str) -> str | None:
        if self.dialect != "arista_eos":
            return None
        self.sessions.setdefault(name, self.running.copy())
        self._seats[terminal] = _Seat(self.sessions[name], name)
        return ""

    def _abort(self, terminal: object, name: str) -> str | None:
        return "" if self.sessions.pop(name, None) else f"% Cannot abort session {name}: it does not exist\n"

    def _checkpoint(self, terminal: object, name: str) -> str:
        self.points[name] = self.running.copy()
        return ""

    def _forget(self, terminal: object, name: str) -> str:
        return "" if self.points.pop(name, None) else "ERROR: checkpoint does not exist\n"

    def _restore(self, terminal: object, name: str) -> str:
        if name not in self.points:
            return f"% Error: checkpoint {name} does not exist\n"
        self.running.lines = dict(self.points[name].lines)
        return ""

    def _list_commits(self, terminal: object, count: str) -> str:
        rows = [
            f"{number:<5} {commit}  -         lab   2026-07-14 21:{number:02}:09\n"
            for number, (commit, _) in enumerate(reversed(self.commits[-int(count) :]), start=1)
        ]
        return "No.   CommitId    Label     User  TimeStamp\n" + "-" * 50 + "\n" + "".join(rows)

    def _ask_rollback(self, terminal: object, commit: str) -> Asks:
        question = "Warning: This operation will revert configuration changes to the previous state. Continue? [Y/N]:"
        return Asks(question, lambda answer: self._rollback(int(commit)) if answer == "y" else "Info: Cancelled.\n")

    def _rollback(self, commit: int) -> str:
        found = dict(self.commits).get(commit)
        if found is None:
            return "Error: The commit ID does not exist.\n"
        self.running = found.copy()
        self.commits.append((self.commits[-1][0] + 1, found.copy()))
        return "Loading rollback changes\nCommitting\nConfiguration rollback succeeded.\n"
