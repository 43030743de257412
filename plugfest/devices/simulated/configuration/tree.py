"""A configuration of lines in views, with the rules of one operating system."""

import re
from dataclasses import dataclass, field

from plugfest.devices.simulated.configuration.grammar import Grammar

Path = tuple[str, ...]


@dataclass
class Tree:
    """Lines in force; a line with a value replaces the one with another value."""

    grammar: Grammar
    lines: dict[Path, str] = field(default_factory=dict)
    """Shown line by views and slot; the slot is the line without its value."""

    def copy(self) -> "Tree":
        """The same lines, on their own."""
        return Tree(self.grammar, dict(self.lines))

    def opens(self, views: Path, line: str) -> bool:
        """True if the line opens a view here."""
        return self._rules((*views, line)) is not None

    def enter(self, views: Path, line: str) -> bool:
        """Take a line; False if the operating system knows no such line here."""
        negated = line.startswith(f"{self.grammar.negation} ")
        wanted = line.removeprefix(f"{self.grammar.negation} ") if negated else line
        if self.opens(views, wanted) and not negated:
            self.lines.setdefault((*views, wanted), wanted)
            return True
        slot = self._slot(views, wanted, partly=negated)
        if slot is None:
            return False
        (self._remove if negated else self._set)(views, slot, wanted)
        return True

    def _set(self, views: Path, slot: str, line: str) -> None:
        self.lines.pop((*views, f"{self.grammar.negation} {slot}"), None)
        if line not in self.grammar.defaults:
            self.lines[(*views, slot)] = line

    def _remove(self, views: Path, slot: str, line: str) -> None:
        whole = [default for default in self.grammar.defaults if default == line]
        for path in [path for path in self.lines if path[: len(views)] == views and len(path) > len(views)]:
            if path[len(views)] == slot or path[len(views)].startswith((f"{line} ", f"{slot} ")):
                del self.lines[path]
        if whole and self._slot(views, line, partly=False) is not None:
            opposite = f"{self.grammar.negation} {line}"
            self.lines[(*views, opposite)] = opposite

    def _rules(self, views: Path) -> tuple[str, ...] | None:
        for opening, rules in self.grammar.views.items():
            patterns = opening.split(" > ") if opening else []
            if len(patterns) == len(views) and all(map(re.fullmatch, patterns, views)):
                return rules
        return None

    def _slot(self, views: Path, line: str, *, partly: bool) -> str | None:
        """The line without its value; `partly`: what takes a setting back may leave the rest of it out."""
        for rule in self._rules(views) or ():
            found = re.fullmatch(rule, line)
            if found:
                return line[: found.start(1)].rstrip() + line[found.end(1) :] if found.re.groups else line
        known = any(_begins(rule, line) for rule in self._rules(views) or ())
        return line if partly and (known or self.opens(views, line)) else None

    def text(self) -> str:
        """The configuration as the switch prints it."""
        printed: list[str] = []
        self._print((), printed)
        return "".join(f"{line}\n" for line in printed)

    def _print(self, views: Path, printed: list[str]) -> None:
        children = [path for path in self.lines if path[:-1] == views]
        for path in sorted(children, key=lambda path: self.opens(views, path[-1])):
            printed.append(self.grammar.indent * len(views) + self.lines[path])
            self._print(path, printed)
            if not views and self.opens((), path[-1]):
                printed.append(self.grammar.separator)


def _begins(rule: str, line: str) -> bool:
    """True if the line is the first words of the rule: what takes a setting back may leave its value out."""
    words = rule.split(" ")[: len(line.split())]
    try:
        return re.fullmatch(" ".join(words), line) is not None
    except re.error:
        return False
