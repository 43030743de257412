"""Vendor-neutral answers about lossless queues: PFC, ECN, buffers, maps.  ``None`` is unmeasured, never zero."""

from typing import Literal

from plugfest.records import Record

Direction = Literal["ingress", "egress"]


class PfcConfig(Record):
    """PFC of one port (IEEE 802.1Q, clause 36) as configured or as it operates."""

    port: str | None
    """None: the setting holds for the whole switch."""
    queue: str | None = None
    """Queue or QoS group, where the device sets PFC by queue."""
    mode: str | None = None
    """The device's own word: on, auto, off, lossless."""
    operational: bool | None = None
    priorities: tuple[int, ...] | None = None
    """Priorities with PFC on; empty means none, None means the device did not say."""
    rx_enabled: bool | None = None
    tx_enabled: bool | None = None
    asymmetric: bool | None = None
    cable_length_metres: int | None = None
    profile: str | None = None


class PfcProfile(Record):
    """A named set of priorities with PFC on."""

    name: str
    priorities: tuple[int, ...] | None


class PfcCounters(Record):
    """PFC frames of one port, by priority."""

    port: str
    priority: int | None
    """None: the device counts all priorities together."""
    rx_frames: int | None = None
    tx_frames: int | None = None
    rx_frames_per_second: int | None = None
    tx_frames_per_second: int | None = None
    rx_pause_microseconds: int | None = None
    tx_pause_microseconds: int | None = None
    deadlocks_detected: int | None = None
    deadlocks_recovered: int | None = None


class PfcWatchdogConfig(Record):
    """How the PFC watchdog of one port or queue is set."""

    port: str | None
    queue: str | None = None
    enabled: bool | None = None
    action: str | None = None
    """drop, forward, alert, turn-off, error-down in the device's words, lower case."""
    detection_milliseconds: int | None = None
    restoration_milliseconds: int | None = None
    polling_milliseconds: int | None = None
    trigger_threshold: int | None = None
    """Number of deadlocks after which the action is taken."""
    status: str | None = None
    history: bool | None = None


class PfcWatchdogCounters(Record):
    """What the PFC watchdog saw on one queue."""

    port: str
    queue: str
    status: str | None = None
    storms_detected: int | None = None
    storms_restored: int | None = None
    tx_packets: int | None = None
    tx_dropped_packets: int | None = None
    rx_packets: int | None = None
    rx_dropped_packets: int | None = None
    last_tx_packets: int | None = None
    last_tx_dropped_packets: int | None = None
    last_rx_packets: int | None = None
    last_rx_dropped_packets: int | None = None
    drained_packets: int | None = None


class Threshold(Record):
    """A buffer threshold: a number of bytes, or dynamic as a share (alpha) of what is free."""

    bytes: int | None = None
    alpha: int | None = None


class PfcThresholds(Record):
    """When one ingress queue of a port sends pause and stops sending it."""

    port: str
    queue: str
    xoff: Threshold | None = None
    xon: Threshold | None = None
    xon_offset: Threshold | None = None
    headroom: Threshold | None = None
    guaranteed: Threshold | None = None


class EcnProfile(Record):
    """A WRED/ECN profile, or one colour of it."""

    name: str | None
    color: Literal["green", "yellow", "red"] | None = None
    enabled: bool | None = None
    ecn: str | None = None
    """Which colours are marked instead of dropped, in the device's words."""
    min_threshold_bytes: int | None = None
    max_threshold_bytes: int | None = None
    probability_percent: float | None = None
    queues: tuple[int, ...] | None = None


class EcnThresholds(Record):
    """ECN thresholds in force on one queue of a port, fixed or calculated by the device."""

    port: str
    queue: str
    low_bytes: int | None
    high_bytes: int | None
    probability_percent: float | None
    mode: str | None = None
    model: str | None = None


class WredCurve(Record):
    """How a WRED table treats one colour of one queue.

    Thresholds are numbers as the device prints them: it does not tell their unit, which differs by chip.
    """

    table: str
    queue: str
    color: Literal["green", "yellow", "red"]
    low_threshold: int | None
    high_threshold: int | None
    probability_percent: float | None
    exponent: int | None = None
    """Weight of the past in the average queue length: 2**-exponent is the present's."""
    ecn: bool | None = None
    """True: packets that are ECN-capable are marked instead of dropped."""


class WredApplication(Record):
    """The WRED table that one port uses."""

    port: str
    table: str


class EcnCounters(Record):
    """ECN marks and WRED drops of a port or of one of its queues."""

    port: str
    queue: str | None
    """None: counted for the whole port."""
    marked_packets: int | None = None
    marked_bytes: int | None = None
    dropped_packets: int | None = None
    dropped_bytes: int | None = None


class BufferUse(Record):
    """Bytes a pool, queue or priority group holds now, held at most, or holds on average."""

    port: str | None
    direction: Direction | None
    object: Literal["port", "queue", "priority group", "pool"]
    index: str
    """Queue or priority-group name as the device has it, or the pool's name."""
    part: str | None = None
    """shared, headroom, unicast, multicast … where the device counts them apart."""
    total_bytes: int | None = None
    current_bytes: int | None = None
    peak_bytes: int | None = None
    average_bytes: int | None = None
    persistent: bool | None = None
    """True: the peak survives a clearing of the user's watermark."""


class BufferPool(Record):
    """One buffer pool of the switch."""

    name: str
    direction: Direction | None = None
    mode: str | None = None
    size_bytes: int | None = None
    """None also where the device says unlimited; see `unlimited`."""
    unlimited: bool = False
    headroom_bytes: int | None = None
    current_bytes: int | None = None
    peak_bytes: int | None = None
    port: str | None = None
    priorities: tuple[int, ...] | None = None
    traffic_classes: tuple[int, ...] | None = None


class BufferProfile(Record):
    """How a queue or priority group draws on a pool."""

    name: str
    pool: str | None = None
    reserved_bytes: int | None = None
    xon_bytes: int | None = None
    xoff_bytes: int | None = None
    xon_offset_bytes: int | None = None
    static_threshold_bytes: int | None = None
    dynamic_alpha: int | None = None
    """Exponent of two: the threshold is 2**alpha times what is free."""


class DropCounters(Record):
    """Packets a port, queue or priority group dropped, with the device's reason."""

    port: str
    direction: Direction | None = None
    priority_group: str | None = None
    queue: str | None = None
    reason: str | None = None
    packets: int | None = None
    bytes: int | None = None
    packets_per_second: int | None = None
    bits_per_second: int | None = None
    last_drop: str | None = None


class DscpMapping(Record):
    """One entry of a map from DSCP to the switch's priority."""

    map: str | None
    dscp: int
    priority: int | None
    color: str | None = None


class TrustMode(Record):
    """Which mark of a packet decides its priority."""

    port: str | None
    modes: tuple[str, ...]
    """dscp, pcp …"""


class SchedulerQueue(Record):
    """ETS or scheduler setting of one egress queue (IEEE 802.1Q, clause 37)."""

    port: str | None
    queue: str | None
    """None: the line is about the whole group."""
    algorithm: str | None = None
    """strict, ets, wrr, dwrr in the device's words, lower case."""
    bandwidth_percent: float | None = None
    profile: str | None = None
    group: str | None = None
    """Priority group."""


class DcbxPort(Record):
    """DCBX state of one port."""

    port: str
    enabled: bool | None = None
    version: str | None = None
    peer_present: bool | None = None
    pfc_priorities: tuple[int, ...] | None = None
    willing: bool | None = None


class RoceCounters(Record):
    """Totals a switch keeps for RoCE and CNP traffic on a port, by the device's own names."""

    port: str
    direction: Direction
    group: str
    values: dict[str, int | None]
    approximate: tuple[str, ...] = ()
    """Names whose value the device printed rounded, such as ``92824.38 GB``."""


class PfcPauseHistory(Record):
    """How often and how long a peer's PFC frames paused one priority of a port."""

    port: str
    priority: int
    transitions: int | None
    total_microseconds: int | None
    recent_microseconds: int | None
    recent: str | None
    """When the last pause began, as the device prints it."""
