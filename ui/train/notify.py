"""A visitor's browser tells when the run that is watched has ended, also in another tab."""

from model.language import _
from model.runs.snapshot import Snapshot
from ui.common import formatting
from ui.common.component import Component

_notify = Component("notify", "train/notify.html")


def show(now: Snapshot) -> None:
    """The button while it runs; the browser's notification, if that was asked for, once it does
    not any more."""
    told = formatting.capitalized(f"{_(now.state)}.")
    if now.result:
        accuracy = formatting.percent(now.result.test.accuracy)
        told += " " + _("{accuracy} of the test digits read right.", accuracy=accuracy)
    _notify(
        key="notify",
        data={
            "run": now.run.id,
            "running": now.is_running,
            "title": formatting.title(now.run),
            "text": told,
        },
    )
