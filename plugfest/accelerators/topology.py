"""Topology matrices: how each device of a host reaches each other one, as most tools print it.

A matrix must agree with itself: a device is X to itself, and what stands above the diagonal stands below it.
"""

import re
from collections.abc import Iterator, Sequence

from plugfest.accelerators.records import DeviceAffinity, DeviceName, TopologyLink
from plugfest.devices.dialects.output import Line, Output
from plugfest.devices.dialects.terminal import STYLE_REMAINS
from plugfest.records import Record

LABEL = re.compile(r"(?!0x)[A-Za-z][\w.-]*?\d+")
CONNECTION = re.compile(r"[A-Z][A-Za-z0-9_+/-]*")
TRAILING = {
    "CPU Affinity": "cpus",
    "Cpu Affinity": "cpus",
    "NUMA Affinity": "numa_node",
    "Node Affinity": "numa_node",
    "NUMA Node": "numa_node",
    "GPU NUMA ID": "",
}
CPUS = re.compile(r"\d+(?:-\d+)?(?:,\d+(?:-\d+)?)*", re.ASCII)
LEGEND = re.compile(r"\s*(?:[\w#]+\s*[=:] \S.*|Legend:?|NIC Legend:?|(?:\s*[-=]+\s*))")
NIC = re.compile(r"\s*(?P<label>NIC\d+): (?P<device>\S+)")
PROSE = re.compile(
    r"[\w-]+ +version: \S+|=+ .* =+|Timestamp +: .*|Attached \w+ +: \d+|Device link type matrix|End of Log"
    r"|(?:GPU|NPU|XPU|PPU|Topology).*(?:opology|atrix).*|(?:WARNING|Warning).*"
)


def matrix(output: Output) -> Sequence[Record]:
    """Links, affinities and what the labels of NICs stand for."""
    labels: tuple[str, ...] = ()
    trailing: tuple[str, ...] = ()
    rows: dict[str, tuple[Line, list[str]]] = {}
    names: list[DeviceName] = []
    for line in map(_plain, output.lines):
        words = line.text.split()
        if words and not labels and _is_header(line.text):
            labels, trailing = _header(output, line)
        elif words and words[0] in labels and words[0] not in rows and len(words) > len(labels):
            rows[words[0]] = (line, words[1:])
        elif found := NIC.fullmatch(line.text):
            names.append(DeviceName(label=found["label"], device=found["device"]))
        elif words and not PROSE.fullmatch(line.text) and not (rows and LEGEND.fullmatch(line.text)):
            raise output.error("this line belongs to no topology matrix", line)
    if not rows:
        raise output.error("no topology matrix was found")
    return (*_links(output, labels, rows), *_affinities(output, labels, trailing, rows), *names)


def _plain(line: Line) -> Line:
    return Line(line.number, STYLE_REMAINS.sub("", line.text))


def _is_header(text: str) -> bool:
    words = text.split()
    return bool(LABEL.fullmatch(words[0])) and (
        len(words) == 1 or not CONNECTION.fullmatch(words[1]) or "X" not in words
    )


def _header(output: Output, line: Line) -> tuple[tuple[str, ...], tuple[str, ...]]:
    cells = [cell for cell in re.split(r"\t+|\s{2,}|(?<=\d) (?=[A-Z])", line.text.strip()) if cell.strip()]
    labels = tuple(cell.strip() for cell in cells if LABEL.fullmatch(cell.strip()))
    trailing = tuple(cell.strip() for cell in cells[len(labels) :])
    for cell in trailing:
        if cell not in TRAILING:
            raise output.error(f"unknown column {cell!r}", line)
    if len(set(labels)) != len(labels):
        raise output.error("a device stands twice in the header", line)
    return labels, trailing


def _links(output: Output, labels: tuple[str, ...], rows: dict[str, tuple[Line, list[str]]]) -> Iterator[TopologyLink]:
    said: dict[frozenset[str], str] = {}
    for device, (line, words) in rows.items():
        for peer, word in zip(labels, words, strict=False):
            if not CONNECTION.fullmatch(word) or (word == "X") != (device == peer):
                raise output.error(f"{word!r} is no connection between {device} and {peer}", line)
            pair = frozenset((device, peer))
            if said.setdefault(pair, word) != word:
                raise output.error(f"{device} and {peer} are connected by {said[pair]} and by {word}", line)
    for pair, word in said.items():
        if len(pair) == 2:
            device, peer = sorted(pair, key=labels.index)
            yield TopologyLink(device=device, peer=peer, connection=word)


def _affinities(
    output: Output, labels: tuple[str, ...], trailing: tuple[str, ...], rows: dict[str, tuple[Line, list[str]]]
) -> Iterator[DeviceAffinity]:
    for device, (line, words) in rows.items():
        rest = words[len(labels) :]
        if rest and len(rest) != len(trailing):
            raise output.error(f"expected {len(trailing)} values after the matrix", line)
        found = {TRAILING[column]: text for column, text in zip(trailing, rest, strict=False) if text != "N/A"}
        numbers = [int(number) for number in re.findall(r"\d+", found.get("cpus", ""))]
        if CPUS.fullmatch(found.get("cpus", "")) and numbers != sorted(numbers):
            raise output.error("the CPUs do not stand in order: a digit is missing or wrong", line)
        if found.keys() & {"cpus", "numa_node"}:
            yield DeviceAffinity(device=device, cpus=found.get("cpus"), numa_node=found.get("numa_node"))
