"""Rules about cables: both ends exist, every port takes one cable, the ends are designed alike."""

from collections import Counter
from collections.abc import Iterator

from plugfest.inventory.draft import Draft
from plugfest.inventory.models import Injector, Link, Port, PortReference
from plugfest.inventory.problems import Problem
from plugfest.inventory.rules.comparing import one_of, repeated


def cabling_problems(draft: Draft) -> Iterator[Problem]:
    """Every mistake in the links."""
    for position, link in draft.cables.items():
        yield from _unknown_ends(draft, position, link)
        yield from _same_device(draft, position, link)
        yield from _designed_differently(draft, position, link)
        yield from _cabled_test_port(draft, position, link)
    yield from _cabled_twice(draft)
    yield from _injectors_outside_cables(draft)


def _unknown_ends(draft: Draft, position: int, link: Link) -> Iterator[Problem]:
    names = draft.names("devices")
    for end in (link.a, link.b):
        device = draft.sound_device(end.device)
        if end.device not in names:
            text = f"expected a device of this lab, found {end.device!r} – {one_of(names, end.device)}"
            yield draft.problem(text, "links", position)
        elif device is not None and end.port not in device.ports:
            text = f"expected a port of {end.device} (line {draft.line('devices', end.device)}), found {end.port!r}"
            yield draft.problem(f"{text} – {one_of(device.ports, end.port)}", "links", position)


def _same_device(draft: Draft, position: int, link: Link) -> Iterator[Problem]:
    if link.a.device == link.b.device:
        text = f"expected a cable between two devices, found both ends on {link.a.device} – correct one end"
        yield draft.problem(text, "links", position)


def _cabled_twice(draft: Draft) -> Iterator[Problem]:
    ends = [(end, (position, end)) for position, link in draft.cables.items() for end in {link.a, link.b}]
    for (earlier, _), (later, end) in repeated(ends):
        line = draft.line("links", earlier)
        text = f"expected one cable in a port, found {end} cabled also on line {line} ({draft.cables[earlier].id})"
        yield draft.problem(f"{text} – correct one of the two", "links", later)


def _cabled_test_port(draft: Draft, position: int, link: Link) -> Iterator[Problem]:
    for end in (link.a, link.b):
        port = _port(draft, end)
        if port is not None and port.test_port:
            line = draft.line("devices", end.device, "ports", end.port, "test_port")
            text = f"expected a free port, found {end}, which line {line} makes a test port of the harness"
            yield draft.problem(f"{text} – remove the link or test_port", "links", position)


def _designed_differently(draft: Draft, position: int, link: Link) -> Iterator[Problem]:
    a, b = _port(draft, link.a), _port(draft, link.b)
    if a is None or b is None:
        return
    for key in ("mtu", "speed"):
        here, there = getattr(a, key), getattr(b, key)
        if None not in (here, there) and here != there:
            lines = [draft.line("devices", end.device, "ports", end.port, key) for end in (link.a, link.b)]
            found = f"{here} at {link.a} (line {lines[0]}) and {there} at {link.b} (line {lines[1]})"
            text = f"expected the same {key} at both ends, found {found} – make them equal"
            yield draft.problem(text, "links", position)
    for end, port in ((link.a, a), (link.b, b)):
        if link.speed and port.speed and link.speed != port.speed:
            line = draft.line("devices", end.device, "ports", end.port, "speed")
            text = f"expected the speed of its ports, found {link.speed} and {port.speed} at {end} (line {line})"
            yield draft.problem(f"{text} – make them equal", "links", position, "speed")


def _injectors_outside_cables(draft: Draft) -> Iterator[Problem]:
    ends = Counter(end.device for link in draft.cables.values() for end in (link.a, link.b))
    if len(draft.cables) < len(draft.tree.at(["links"]).items):
        return  # links that are wrong in themselves may belong here
    for name, device in draft.lab.devices.items():
        if isinstance(device, Injector) and ends[name] not in (0, 2):
            text = f"expected two cables (an injector sits in the middle of a link), found {ends[name]}"
            yield draft.problem(f"{text} – cable both of its ports or none", "devices", name)


def _port(draft: Draft, end: PortReference) -> Port | None:
    device = draft.sound_device(end.device)
    return None if device is None else device.ports.get(end.port)
