"""Short texts about devices and links for tables and drawings."""

from plugfest.inventory.models import Bastion, Device, Host, Link, Switch


def device_lines(name: str, device: Device) -> list[str]:
    """The name, then what the device is made of, one fact a line."""
    match device:
        case Switch():
            return [name, f"{device.vendor} {device.model}", device.chip, device.nos]
        case Host():
            return [name, *equipment(device)]
        case Bastion():
            return [name, "bastion (jump host)"]
    return [name, device.role]


def equipment(host: Host) -> list[str]:
    """Accelerators and NICs of a host, one kind a line."""
    accelerators = [f"{each.count} × {each.vendor} {each.model}" for each in host.accelerators]
    nics = dict.fromkeys(f"{nic.vendor} {nic.model}" for nic in host.nics)
    return accelerators + [_counted(host, nic) for nic in nics]


def _counted(host: Host, nic: str) -> str:
    count = sum(f"{each.vendor} {each.model}" == nic for each in host.nics)
    return nic if count == 1 else f"{count} × {nic}"


def link_text(link: Link) -> str:
    """Speed and media, as far as they are known; the speed once only."""
    speed = "" if link.media and link.speed and link.media.startswith(link.speed) else link.speed
    return " ".join(part for part in (speed, link.media) if part)


def port_text(link: Link) -> tuple[str, str, str]:
    """The texts along a cable: port at the one end, speed and media, port at the other end."""
    return link.a.port, link_text(link), link.b.port
