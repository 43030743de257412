"""A lab file on its way to a `Lab`: the entries that are sound so far, and where each was written."""

from collections.abc import Iterable
from dataclasses import dataclass

from plugfest.inventory.explain import Location, explained
from plugfest.inventory.models import Device, Lab, Link
from plugfest.inventory.problems import Problem
from plugfest.inventory.tree import Entry

_PIECES = ("devices", "links", "credentials")


@dataclass(frozen=True, slots=True)
class Draft:
    """The sound part of a lab, for the rules that look at several entries at once."""

    lab: Lab
    """Only the devices, links and credentials that are right in themselves."""
    tree: Entry
    """Everything that the file says, defaults of groups filled in."""
    cables: dict[int, Link]
    """The sound links by their position in the file."""

    def problem(self, text: str, *path: str | int) -> Problem:
        """A problem at the entry that `path` leads to."""
        entry = self.tree.at(path)
        return Problem(entry.line, entry.where, text)

    def line(self, *path: str | int) -> int:
        """Line of the entry that `path` leads to."""
        return self.tree.at(path).line

    def names(self, kind: str) -> list[str]:
        """Names of all devices or credentials in the file, sound or not."""
        section = self.tree.keys.get(kind)
        return list(section.keys) if section else []

    def sound_device(self, name: str) -> Device | None:
        """The device called `name` if there is one and it is right in itself."""
        return self.lab.devices.get(name)


def drafted(tree: Entry) -> tuple[Draft | None, list[Problem]]:
    """The sound part of the lab that `tree` describes, if it has one, and every mistake inside single entries."""
    from pydantic import ValidationError

    try:
        lab = Lab.model_validate(tree.plain())
    except ValidationError as error:
        found = list(explained(error, tree))
        return _sound_part(tree, [location for location, _ in found]), [problem for _, problem in found]
    return Draft(lab, tree, dict(enumerate(lab.links))), []


def _sound_part(tree: Entry, locations: Iterable[Location]) -> Draft | None:
    from pydantic import ValidationError

    unsound = {location[:2] for location in locations if len(location) > 1 and location[0] in _PIECES}
    links = tree.keys["links"].items if "links" in tree.keys else []
    kept = [position for position in range(len(links)) if ("links", position) not in unsound]
    pieces: dict[str, object] = {
        section: {name: entry for name, entry in tree.keys[section].keys.items() if (section, name) not in unsound}
        for section in ("devices", "credentials")
        if section in tree.keys
    }
    pieces["links"] = [links[position] for position in kept]
    sections = {key: Entry(value, tree.line, key) for key, value in pieces.items()}
    try:
        lab = Lab.model_validate(Entry({**tree.keys, **sections}, tree.line, tree.where).plain())
    except ValidationError:
        return None
    return Draft(lab, tree, dict(zip(kept, lab.links, strict=True)))
