"""States of BGP sessions as summaries print them (RFC 4271, 8.2.2)."""

import re

from plugfest.devices.dialects import values
from plugfest.devices.records import BgpState

NAMES = {state.value.lower(): state for state in BgpState} | {"estab": BgpState.ESTABLISHED, "shut": BgpState.IDLE}


def state(text: str) -> BgpState:
    """A state by name, shortened as switches do (`Estab`), a reason in brackets ignored: ``Idle (Admin)``."""
    word = re.sub(r"\s*\((?:Admin|PfxCt|NoIf|No[ -]?\w*|Passive|Policy|[\w ]+)\)$", "", text.strip())
    try:
        return NAMES[word.replace("_", "").lower()]
    except KeyError:
        raise ValueError(f"{text.strip()!r} is not a BGP state") from None


def state_or_prefixes(text: str) -> tuple[BgpState, int | None]:
    """The column `State/PfxRcd`: a number means that the session is established, a name that it is not."""
    if re.match(r"\d", text.strip()):
        return BgpState.ESTABLISHED, values.count(text)
    return state(text), None
