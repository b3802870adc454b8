"""How often a visitor, and an address, may do something within an hour, where a host limits it."""

from enum import Enum
from functools import cache

from model.errors import InklingError
from model.limits import Uses
from model.settings import Limits, Most
from ui.common import formatting, permissions


class Kind(Enum):
    """What is limited: how it is called, and the setting's name."""

    STROKES = "reading"
    UPLOADS = "upload"
    SAVED = "saved drawing"
    TRAININGS = "training"


def spend(kind: Kind) -> None:
    """Note that this visitor does it once more. Raises InklingError where that is too often."""
    most: Most | None = getattr(Limits.read(permissions.secrets()), kind.name.lower())
    if most is None:
        return
    session, address = permissions.names()
    if wait := _uses(kind).spend({session: most.visitor, address: most.address}):
        raise InklingError(
            "This server takes {uses} an hour from one "
            "visitor, and {address:,} from one address: go on in {wait}.",
            uses=formatting.count(most.visitor, kind.value),
            address=most.address,
            wait=formatting.duration(wait),
        )


@cache
def _uses(kind: Kind) -> Uses:
    """This server's; not in Streamlit's cache, which any visitor's message may clear."""
    return Uses()
