"""YAML text as a tree whose every entry knows its line, so that each error can point at it.

The tree holds plain YAML only: no anchors, no tags (groups exist for sharing), every key a text.  That keeps a
hostile file from growing without bound and lets ports be called ``1`` without quotes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from plugfest.inventory.problems import Problem, shown_key, shown_value

if TYPE_CHECKING:
    from ruamel.yaml import YAML
    from ruamel.yaml.nodes import MappingNode, Node, ScalarNode

_PLAIN_SCALARS = frozenset(f"tag:yaml.org,2002:{kind}" for kind in ("int", "float", "bool", "null"))
_LONGEST_NUMBER = 64
_WHOLE_FILE = "file"


@dataclass(frozen=True, slots=True)
class Entry:
    """One value of the file with the place it was written at."""

    value: Any
    """A scalar, a list of entries or a dict of entries by key."""
    line: int
    """Line of the key (or list item, or scalar), counted from 1."""
    where: str
    """Dotted path in the file, such as ``groups.switches.chip``."""

    @property
    def keys(self) -> "dict[str, Entry]":
        """The entries of a mapping; empty when this is none."""
        return self.value if isinstance(self.value, dict) else {}

    @property
    def items(self) -> "list[Entry]":
        """The entries of a list; empty when this is none."""
        return self.value if isinstance(self.value, list) else []

    def plain(self) -> Any:
        """The value without places, as pydantic takes it."""
        if isinstance(self.value, dict):
            return {key: entry.plain() for key, entry in self.value.items()}
        if isinstance(self.value, list):
            return [entry.plain() for entry in self.value]
        return self.value

    def at(self, path: Sequence[str | int]) -> "Entry":
        """The entry at `path`, or its nearest ancestor that exists; steps that are not in the file are passed over."""
        entry = self
        for step in path:
            if isinstance(step, int):
                entry = entry.items[step] if step < len(entry.items) else entry
            else:
                entry = entry.keys.get(step, entry)
        return entry


def read_tree(text: str) -> tuple[Entry, list[Problem]]:
    """The tree of the YAML document `text` and every mistake of form (syntax, duplicate keys, anchors, tags)."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    nothing = Entry(None, 1, _WHOLE_FILE)
    yaml = YAML(typ="safe", pure=True)
    try:
        node = yaml.compose(text)
        if node is None:
            return nothing, []
        reader = _TreeReader(yaml)
        return reader.entry(node, "", 1), reader.problems
    except YAMLError as error:
        return nothing, [_syntax_problem(error, text)]
    except RecursionError:
        return nothing, [Problem(1, _WHOLE_FILE, "expected a few levels of nesting, found hundreds – not a lab file")]


class _TreeReader:
    """Walks composed YAML nodes; collects mistakes instead of stopping at the first."""

    def __init__(self, yaml: "YAML") -> None:
        self._yaml = yaml
        self.problems: list[Problem] = []

    def entry(self, node: "Node", where: str, line: int) -> Entry:
        from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode

        value: Any = None
        if node.anchor is not None:
            text = f"expected plain values, found the anchor {shown_value(node.anchor)} – share values in a group"
            self.problems.append(Problem(line, where or _WHOLE_FILE, text))
        elif isinstance(node, MappingNode):
            value = self._mapping(node, where)
        elif isinstance(node, SequenceNode):
            value = [self.entry(item, f"{where}[{i}]", _line(item)) for i, item in enumerate(node.value)]
        elif isinstance(node, ScalarNode):
            value = self._scalar(node, where)
        return Entry(value, line, where or _WHOLE_FILE)

    def _mapping(self, node: "MappingNode", where: str) -> dict[str, Entry]:
        entries: dict[str, Entry] = {}
        for key_node, value_node in node.value:
            key = self._key(key_node, where)
            if key is None:
                continue
            path = f"{where}.{shown_key(key)}" if where else shown_key(key)
            if key in entries:
                first = entries[key].line
                self._refuse(
                    key_node, path, f"expected each key once, found it also on line {first} – remove one of them"
                )
                continue
            entries[key] = self.entry(value_node, path, _line(key_node))
        return entries

    def _key(self, node: "Node", where: str) -> str | None:
        from ruamel.yaml.nodes import ScalarNode

        if isinstance(node, ScalarNode) and node.anchor is None:
            return str(node.value)
        self._refuse(node, where, "expected a name as key, found something else – write KEY: VALUE")
        return None

    def _scalar(self, node: "ScalarNode", where: str) -> object:
        plain = (True, False) if node.style is None else (False, True)
        if node.tag != self._yaml.resolver.resolve(type(node), node.value, plain):
            self._refuse(
                node, where, f"expected plain values, found the tag {shown_value(str(node.tag))} – remove the tag"
            )
            return None
        if node.tag not in _PLAIN_SCALARS:
            return node.value  # also dates: in a lab file they are version texts
        if len(node.value) > _LONGEST_NUMBER:
            self._refuse(node, where, f"expected a number, found {shown_value(node.value)} – shorten it")
            return None
        return self._yaml.constructor.construct_object(node)

    def _refuse(self, node: "Node", where: str, text: str) -> None:
        self.problems.append(Problem(_line(node), where or _WHOLE_FILE, text))


def _line(node: "Node") -> int:
    return int(node.start_mark.line) + 1


def _syntax_problem(error: Exception, text: str) -> Problem:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    said = [getattr(error, part, None) for part in ("context", "problem", "reason")]
    what = ", ".join(part for part in said if part) or str(error).splitlines()[0]
    # Of a character that YAML does not allow only the offset is known.
    line = mark.line if mark is not None else text.count("\n", 0, getattr(error, "position", 0))
    return Problem(
        line + 1, _WHOLE_FILE, f"expected YAML, found a syntax error: {what} – mend the line or the one above it"
    )
