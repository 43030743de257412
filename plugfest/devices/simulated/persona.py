"""How each dialect's command line looks to the person who types: prompts, modes, confirmations, refusals."""

from collections.abc import Mapping
from dataclasses import dataclass, field

USER, CONFIG = "user", "config"


@dataclass(frozen=True)
class Persona:
    """One kind of command line.  `{name}` in a prompt is the host name."""

    prompts: Mapping[str, str]
    """Prompt by mode."""
    moves: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """Commands that change the mode: new mode and what is printed."""
    accepted: Mapping[str, str] = field(default_factory=dict)
    """Commands of the session itself and what they print."""
    refusal: str = "% Invalid input detected at '^' marker.\n"
    pager: str = "--More--"
    """What the pager prints when it waits for a key; empty: there is no pager."""
    password_change: str = ""
    """Question after login; any answer but y goes on."""
    commit: str = ""
    """Command that makes the candidate configuration active; empty: lines take effect at once."""


def _cisco_like(**more: object) -> Persona:
    return Persona(
        prompts={USER: "{name}#", CONFIG: "{name}(config)#"},
        moves={"configure terminal": (CONFIG, ""), "end": (USER, ""), "enable": (USER, "")},
        accepted={
            "terminal length 0": "Pagination disabled.\n",
            "terminal width 511": "Width set to 511 columns.\n",
            "terminal width 256": "",
        },
        **more,  # type: ignore[arg-type]  # only the fields above, with their types
    )


_SHELL_REFUSAL = "-bash: command not found\n"

PERSONAS: Mapping[str, Persona] = {
    "sonic": Persona(prompts={USER: "admin@{name}:~$ "}, refusal=_SHELL_REFUSAL, pager=""),
    "cumulus_nvue": Persona(prompts={USER: "cumulus@{name}:mgmt:~$ "}, refusal="Error: Invalid Command\n", pager=""),
    "huawei_vrp": Persona(
        prompts={USER: "<{name}>", CONFIG: "[~{name}]"},
        moves={
            "system-view": (CONFIG, "Enter system view, return user view with return command.\n"),
            "return": (USER, ""),
        },
        accepted={
            "screen-length 0 temporary": "Info: The configuration takes effect on the current user terminal interface "
            "only.\n"
        },
        refusal="          ^\nError: Unrecognized command found at '^' position.\n",
        pager="  ---- More ----",
        password_change="Warning: The initial password poses security risks.\nChange now? [Y/N]:",
        commit="commit",
    ),
    "h3c_comware": Persona(
        prompts={USER: "<{name}>", CONFIG: "[{name}]"},
        moves={
            "system-view": (CONFIG, "System View: return to User View with Ctrl+Z.\n"),
            "return": (USER, ""),
        },
        accepted={"screen-length disable": ""},
        refusal="          ^\n % Unrecognized command found at '^' position.\n",
        pager="---- More ----",
    ),
    "arista_eos": _cisco_like(refusal="% Invalid input\n"),
    "cisco_nxos": _cisco_like(refusal="            ^\n% Invalid command at '^' marker.\n"),
    "ruijie_rgos": _cisco_like(password_change="Do you want to change the password? [Y/N]: "),
    "zte_zxros": _cisco_like(refusal="              ^\n%Error 20203: Unrecognized command.\n"),
    "asternos": Persona(prompts={USER: "admin@{name}:~$ "}, refusal=_SHELL_REFUSAL, pager=""),
    "centec": _cisco_like(),
}
"""By dialect name; the first prompt is the one after login."""
