"""The topology drawing: rows, order and distances are pure geometry; the SVG holds every name."""

import re
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree

import pytest

from plugfest.inventory.drawing import draw
from plugfest.inventory.layout import Box, layout
from plugfest.inventory.loader import load
from plugfest.inventory.models import Lab
from tests.inventory.labs import clos, lab_of

LABS = {
    "embedded": load("embedded").lab,
    "example_hardware": load("example_hardware").lab,
    "sixteen hosts": clos(16, 4, 2),
    "back to back": lab_of(
        "devices:\n  h1: {role: host, ports: {a: {}, b: {}}}\n  h2: {role: host, ports: {a: {}}}\n"
        "  h3: {role: host, ports: {a: {}}}\n  i1: {role: injector, ports: {a: {}, b: {}}}\n"
        "links: [h1:a <-> h2:a, h1:b <-> i1:a, i1:b <-> h3:a]\n"
    ),
    "one device": lab_of("devices:\n  h1: {role: host}\n"),
}
EVERY_LAB = pytest.mark.parametrize("lab", LABS.values(), ids=LABS.keys())


def overlap(a: Box, b: Box) -> bool:
    return abs(a.x - b.x) < (a.width + b.width) / 2 and abs(a.y - b.y) < (a.height + b.height) / 2


@EVERY_LAB
def test_boxes_do_not_overlap(lab: Lab) -> None:
    boxes = layout(lab).boxes
    assert boxes.keys() == lab.devices.keys()
    assert [(a, b) for a, b in combinations(boxes, 2) if overlap(boxes[a], boxes[b])] == []


@EVERY_LAB
def test_cables_end_at_the_edges_of_their_boxes(lab: Lab) -> None:
    plan = layout(lab)
    assert [cable.link for cable in plan.cables] == list(lab.links)
    for cable in plan.cables:
        for end, (x, y) in ((cable.link.a, cable.start), (cable.link.b, cable.end)):
            box = plan.boxes[end.device]
            assert abs(x - box.x) < box.width / 2
            assert abs(y - box.y) == pytest.approx(box.height / 2)


def test_spines_stand_above_leaves_above_hosts() -> None:
    boxes = layout(LABS["sixteen hosts"]).boxes
    assert (
        boxes["spine1"].y == boxes["spine2"].y > boxes["leaf1"].y == boxes["leaf4"].y > boxes["h1"].y == boxes["h16"].y
    )
    assert [name for name in sorted(boxes, key=lambda each: boxes[each].x) if name[0] == "h"] == [
        f"h{number}" for number in range(1, 17)
    ]


def test_an_injector_stands_between_its_neighbours() -> None:
    boxes = layout(LABS["example_hardware"]).boxes
    assert boxes["gpu1"].y < boxes["injector1"].y < boxes["leaf1"].y


@EVERY_LAB
def test_the_drawing_names_every_device_and_port(lab: Lab, tmp_path: Path) -> None:
    draw(lab, tmp_path / "lab.svg")
    texts = "\n".join(ElementTree.parse(tmp_path / "lab.svg").getroot().itertext())
    for name, device in lab.devices.items():
        assert re.search(rf"^\s*{re.escape(name)}\s*$", texts, re.MULTILINE)
        cabled = {end.port for link in lab.links_of(name) for end in (link.a, link.b) if end.device == name}
        assert all(port in texts for port in cabled & device.ports.keys())


def test_equal_labs_give_equal_files(tmp_path: Path) -> None:
    for name in ("one.svg", "two.svg"):
        draw(LABS["embedded"], tmp_path / name)
    assert (tmp_path / "one.svg").read_bytes() == (tmp_path / "two.svg").read_bytes()


def test_signs_of_markup_in_names_are_drawn_as_they_are(tmp_path: Path) -> None:
    draw(
        lab_of('devices:\n  h1: {role: host, ports: {a: {}}, nics: [{vendor: "$x$", model: "<b>&", port: a}]}\n'),
        tmp_path / "x.svg",
    )
    assert "$x$ <b>&" in "".join(ElementTree.parse(tmp_path / "x.svg").getroot().itertext())
