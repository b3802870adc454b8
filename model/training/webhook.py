"""A note to the host's own address when a run ends: JSON, sent by POST.

Run by the supervisor once all is written; whether it arrives changes nothing of the run.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen

from model.errors import InklingError
from model.runs import registry
from model.runs.run import Run
from model.settings import Notifications

_PATIENCE = 10  # seconds


def send(run: Run) -> None:
    """Tell INKLING_WEBHOOK how `run` ended, if it is set. Raises InklingError where that fails; it
    does not say to which address, as that may hold a password."""
    address = Notifications.read().webhook.get_secret_value().strip()
    if not address:
        return
    if not address.startswith(("https://", "http://")):
        raise InklingError(
            "INKLING_WEBHOOK is no address to send a note to; wanted: one that begins with "
            "https:// or http://."
        )
    request = Request(
        address,
        json.dumps(note(run)).encode(),
        {"Content-Type": "application/json", "User-Agent": "Inkling"},
        method="POST",
    )
    try:
        with urlopen(request, timeout=_PATIENCE):
            pass
    except (URLError, OSError, ValueError) as error:
        reason = getattr(error, "reason", None) or type(error).__name__
        raise InklingError(
            "The note to INKLING_WEBHOOK was not taken ({reason}); wanted: an address that "
            "answers to a POST of JSON.",
            reason=reason,
        ) from None


def note(run: Run) -> dict[str, Any]:
    """What is told of a run that has ended; `text` is what chats show."""
    now = run.snapshot()
    title = run.about.name or f"{now.config.recipe.title} on {now.config.data}"
    accuracy = now.result.test.accuracy if now.result else None
    told = f": {accuracy:.2%} of the test digits read right" if accuracy is not None else ""
    return {
        "text": f"{title} {now.state}{told}.{f' {now.reason}' if now.reason else ''}",
        "run": run.id,
        "name": title,
        "state": str(now.state),
        "reason": now.reason,
        "accuracy": accuracy,
        "seconds": now.seconds,
        "in_use": registry.in_use().run == run,
    }


if __name__ == "__main__":
    try:
        send(Run(Path(sys.argv[1])))
    except InklingError as error:
        sys.exit(str(error))
