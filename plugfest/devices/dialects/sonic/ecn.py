"""SONiC: WRED/ECN profiles (`ecnconfig`)."""

from typing import Literal

from plugfest.devices.dialects import values
from plugfest.devices.dialects.output import Output
from plugfest.devices.dialects.reading import Evidence, Question, Reading
from plugfest.devices.dialects.row import Row, build
from plugfest.devices.dialects.sonic.property_blocks import Block, property_blocks
from plugfest.devices.qos_records import EcnProfile

Color = Literal["green", "yellow", "red"]
COLORS: tuple[Color, ...] = ("green", "yellow", "red")
NUMBERS = [f"{color}_{what}" for color in COLORS for what in ("min_threshold", "max_threshold", "drop_probability")]
WORDS = ["ecn", "wred", *(f"wred_{color}_enable" for color in COLORS)]
KNOWN = {**dict.fromkeys(WORDS, False), **dict.fromkeys(NUMBERS, True)}


def profiles(output: Output) -> tuple[EcnProfile, ...]:
    """`show ecn`: one record a profile and colour; thresholds in bytes, probability in percent."""
    records: list[EcnProfile] = []
    for block in property_blocks(output, ("Profile",), KNOWN):
        records.extend(profile for color in COLORS if (profile := _colour(output, block, color)))
    return tuple(records)


def _colour(output: Output, block: Block, color: Color) -> EcnProfile | None:
    """One colour of a profile; None if the profile says nothing of this colour."""
    if not any(color in name for name in block.row.cells):
        return None

    def record(row: Row) -> EcnProfile:
        return EcnProfile(
            name=block.name,
            color=color,
            enabled=row.read(f"wred_{color}_enable", values.switched),
            ecn=row.text("ecn"),
            min_threshold_bytes=row.count(f"{color}_min_threshold"),
            max_threshold_bytes=row.count(f"{color}_max_threshold"),
            probability_percent=row.read(f"{color}_drop_probability", values.percent),
        )

    return build(output, [block.row], record)[0]


READINGS = (Reading(("show ecn", "ecnconfig -l"), (Question.ECN_CONFIG,), profiles, Evidence.DEVICE),)
