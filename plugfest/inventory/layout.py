"""Where the boxes and cables of a topology drawing go.  Pure geometry; all lengths in inches, y grows upwards."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from statistics import fmean

from plugfest.inventory.labels import device_lines, port_text
from plugfest.inventory.models import Device, Injector, Lab, Link, Switch

_LETTER = 0.073
"""Width of one letter in a box."""
_LINE = 0.15
"""Height of one line of text in a box."""
_ATTACHMENT = 0.42
"""Room for one cable on the edge of a box."""
_GAP = 0.45
"""Least distance of two boxes in a row."""
_PORT_LETTER = 0.066
"""Length of one letter of the texts along a cable."""
_SIDE_ROOM = 1.3
"""Distance of the row of devices without cables from the row above."""
_FLATTEST = 7.0
"""The widest drawing, in heights of the row between leaves and spines."""
_ROWS = ("border", "spine", "leaf", "host", "side")
"""Rows from top to bottom."""


@dataclass(frozen=True, slots=True)
class Box:
    """One device: centre, size and text."""

    x: float
    y: float
    width: float
    height: float
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cable:
    """One link from edge to edge; `level` when both boxes stand in the same row."""

    link: Link
    start: tuple[float, float]
    end: tuple[float, float]
    level: bool


@dataclass(frozen=True, slots=True)
class Layout:
    """A whole drawing."""

    boxes: dict[str, Box]
    cables: tuple[Cable, ...]


def layout(lab: Lab) -> Layout:
    """Boxes and cables of `lab`: tiers in rows, hosts below their leaves, injectors in the middle of their wire."""
    sizes = {name: _size(lab, name, device) for name, device in lab.devices.items()}
    rows = _rows(lab)
    xs = _columns(lab, rows, {name: width for name, (width, _) in sizes.items()})
    heights = _row_heights(lab, rows, max(xs.values()) - min(xs.values()))
    centres = {name: (xs[name], heights[row]) for row, names in rows.items() for name in names}
    centres |= _injector_centres(lab, centres)
    boxes = {
        name: Box(*centres[name], *sizes[name], tuple(device_lines(name, device)))
        for name, device in lab.devices.items()
    }
    return Layout(boxes, tuple(_cables(lab, boxes)))


def _size(lab: Lab, name: str, device: Device) -> tuple[float, float]:
    lines = device_lines(name, device)
    cables = len(lab.links_of(name))
    width = max(max(len(line) for line in lines) * _LETTER + 0.25, cables * _ATTACHMENT + 0.2)
    return width, len(lines) * _LINE + 0.2


def _rows(lab: Lab) -> dict[str, list[str]]:
    """Device names of each row; injectors are placed later."""
    rows: dict[str, list[str]] = {row: [] for row in _ROWS}
    for name, device in lab.devices.items():
        if isinstance(device, Switch):
            rows[device.tier or _guessed_tier(lab, name)].append(name)
        elif not isinstance(device, Injector):
            rows["host" if lab.links_of(name) else "side"].append(name)
    return {row: names for row, names in rows.items() if names}


def _guessed_tier(lab: Lab, name: str) -> str:
    neighbours = {end.device for link in lab.links_of(name) for end in (link.a, link.b)} - {name}
    return "spine" if neighbours and all(each in lab.switches for each in neighbours) else "leaf"


def _row_heights(lab: Lab, rows: Mapping[str, list[str]], span: float) -> dict[str, float]:
    """The y of every row: far enough apart for the texts of the longest cable, and for slopes that stay readable."""
    heights: dict[str, float] = {}
    y = 0.0
    lower: set[str] = set()
    for row in reversed(list(rows)):
        heights[row] = y
        lower.update(rows[row])
        y += _SIDE_ROOM if row == "side" else max(_room_above(lab, lower), span / _FLATTEST * (row == "leaf"))
    return heights


def _room_above(lab: Lab, lower: set[str]) -> float:
    """Room for the cables that leave the devices of `lower` upwards."""
    room = 0.0
    for name in lower:
        for link in lab.links_of(name):
            other = _other_end(link, name)
            through = isinstance(lab.devices[other], Injector)
            above = _beyond(lab, other, link) if through else other
            if above is not None and above not in lower:
                letters = sum(len(text) for text in port_text(link))
                room = max(room, (letters * _PORT_LETTER + 0.8) * (1 + through))
    return room + 1.0


def _columns(lab: Lab, rows: Mapping[str, list[str]], widths: Mapping[str, float]) -> dict[str, float]:
    """The x of every device: hosts side by side in the order of their leaves, the rest above what they connect."""
    xs: dict[str, float] = {}
    neighbours = _neighbours(lab)
    rank = {name: position for position, name in enumerate(lab.devices)}
    for row in ("host", "leaf", "spine", "border", "side"):
        names = rows.get(row, [])
        if row == "host":
            leaves = {name: [rank[n] for n in neighbours[name] if n in lab.switches] for name in names}
            names = sorted(names, key=lambda name: (min(leaves[name], default=len(rank)), rank[name]))
        wanted = {name: fmean([xs[n] for n in neighbours[name] if n in xs] or [0.0]) for name in names}
        if row in ("spine", "border"):
            wanted = _evenly(names, list(xs.values()))
        xs |= _spread(
            sorted(names, key=lambda name: wanted[name]) if row == "leaf" else names, wanted, widths, _gap(lab, names)
        )
    return xs


def _evenly(names: list[str], below: list[float]) -> dict[str, float]:
    """Places at equal distances over the width of everything below."""
    left, right = min(below, default=0.0), max(below, default=0.0)
    return {name: left + (right - left) * (2 * i + 1) / (2 * len(names)) for i, name in enumerate(names)}


def _gap(lab: Lab, names: list[str]) -> float:
    """Least distance of the boxes in a row: more where a cable between two of them needs room for its text."""
    level = [link for name in names for link in lab.links_of(name) if _other_end(link, name) in names]
    letters = (sum(len(text) for text in port_text(link)) + 6 for link in level)
    return max([_GAP, *(count * _PORT_LETTER for count in letters)])


def _spread(names: list[str], wanted: Mapping[str, float], widths: Mapping[str, float], gap: float) -> dict[str, float]:
    """As near to the wanted places as boxes that keep their order and distance can stand, the row centred on them."""
    placed: dict[str, float] = {}
    edge = float("-inf")
    for name in names:
        placed[name] = max(wanted[name], edge + widths[name] / 2)
        edge = placed[name] + widths[name] / 2 + gap
    shift = fmean(wanted[name] - placed[name] for name in names) if names else 0.0
    return {name: x + shift for name, x in placed.items()}


def _neighbours(lab: Lab) -> dict[str, list[str]]:
    """Names that each device is connected to, injectors passed over."""
    near: dict[str, list[str]] = defaultdict(list)
    for link in lab.links:
        for here, there in ((link.a.device, link.b.device), (link.b.device, link.a.device)):
            beyond = there if not isinstance(lab.devices[there], Injector) else _beyond(lab, there, link)
            near[here] += [beyond] if beyond else []
    return near


def _other_end(link: Link, name: str) -> str:
    return link.b.device if link.a.device == name else link.a.device


def _beyond(lab: Lab, injector: str, link: Link) -> str | None:
    """The device at the far side of `injector`, seen from `link`."""
    return next((_other_end(other, injector) for other in lab.links_of(injector) if other is not link), None)


def _injector_centres(lab: Lab, centres: Mapping[str, tuple[float, float]]) -> dict[str, tuple[float, float]]:
    found: dict[str, tuple[float, float]] = {}
    for name, device in lab.devices.items():
        if isinstance(device, Injector):
            ends = {end.device for link in lab.links_of(name) for end in (link.a, link.b)} & centres.keys()
            places = [centres[end] for end in sorted(ends)] or [(-2.0 - len(found), 0.0)]
            level = len({y for _, y in places}) == 1
            below = _SIDE_ROOM * 1.5 if level else 0.0  # between neighbours in a row there is no room
            found[name] = (fmean(x for x, _ in places), fmean(y for _, y in places) - below)
    return found


def _cables(lab: Lab, boxes: Mapping[str, Box]) -> Iterable[Cable]:
    edges: dict[tuple[str, bool], list[tuple[float, int]]] = defaultdict(list)
    for position, link in enumerate(lab.links):
        for here, there in ((link.a.device, link.b.device), (link.b.device, link.a.device)):
            upwards = boxes[there].y > boxes[here].y
            edges[here, upwards].append((boxes[there].x, position))
    for position, link in enumerate(lab.links):
        a, b = link.a.device, link.b.device
        start = _attachment(boxes, edges, a, boxes[b].y > boxes[a].y, position)
        end = _attachment(boxes, edges, b, boxes[a].y > boxes[b].y, position)
        yield Cable(link, start, end, boxes[a].y == boxes[b].y)


def _attachment(
    boxes: Mapping[str, Box],
    edges: Mapping[tuple[str, bool], list[tuple[float, int]]],
    name: str,
    upwards: bool,
    position: int,
) -> tuple[float, float]:
    """Where a cable meets its box: on the upper or lower edge, in the order of the far ends."""
    order = [each for _, each in sorted(edges[name, upwards])]
    box = boxes[name]
    x = box.x - box.width / 2 + box.width * (order.index(position) + 1) / (len(order) + 1)
    return x, box.y + (box.height / 2 if upwards else -box.height / 2)
