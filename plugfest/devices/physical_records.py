"""Vendor-neutral answers about ports, modules and the physical layer.  ``None`` is unmeasured, never zero."""

from plugfest.devices.records import InterfaceCounters
from plugfest.records import Record


class PortCounters(Record):
    """Counters and rates of one port from a table that says nothing else of it."""

    port: str
    counters: InterfaceCounters | None = None
    oper_up: bool | None = None
    rx_bits_per_second: float | None = None
    tx_bits_per_second: float | None = None
    rx_packets_per_second: float | None = None
    tx_packets_per_second: float | None = None
    rx_utilisation_percent: float | None = None
    tx_utilisation_percent: float | None = None
    details: dict[str, int] = {}
    """Further counters by the device's own names."""


class FecMode(Record):
    """Forward error correction of one port."""

    port: str
    configured: str | None
    operational: str | None


class FecCounters(Record):
    """What the FEC decoder of one port corrected (IEEE 802.3, clauses 74, 91, 119)."""

    port: str
    corrected_codewords: int | None
    uncorrected_codewords: int | None
    symbol_errors: int | None
    pre_fec_bit_error_ratio: float | None = None
    post_fec_bit_error_ratio: float | None = None
    worst_pre_fec_bit_error_ratio: float | None = None
    frame_loss_ratio_observed: float | None = None
    frame_loss_ratio_predicted: float | None = None
    prediction_accuracy_percent: float | None = None
    highest_symbol_errors: float | None = None
    """Most symbol errors seen in one codeword."""


class FecHistogram(Record):
    """Codewords by the number of symbol errors in them: `codewords[n]` had n."""

    port: str
    codewords: tuple[int | None, ...]


class Lane(Record):
    """One optical or electrical lane of a module."""

    lane: int
    rx_power_dbm: float | None = None
    tx_power_dbm: float | None = None
    bias_milliamperes: float | None = None


class AlarmLimits(Record):
    """When a module raises an alarm or warning for one quantity."""

    high_alarm: float | None = None
    high_warning: float | None = None
    low_warning: float | None = None
    low_alarm: float | None = None


class Module(Record):
    """A pluggable module or cable of one port."""

    port: str
    present: bool
    type: str | None = None
    vendor: str | None = None
    part_number: str | None = None
    serial: str | None = None
    revision: str | None = None
    length_metres: float | None = None
    temperature_celsius: float | None = None
    voltage_volts: float | None = None
    lanes: tuple[Lane, ...] = ()
    limits: dict[str, AlarmLimits] = {}
    """By quantity: temperature, voltage, bias, tx_power, rx_power, in the units of the readings."""


class BoardIdentity(Record):
    """What one board of a switch says it is."""

    place: str
    """Slot, fan or power supply as the device names it."""
    name: str | None
    serial: str | None
    mac: str | None = None
    manufactured: str | None = None
    vendor: str | None = None


class SoftwareModule(Record):
    """A software module or patch installed beside the system software."""

    name: str
    version: str
    package: str
    installed: str
    """Date and time as the device prints it."""


class ArpEntry(Record):
    """One entry of the ARP table."""

    address: str
    mac: str | None
    """None while the neighbour has not answered."""
    interface: str | None
    age_minutes: int | None = None
    """Whole minutes as the device counts them: since the last answer, or until it expires; None for its own entries."""
    vrf: str | None = None
    """As printed; None in the default one."""
