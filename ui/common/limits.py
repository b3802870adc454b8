"""How often a visitor, and an address, may do something within an hour, where a host limits it."""

from enum import Enum
from functools import cache

from model.errors import InklingError
from model.limits import Uses
from model.settings import Limits, Most
from ui.common import counts, formatting, permissions, secrets, visitor


class Kind(Enum):
    """What is limited: how it is called, and the setting's name."""

    STROKES = "reading"
    UPLOADS = "upload"
    SAVED = "saved drawing"
    TRAININGS = "training"


def spend(kind: Kind) -> None:
    """Note that this visitor does it once more. Raises InklingError where that is too often."""
    most: Most | None = getattr(Limits.read(secrets.read()), kind.name.lower())
    if most is None:
        return
    _, address = permissions.names()
    mine = {f"visitor {visitor.current().id}": most.visitor, address: most.address}
    if wait := _uses(kind).spend(mine):
        raise InklingError(
            "This server takes {uses} an hour from one "
            "visitor, and {address:,} from one address: go on in {wait}.",
            uses=formatting.count(most.visitor, kind.value),
            address=most.address,
            wait=formatting.duration(wait),
        )


@cache
def _uses(kind: Kind) -> Uses:
    return Uses(kind.value, counts.shared())
