"""SONiC: buffer pools and profiles (`mmuconfig`)."""

import re

from plugfest.devices.dialects import values
from plugfest.devices.dialects.output import Output
from plugfest.devices.dialects.reading import Evidence, Question, Reading
from plugfest.devices.dialects.row import Row, build
from plugfest.devices.dialects.sonic.property_blocks import property_blocks
from plugfest.devices.qos_records import BufferPool, BufferProfile

KINDS = ("Pool", "Profile", "Lossless traffic pattern")
WORDS = ("type", "mode", "pool", "headroom_type", "packet_discard_action")
NUMBERS = (
    "xoff",
    "xon",
    "xon_offset",
    "size",
    "dynamic_th",
    "static_th",
    "default_dynamic_th",
    "over_subscribe_ratio",
    "percentage",
    "mtu",
    "small_packet_percentage",
)
KNOWN = {**dict.fromkeys(WORDS, False), **dict.fromkeys(NUMBERS, True)}


def mmu(output: Output) -> tuple[BufferPool | BufferProfile, ...]:
    """`show mmu`: pools, then profiles; a pool without a printed size is sized by the switch (None)."""
    records: list[BufferPool | BufferProfile] = []
    for block in property_blocks(output, KINDS, KNOWN):
        if block.kind != "Lossless traffic pattern":
            records.extend(build(output, [block.row], _pool if block.kind == "Pool" else _profile, block.name))
    return tuple(records)


def _pool(row: Row, name: str) -> BufferPool:
    kind = row.text("type")
    return BufferPool(
        name=name,
        direction="ingress" if kind == "ingress" else "egress" if kind == "egress" else None,
        mode=row.text("mode"),
        size_bytes=row.count("size"),
        headroom_bytes=row.count("xoff"),
    )


def _profile(row: Row, name: str) -> BufferProfile:
    pool = row.text("pool")
    return BufferProfile(
        name=name,
        pool=re.sub(r"^\[BUFFER_POOL[|:](.*)\]$", r"\1", pool) if pool else None,
        reserved_bytes=row.count("size"),
        xon_bytes=row.count("xon"),
        xoff_bytes=row.count("xoff"),
        xon_offset_bytes=row.count("xon_offset"),
        static_threshold_bytes=row.count("static_th"),
        dynamic_alpha=row.read("dynamic_th", _exponent),
    )


def _exponent(text: str) -> int:
    if not re.fullmatch(r"-?\d+", text):
        raise ValueError(f"{text!r} is not a whole number")
    return -values.count(text[1:]) if text.startswith("-") else values.count(text)


READINGS = (
    Reading(
        ("show mmu", "mmuconfig -l", "show buffer configuration", "show buffer information"),
        (Question.BUFFERS,),
        mmu,
        Evidence.DEVICE,
    ),
)
