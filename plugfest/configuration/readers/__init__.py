"""Reading a configuration back: what to ask of each kind of switch, and what its answers say about an intent."""

from importlib import import_module
from typing import cast

from plugfest.configuration.readers.finding import ConfigurationReader

MODULES = {
    "lines": "configuration_lines",
    "set commands": "set_commands",
    "SONiC tables": "sonic_tables",
    "Linux": "linux_state",
}


def reader_called(name: str) -> ConfigurationReader:
    """The reader a `plugfest.configuration.dialects.Style` names."""
    return cast(ConfigurationReader, import_module(f"plugfest.configuration.readers.{MODULES[name]}").READER)
