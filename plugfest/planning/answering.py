"""Which devices of a lab can be asked a question, by the lab file and the dialects: no device is asked."""

from plugfest.devices.dialects.reading import Question
from plugfest.inventory.models import Host, Lab, Switch

LINUX = frozenset(
    {
        Question.VERSION,
        Question.INTERFACES,
        Question.INTERFACE_COUNTERS,
        Question.CARRIER_CHANGES,
        Question.LLDP,
        Question.ROUTES,
    }
)
"""What every Linux machine answers; FRR adds the sessions."""
LINUX_DIALECT = "frr_linux"


def can_answer(lab: Lab, name: str, question: Question) -> bool:
    """True if a driver of plugfest can put `question` to the device called `name`."""
    device = lab.device(name)
    if isinstance(device, Host):
        return question in LINUX
    if not isinstance(device, Switch):
        return False
    if device.dialect == LINUX_DIALECT:
        return question in LINUX | {Question.BGP, Question.QUEUE_COUNTERS}
    from plugfest.devices.dialects import registry

    return bool(registry.dialect(device.dialect).answering(question))


def why_silent(lab: Lab, name: str, question: Question) -> str:
    """The reason to give where `can_answer` says no."""
    device = lab.device(name)
    what = device.dialect if isinstance(device, Switch) else device.role
    return f"{name} ({what}) cannot be asked for: {question.value}"
