"""The parts of a switch's configuration that the suites need; each has one template a dialect."""

from enum import StrEnum


class Aspect(StrEnum):
    """One part of an intent; its value is the name of the template."""

    BREAKOUT = "breakout"
    """How a port is split into several."""
    MTU = "mtu"
    ADMIN = "admin"
    """Ports switched on or off."""
    SCHEDULING = "scheduling"
    """Bandwidth weights and strict priorities of the queues (IEEE 802.1Q, clause 37: ETS)."""
    CLASSIFICATION = "classification"
    """Which mark of a packet is trusted, and the priority each DSCP gets."""
    PFC = "pfc"
    """Priorities that are lossless (IEEE 802.1Q, clause 36)."""
    ECN = "ecn"
    """Thresholds between which a queue marks packets (RFC 3168)."""
    WATCHDOG = "watchdog"
    """What a queue does when PFC pauses it for too long."""
    LLDP = "lldp"
    """LLDP and the DCBX that travels in it (IEEE 802.1Q, clause 38)."""


TITLES = {
    Aspect.BREAKOUT: "breakout",
    Aspect.MTU: "MTU",
    Aspect.ADMIN: "admin up and down",
    Aspect.SCHEDULING: "ETS weights",
    Aspect.CLASSIFICATION: "DSCP map and trust",
    Aspect.PFC: "PFC",
    Aspect.ECN: "ECN thresholds",
    Aspect.WATCHDOG: "PFC watchdog",
    Aspect.LLDP: "LLDP and DCBX",
}
