"""Group defaults: what a device entry leaves out comes from its group.

A device's own keys win.  Mappings (``ports``, ``ssh``, a single port) merge key by key, at every depth; anything else,
lists included, replaces the group's value as a whole.
"""

from collections.abc import Iterator

from plugfest.inventory.problems import Problem, shown_value
from plugfest.inventory.tree import Entry


def merge_groups(lab: Entry) -> tuple[Entry, list[Problem]]:
    """`lab` without its ``groups``, every device filled from its group; and each mistake in how groups are used."""
    groups = lab.keys.get("groups", Entry({}, lab.line, "groups"))
    problems = list(_group_problems(groups))
    devices = lab.keys.get("devices")
    rest = {key: entry for key, entry in lab.keys.items() if key != "groups"}
    if devices is not None and isinstance(devices.value, dict):
        filled = {name: _filled(device, groups, problems) for name, device in devices.keys.items()}
        rest["devices"] = Entry(filled, devices.line, devices.where)
    return Entry(rest, lab.line, lab.where), problems


def _filled(device: Entry, groups: Entry, problems: list[Problem]) -> Entry:
    reference = device.keys.get("group")
    if reference is None or not isinstance(reference.value, str):
        return device
    group = groups.keys.get(reference.value)
    if group is None:
        known = ", ".join(groups.keys) or "none"
        problems.append(
            Problem(
                reference.line,
                reference.where,
                f"expected a group of this file ({known}), found {shown_value(reference.value)}"
                " – define it under groups or correct the name",
            )
        )
        return device
    return _merged(group, device)


def _merged(default: Entry, own: Entry) -> Entry:
    if not (isinstance(default.value, dict) and isinstance(own.value, dict)):
        return own
    keys = {**default.keys, **own.keys}
    both = default.keys.keys() & own.keys.keys()
    merged = {key: _merged(default.keys[key], entry) if key in both else entry for key, entry in keys.items()}
    return Entry(merged, own.line, own.where)


def _group_problems(groups: Entry) -> Iterator[Problem]:
    if not isinstance(groups.value, dict):
        yield Problem(
            groups.line,
            groups.where,
            f"expected a mapping of groups by name, found {shown_value(groups.value)} – write NAME: {{KEY: VALUE}}",
        )
    for group in groups.keys.values():
        if not isinstance(group.value, dict):
            yield Problem(
                group.line,
                group.where,
                f"expected a mapping of defaults, found {shown_value(group.value)}"
                " – write KEY: VALUE lines below the group's name",
            )
        for nested in [group.keys[key] for key in ("group",) if key in group.keys]:
            yield Problem(
                nested.line,
                nested.where,
                "expected defaults only, found a group in a group – groups do not nest; name one group in each device",
            )
