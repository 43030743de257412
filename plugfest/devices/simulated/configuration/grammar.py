"""Which configuration lines each operating system takes, view by view, by its published command reference.

Written apart from the templates, so that a slip in a template is refused here.  ``(…)`` encloses the value of a
setting: a line with another value replaces the earlier one.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Grammar:
    """Lines by view; the key ``""`` is outside all views."""

    negation: str
    indent: str
    separator: str
    """Line between sections of the printed configuration."""
    refusal: str
    views: Mapping[str, tuple[str, ...]]
    """Regular expression of the line that opens the view (``A > B`` for a view inside another): its lines."""
    defaults: tuple[str, ...] = ()
    """Lines that are in force without being shown; their opposite is shown."""


_EOS_PORT = r"interface Ethernet[\d/]+"
_NXOS_PORT = r"interface Ethernet\d+/\d+"
_VRP_PORT = r"interface \d+GE\d+/\d+/\d+"
_COMWARE_PORT = r"interface [A-Z]\w*GigE\d+/\d+/\d+"
_QUEUE_NAME = "(?:be|af[1-4]|ef|cs[67])"

GRAMMARS: Mapping[str, Grammar] = {
    "arista_eos": Grammar(
        negation="no",
        indent="   ",
        separator="!",
        refusal="% Invalid input\n",
        defaults=("lldp run", "lldp transmit", "lldp receive", "priority strict"),
        views={
            "": (
                r"qos map dscp \d+ to traffic-class ([0-7])",
                r"priority-flow-control pause watchdog default (?:timeout|recovery-time|polling-interval) ([\d.]+)",
                r"priority-flow-control pause watchdog action (drop|errdisable|notify-only)",
                "lldp run",
            ),
            _EOS_PORT: (
                r"mtu (\d{2,4})",
                "shutdown",
                "qos trust (cos|dscp)",
                "priority-flow-control on",
                "priority-flow-control pause watchdog",
                "priority-flow-control priority [0-7] (drop|no-drop)",
                "lldp (?:transmit|receive)",
                "dcbx mode (ieee|cee)",
            ),
            f"{_EOS_PORT} > tx-queue [0-7]": (
                "priority strict",
                r"bandwidth percent (\d+)",
                r"random-detect ecn (minimum-threshold \d+ kbytes maximum-threshold \d+ kbytes"
                r" max-mark-probability \d+)",
            ),
        },
    ),
    "cisco_nxos": Grammar(
        negation="no",
        indent="  ",
        separator="",
        refusal="            ^\n% Invalid command at '^' marker.\n",
        defaults=("lldp transmit", "lldp receive", "lldp tlv-select dcbxp"),
        views={
            "": (
                "feature lldp",
                "lldp tlv-select dcbxp",
                "priority-flow-control watch-dog-interval (on|off)",
                r"priority-flow-control watch-dog interval (\d+)",
                r"priority-flow-control watch-dog shutdown-multiplier (\d+)",
                r"priority-flow-control auto-restore multiplier (\d+)",
                r"interface breakout module \d+ port \d+ map (\d+g-[248]x)",
            ),
            _NXOS_PORT: (
                r"mtu (\d{3,4})",
                "shutdown",
                r"service-policy type qos input (\S+)",
                r"service-policy type queuing output (\S+)",
                "priority-flow-control mode (on|off|auto)",
                "priority-flow-control watch-dog-interval (on|off)",
                "lldp (?:transmit|receive)",
            ),
            r"class-map type qos match-any \S+": (r"match dscp \d+",),
            r"policy-map type qos \S+": (),
            r"policy-map type qos \S+ > class \S+": (r"set qos-group ([0-7])",),
            r"policy-map type network-qos \S+": (),
            r"policy-map type network-qos \S+ > class type network-qos c-8q-nq(?:[1-7]|-default)": (
                r"mtu (\d+)",
                "pause pfc-cos ([0-7])",
            ),
            r"policy-map type queuing \S+": (),
            r"policy-map type queuing \S+ > class type queuing c-out-8q-q(?:[1-7]|-default)": (
                r"bandwidth remaining percent (\d+)",
                "priority level (1)",
                r"random-detect (minimum-threshold \d+ kbytes maximum-threshold \d+ kbytes drop-probability \d+"
                r" weight \d+ ecn)",
            ),
            "system qos": (r"service-policy type network-qos (\S+)",),
        },
    ),
    "huawei_vrp": Grammar(
        negation="undo",
        indent=" ",
        separator="#",
        refusal="          ^\nError: Unrecognized command found at '^' position.\n",
        defaults=(),
        views={
            "": (
                "lldp enable",
                r"dcb pfc deadlock-detect timer (\d+)",
                r"dcb pfc deadlock-recovery timer (\d+)",
                r"dcb pfc deadlock recovery-behavior (discard|forwarding) slot \d+",
                r"port split dimension interface \S+ split-type (\d\*\d+GE)",
            ),
            _VRP_PORT: (
                r"mtu (\d+)",
                "shutdown",
                "trust (dscp|8021p)",
                r"trust upstream (\S+)",
                "dcb pfc enable mode (manual|auto)",
                r"qos queue [0-7] wred (\S+)",
                "qos queue [0-7] ecn",
                r"qos queue [0-7] drr weight (\d+)",
                "qos (?:pq|drr) ([0-7 ]+)",
                "lldp (?:enable|disable)",
                "lldp tlv-enable dcbx",
            ),
            r"diffserv domain \S+": (r"ip-dscp-inbound \d+ phb ((?:be|af[1-4]|ef|cs[67]) (?:green|yellow|red))",),
            "dcb pfc": ("priority [0-7]",),
            r"drop-profile \S+": (r"ecn buffer-size (low-limit \d+ high-limit \d+ discard-percentage \d+)",),
        },
    ),
    "h3c_comware": Grammar(
        negation="undo",
        indent=" ",
        separator="#",
        refusal="          ^\n % Unrecognized command found at '^' position.\n",
        defaults=("lldp enable",),
        views={
            "": (
                "lldp global enable",
                "priority-flow-control deadlock precision (high|normal|low)",
                r"priority-flow-control deadlock cos [0-7] interval (\d+)",
                r"priority-flow-control deadlock auto-recover cos [0-7] delay (\d+)",
            ),
            _COMWARE_PORT: (
                r"mtu (\d+)",
                "shutdown",
                "qos trust (dscp|dot1p)",
                "priority-flow-control enable",
                "priority-flow-control no-drop dot1p ([0-7,]+)",
                "priority-flow-control deadlock enable",
                r"qos wfq byte-count",
                rf"qos wfq {_QUEUE_NAME} (group (?:1 byte-count \d+|sp))",
                r"qos wred queue [0-7] drop-level [0-2] (low-limit \d+ high-limit \d+ discard-probability \d+)",
                "qos wred queue [0-7] ecn",
                r"qos wred queue [0-7] weighting-constant (\d+)",
                "lldp enable",
                "lldp tlv-enable dot1-tlv dcbx",
            ),
            "qos map-table dscp-dot1p": (r"import \d+ export ([0-7])",),
        },
    ),
    **{
        name: Grammar(
            negation="no",
            indent=" ",
            separator="!",
            refusal="% Invalid input detected at '^' marker.\n",
            views={"": (), r"interface \S+(?: \S+)?": ("shutdown",)},
        )
        for name in ("ruijie_rgos", "zte_zxros", "centec")
    },
}
NVUE_LINES = (
    r"interface \S+ link mtu \d+",
    r"interface \S+ link state (?:up|down)",
    r"interface \S+ link breakout \d+x\S*",
    r"qos mapping \S+ trust (?:l2|l3|port|both)",
    r"qos mapping \S+ dscp \d+ switch-priority [0-7]",
    r"qos pfc \S+ (?:switch-priority [0-7]|(?:tx|rx) (?:enable|disable))",
    r"qos congestion-control \S+ traffic-class [0-7] (?:ecn|red) (?:enable|disable)",
    r"qos congestion-control \S+ traffic-class [0-7] (?:min-threshold|max-threshold|probability) \d+",
    r"qos egress-scheduler \S+ traffic-class [0-7] (?:mode (?:dwrr|strict)|bw-percent \d+)",
    r"qos pfc-watchdog (?:polling-interval|robustness) \d+",
    r"interface \S+ qos pfc-watchdog state (?:enable|disable)",
    r"interface \S+ qos (?:mapping|pfc|congestion-control|egress-scheduler) profile \S+",
    r"interface \S+ lldp dcbx-(?:pfc|ets-config|ets-recomm)-tlv (?:on|off)",
)
"""What ``nv set`` takes."""
