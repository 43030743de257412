"""SONiC: the configuration is a database whose tables are printed as JSON (``config_db.json``)."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping

from plugfest.configuration.aspects import Aspect
from plugfest.configuration.intent import LosslessProfile, PortProfile
from plugfest.configuration.readers.finding import Answers, Finding
from plugfest.configuration.rendering import Rendering
from plugfest.devices.changes import Command

Tables = Mapping[str, Mapping[str, Mapping[str, str]]]
Pair = tuple[str, str, str | None]
"""Place, expected, got."""
PROFILE = "AZURE_LOSSLESS"
MAP = "AZURE"


class SonicTablesReader:
    """Reads the configuration database."""

    def questions(self, rendering: Rendering) -> tuple[Command, ...]:
        """The one command that prints the database."""
        return ((str(rendering.style.ask),),)

    def findings(self, rendering: Rendering, answers: Answers) -> Iterable[Finding]:
        """One finding an aspect and port or entry."""
        tables = _tables(answers[self.questions(rendering)[0]])
        for part in rendering.parts:
            if tables is None:
                why = f"`{rendering.style.ask}` printed no JSON"
                yield Finding(aspect=part.aspect, place="switch", expected="as rendered", got=None, why=why)
                continue
            for place, expected, got in READERS[part.aspect](rendering, tables):
                why = "" if got is not None else "the database has no such entry"
                yield Finding(aspect=part.aspect, place=place, expected=expected, got=got, why=why)


def _tables(text: str | None) -> Tables | None:
    try:
        tables = json.loads(text or "")
    except ValueError:
        return None
    return tables if isinstance(tables, dict) else None


def _value(tables: Tables, table: str, key: str, field: str) -> str | None:
    value = tables.get(table, {}).get(key, {}).get(field)
    return value if value is None else str(value)


def _queue(tables: Tables, port: str, priority: int, field: str) -> str | None:
    """A setting of a queue, whose key may name a range: ``Ethernet0|3-4``."""
    for key in tables.get("QUEUE", {}):
        where, _, numbers = key.rpartition("|")
        first, _, last = numbers.partition("-")
        if where == port and numbers and int(first) <= priority <= int(last or first):
            return _value(tables, "QUEUE", key, field)
    return None


def _of_port(rendering: Rendering, field: str, expected: str, tables: Tables) -> Iterator[Pair]:
    for port in rendering.target.ports:
        yield port, f"{field} {expected}", _named(field, _value(tables, "PORT", port, field))


def _named(name: str, value: str | None) -> str | None:
    return None if value is None else f"{name} {value}"


def _mtu(rendering: Rendering, tables: Tables) -> Iterator[Pair]:
    yield from _of_port(rendering, "mtu", str(_ports(rendering).mtu_bytes), tables)


def _admin(rendering: Rendering, tables: Tables) -> Iterator[Pair]:
    yield from _of_port(rendering, "admin_status", str(_ports(rendering).admin), tables)


def _breakout(rendering: Rendering, tables: Tables) -> Iterator[Pair]:
    breakout = _ports(rendering).breakout
    assert breakout is not None
    for port in rendering.target.ports:
        mode = _value(tables, "BREAKOUT_CFG", port, "brkout_mode")
        yield port, f"{breakout.lanes}x{breakout.speed}", mode.partition("[")[0] if mode else None


def _scheduling(rendering: Rendering, tables: Tables) -> Iterator[Pair]:
    scheduling = _lossless(rendering).scheduling
    assert scheduling is not None
    wanted = {priority: f"DWRR {weight}" for priority, weight in scheduling.weights_percent.items()}
    wanted |= dict.fromkeys(scheduling.strict, "STRICT")
    for port in rendering.target.ports:
        for priority, expected in wanted.items():
            scheduler = _queue(tables, port, priority, "scheduler")
            yield f"{port} queue {priority}", expected, _scheduler(tables, scheduler)


def _scheduler(tables: Tables, name: str | None) -> str | None:
    if name is None:
        return None
    kind, weight = _value(tables, "SCHEDULER", name, "type"), _value(tables, "SCHEDULER", name, "weight")
    return kind if kind in (None, "STRICT") else f"{kind} {weight}"


def _classification(rendering: Rendering, tables: Tables) -> Iterator[Pair]:
    classification = _lossless(rendering).classification
    assert classification is not None
    for dscp, priority in classification.dscp.items():
        got = _value(tables, "DSCP_TO_TC_MAP", MAP, str(dscp))
        yield f"DSCP {dscp}", f"priority {priority}", _named("priority", got)
    for port in rendering.target.ports:
        got = _value(tables, "PORT_QOS_MAP", port, "dscp_to_tc_map")
        yield port, f"map {MAP}", _named("map", got)


def _pfc(rendering: Rendering, tables: Tables) -> Iterator[Pair]:
    pfc = _lossless(rendering).pfc
    assert pfc is not None
    expected = ",".join(map(str, sorted(pfc.priorities)))
    for port in rendering.target.ports:
        got = _value(tables, "PORT_QOS_MAP", port, "pfc_enable")
        yield port, f"priorities {expected}", _named("priorities", got)


def _ecn(rendering: Rendering, tables: Tables) -> Iterator[Pair]:
    for curve in _lossless(rendering).ecn:
        for color in ("green", "yellow", "red"):
            names = (f"{color}_min_threshold", f"{color}_max_threshold", f"{color}_drop_probability")
            values = [_value(tables, "WRED_PROFILE", PROFILE, name) for name in names]
            expected = f"{curve.minimum_bytes}-{curve.maximum_bytes} bytes {curve.probability_percent} %"
            got = None if None in values else f"{values[0]}-{values[1]} bytes {values[2]} %"
            yield f"{PROFILE} {color}", expected, got
        for port in rendering.target.ports:
            bound = _queue(tables, port, curve.priority, "wred_profile")
            yield f"{port} queue {curve.priority}", f"profile {PROFILE}", _named("profile", bound)


def _watchdog(rendering: Rendering, tables: Tables) -> Iterator[Pair]:
    watchdog = _lossless(rendering).watchdog
    assert watchdog is not None
    expected = f"{watchdog.action} {watchdog.detection_milliseconds} {watchdog.restoration_milliseconds}"
    for port in rendering.target.ports:
        table = "PFC_WD" if port in tables.get("PFC_WD", {}) else "PFC_WD_TABLE"
        values = [_value(tables, table, port, name) for name in ("action", "detection_time", "restoration_time")]
        yield port, expected, None if None in values else " ".join(map(str, values))


def _lldp(rendering: Rendering, tables: Tables) -> Iterator[Pair]:
    lldp = _ports(rendering).lldp
    assert lldp is not None
    yield "switch", "enabled" if lldp.enabled else "disabled", _value(tables, "FEATURE", "lldp", "state")


def _ports(rendering: Rendering) -> PortProfile:
    return rendering.intent.port or PortProfile()


def _lossless(rendering: Rendering) -> LosslessProfile:
    return rendering.intent.lossless or LosslessProfile()


READERS: Mapping[Aspect, Callable[[Rendering, Tables], Iterator[Pair]]] = {
    Aspect.MTU: _mtu,
    Aspect.ADMIN: _admin,
    Aspect.BREAKOUT: _breakout,
    Aspect.SCHEDULING: _scheduling,
    Aspect.CLASSIFICATION: _classification,
    Aspect.PFC: _pfc,
    Aspect.ECN: _ecn,
    Aspect.WATCHDOG: _watchdog,
    Aspect.LLDP: _lldp,
}
READER = SonicTablesReader()
