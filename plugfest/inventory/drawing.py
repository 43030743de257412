"""The topology of a lab as an SVG drawing: spines above leaves above hosts, injectors in their cables."""

import math
import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from plugfest.inventory.labels import link_text
from plugfest.inventory.layout import Box, Cable, Layout, layout
from plugfest.inventory.models import Lab

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_COLOURS: Mapping[str, tuple[str, str]] = {
    "switch": ("#dbe9f6", "#2f6da8"),
    "host": ("#e3f1dc", "#4c8b2b"),
    "injector": ("#fbe5d0", "#c06a14"),
    "capture": ("#ece4f4", "#7a52a8"),
    "bastion": ("#eeeeee", "#777777"),
}
"""Fill and edge by role."""
_MARGIN = 0.4
_TITLE_LETTER = 0.078
_CABLE_COLOUR = "#888888"
_MIDDLE = 0.44
"""Where along a cable its speed and media stand; off the middle, where cables of a full mesh cross."""


def draw(lab: Lab, file: Path) -> None:
    """Draw `lab` into `file`; its suffix (.svg, .png, .pdf) chooses the format.  Equal labs give equal SVG files."""
    import matplotlib

    with matplotlib.rc_context({"svg.fonttype": "none", "svg.hashsalt": lab.name, "font.family": "sans-serif"}):
        metadata = {"Date": None, "Title": f"Topology of lab {lab.name}"} if file.suffix == ".svg" else None
        figure_of(lab).savefig(file, metadata=metadata, dpi=110)


def figure_of(lab: Lab) -> "Figure":
    """The drawing as a matplotlib figure, one data unit an inch."""
    from matplotlib.figure import Figure

    plan = layout(lab)
    left, bottom, right, top = _bounds(plan)
    figure = Figure(figsize=(right - left, top - bottom))
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_xlim(left, right)
    axes.set_ylim(bottom, top)
    axes.set_axis_off()
    _draw_title(axes, lab, (left + _MARGIN, top - _MARGIN), right - left - 2 * _MARGIN)
    for cable in plan.cables:
        _draw_cable(axes, cable)
    for name, box in plan.boxes.items():
        _draw_box(axes, box, _COLOURS[lab.devices[name].role])
    return figure


def _draw_title(axes: "Axes", lab: Lab, corner: tuple[float, float], width: float) -> None:
    x, y = corner
    axes.text(x, y, lab.name, parse_math=False, fontsize=12, weight="bold", va="top")
    lines = textwrap.wrap(lab.description, width=int(width / _TITLE_LETTER))[:2]
    axes.text(x, y - 0.25, "\n".join(lines), parse_math=False, fontsize=9, va="top")


def _bounds(plan: Layout) -> tuple[float, float, float, float]:
    boxes = plan.boxes.values()
    deepest = max((_sag(cable) for cable in plan.cables if cable.level), default=0.0)
    return (
        min(box.x - box.width / 2 for box in boxes) - _MARGIN,
        min(box.y - box.height / 2 for box in boxes) - _MARGIN - deepest,
        max(box.x + box.width / 2 for box in boxes) + _MARGIN,
        max(box.y + box.height / 2 for box in boxes) + _MARGIN + 0.8,
    )


def _draw_box(axes: "Axes", box: Box, colours: tuple[str, str]) -> None:
    from matplotlib.patches import FancyBboxPatch

    fill, edge = colours
    corner = (box.x - box.width / 2, box.y - box.height / 2)
    style = "round,pad=0,rounding_size=0.08"
    axes.add_patch(FancyBboxPatch(corner, box.width, box.height, boxstyle=style, fc=fill, ec=edge, lw=1.3, zorder=3))
    for position, line in enumerate(box.lines):
        y = box.y + box.height / 2 - 0.17 - 0.15 * position
        weight = "bold" if position == 0 else "normal"
        axes.text(box.x, y, line, parse_math=False, ha="center", va="center", fontsize=8, weight=weight, zorder=4)


def _draw_cable(axes: "Axes", cable: Cable) -> None:
    if cable.level:
        _draw_level_cable(axes, cable)
        return
    lower, upper = sorted((cable.start, cable.end), key=lambda point: point[1])
    ports = (cable.link.a.port, cable.link.b.port)
    lower_port, upper_port = ports if lower == cable.start else ports[::-1]
    axes.plot(*zip(lower, upper, strict=True), color=_CABLE_COLOUR, lw=1.2, zorder=1)
    length = math.dist(lower, upper)
    clear = (
        0.12 * length / max(upper[1] - lower[1], 0.1)
    )  # further out where a flat cable would lay its text over the box
    _along(axes, lower, upper, (clear + len(lower_port) * 0.033) / length, lower_port)
    _along(axes, lower, upper, 1 - (clear + len(upper_port) * 0.033) / length, upper_port)
    _along(axes, lower, upper, _MIDDLE, link_text(cable.link), colour="#555555")


def _along(
    axes: "Axes", start: tuple[float, float], end: tuple[float, float], part: float, text: str, colour: str = "black"
) -> None:
    """`text` turned along the line, centred where `part` of the line lies behind it."""
    x, y = (a + (b - a) * part for a, b in zip(start, end, strict=True))
    angle = math.degrees(math.atan2(end[1] - start[1], end[0] - start[0]))
    angle = angle - 180 if angle > 90 else angle
    background = {"facecolor": "white", "edgecolor": "none", "pad": 0.6}
    axes.text(
        x,
        y,
        text,
        parse_math=False,
        rotation=angle,
        rotation_mode="anchor",
        ha="center",
        va="center",
        fontsize=7,
        color=colour,
        bbox=background,
        zorder=2,
    )


def _draw_level_cable(axes: "Axes", cable: Cable) -> None:
    """A cable between two boxes of one row hangs below them."""
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path as Curve

    (x0, y0), (x1, y1) = cable.start, cable.end
    low = min(y0, y1) - 2 * _sag(cable)
    curve = Curve([(x0, y0), (x0, low), (x1, low), (x1, y1)], [Curve.MOVETO] + [Curve.CURVE4] * 3)
    axes.add_patch(PathPatch(curve, fc="none", ec=_CABLE_COLOUR, lw=1.2, zorder=1))
    words = f"{cable.link.a.port} – {cable.link.b.port}  {link_text(cable.link)}".strip()
    axes.text(
        (x0 + x1) / 2,
        min(y0, y1) - 1.5 * _sag(cable),
        words,
        parse_math=False,
        ha="center",
        va="center",
        fontsize=7,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.6},
        zorder=2,
    )


def _sag(cable: Cable) -> float:
    return 0.25 + 0.06 * abs(cable.start[0] - cable.end[0])
