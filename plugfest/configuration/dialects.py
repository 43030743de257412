"""How each dialect's configuration is entered, made active, taken back and read: data, one record a dialect."""

from typing import Literal

from plugfest.devices.dialects.reading import Evidence
from plugfest.errors import UsageError
from plugfest.records import Record

Reader = Literal["lines", "set commands", "SONiC tables", "Linux"]
"""How the configuration is read back: see `plugfest.configuration.readers`."""


class Style(Record):
    """The configuration language of one dialect.  ``{name}`` stands for the name of this change."""

    templates: str
    """Folder of the templates."""
    reader: Reader
    ask: str | None = None
    """Command that prints the configuration in force; None: the reader has commands of its own."""
    restore_point: tuple[str, ...] = ()
    """Commands that keep the present configuration under a name, before anything is changed."""
    enter: tuple[str, ...] = ()
    leave_view: str = "exit"
    """Command that leaves an inner view."""
    commit: tuple[str, ...] = ()
    """Commands that make the lines active and lead back to where the terminal began."""
    take_back: tuple[tuple[str, ...], ...] | None = None
    """Commands (with the answers to their questions) that restore what was before.

    None: the opposite lines are entered.
    """
    negation: str = "no"
    """Word that takes a line back."""
    evidence: Evidence
    """Where our knowledge of entering, committing and taking back comes from."""
    note: str = ""


_SONIC_RESTORE = ("sudo config checkpoint {name}",)
_SONIC_BACK = (("sudo config rollback {name}",), ("sudo config delete-checkpoint {name}",))

STYLES: dict[str, Style] = {
    "frr_linux": Style(
        templates="frr_linux",
        reader="Linux",
        evidence=Evidence.DEVICE,
        note="A Linux router: queues are those of `tc`; a port that has one of its own is left alone.",
    ),
    "sonic": Style(
        templates="sonic",
        reader="SONiC tables",
        ask="sonic-cfggen -d --print-data",
        restore_point=_SONIC_RESTORE,
        take_back=_SONIC_BACK,
        evidence=Evidence.MANUAL,
        note="What the `config` commands cannot say is a JSON patch for `config apply-patch`; taken back with "
        "`config rollback`.",
    ),
    "huawei_vrp": Style(
        templates="huawei_vrp",
        reader="lines",
        ask="display current-configuration",
        restore_point=("display configuration commit list 1",),
        enter=("system-view",),
        leave_view="quit",
        commit=("commit", "return"),
        take_back=(("rollback configuration to commit-id {point}", "y"),),
        negation="undo",
        evidence=Evidence.MANUAL,
        note="Two-stage: lines wait in a candidate until `commit`; taken back with `rollback configuration` to the "
        "commit that was the last one before.",
    ),
    "h3c_comware": Style(
        templates="h3c_comware",
        reader="lines",
        ask="display current-configuration",
        enter=("system-view",),
        leave_view="quit",
        commit=("return",),
        negation="undo",
        evidence=Evidence.NONE,
        note="Each line takes effect at once; taken back by the opposite lines and by entering the old ones again.",
    ),
    "cumulus_nvue": Style(
        templates="cumulus_nvue",
        reader="set commands",
        ask="nv config show -o commands",
        commit=("nv config apply -y",),
        evidence=Evidence.MANUAL,
        note="Lines wait in a pending revision until `nv config apply`; a rejected one is dropped with "
        "`nv config detach`, an applied one is taken back with `nv unset` and the old lines.",
    ),
    "arista_eos": Style(
        templates="arista_eos",
        reader="lines",
        ask="show running-config",
        restore_point=("configure checkpoint save {name}",),
        enter=("configure session {name}",),
        commit=("commit",),
        take_back=(("configure session {name} abort",), ("configure replace checkpoint:{name}",)),
        evidence=Evidence.MANUAL,
        note="Lines are collected in a configuration session; taken back by replacing the configuration with the "
        "checkpoint from before.",
    ),
    "cisco_nxos": Style(
        templates="cisco_nxos",
        reader="lines",
        ask="show running-config",
        restore_point=("checkpoint {name}",),
        enter=("configure terminal",),
        commit=("end",),
        take_back=(("rollback running-config checkpoint {name}",), ("no checkpoint {name}",)),
        evidence=Evidence.MANUAL,
        note="Each line takes effect at once; taken back by rolling back to the checkpoint from before.",
    ),
    "asternos": Style(
        templates="sonic",
        reader="SONiC tables",
        ask="sonic-cfggen -d --print-data",
        restore_point=_SONIC_RESTORE,
        take_back=_SONIC_BACK,
        evidence=Evidence.NONE,
        note="Unverified: through its bash, as SONiC does it.",
    ),
}


def _cisco_like(folder: str, ask: str) -> Style:
    return Style(
        templates=folder,
        reader="lines",
        ask=ask,
        enter=("configure terminal",),
        commit=("end",),
        evidence=Evidence.NONE,
        note="Unverified: only the style of the command line is known; its lossless-queue commands are not public.",
    )


STYLES |= {name: _cisco_like(name, "show running-config") for name in ("ruijie_rgos", "zte_zxros", "centec")}


def style_of(dialect: str) -> Style:
    """The configuration language of that dialect; UsageError lists those there are."""
    if dialect not in STYLES:
        raise UsageError(f"{dialect!r} cannot be configured: choose one of {', '.join(STYLES)}")
    return STYLES[dialect]
