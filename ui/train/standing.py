"""Who leads a race: in words, after as many epochs and after as many seconds of training."""

from collections.abc import Sequence

from model.language import _, ngettext
from model.runs.snapshot import Snapshot
from ui.common import formatting


def sentences(one: Snapshot, other: Snapshot, names: Sequence[str]) -> list[str]:
    """Who leads: after as many epochs, and after as many seconds of training."""
    epochs = min(len(one.history), len(other.history))
    if not epochs:
        return []
    said = [
        _leader(
            names,
            [both.history[epochs - 1].val_accuracy for both in (one, other)],
            ngettext("after {n} epoch each", "after {n} epochs each", epochs),
        )
    ]
    seconds = min(one.seconds, other.seconds)
    reached = [_accuracy_after(both, seconds) for both in (one, other)]
    if None not in reached:
        said.append(
            _leader(
                names,
                [share for share in reached if share is not None],
                _("after {time} of training each", time=formatting.duration(seconds)),
            )
        )
    return said


def _accuracy_after(now: Snapshot, seconds: float) -> float | None:
    """On the validation digits, by the last epoch that had ended after so many seconds of
    training; None where none had."""
    reached, passed = None, 0.0
    for row in now.history:
        passed += row.seconds
        if passed > seconds + 1e-6:
            break
        reached = row.val_accuracy
    return reached


def _leader(names: Sequence[str], shares: list[float], when: str) -> str:
    high, low = max(shares), min(shares)
    if high == low:
        return _(
            "They are level {when}: {share} of the validation digits.",
            when=when,
            share=formatting.percent(high),
        )
    ahead = names[shares.index(high)]
    return _(
        "{name} leads {when}: {high} of the validation digits, to {low}.",
        name=ahead,
        when=when,
        high=formatting.percent(high),
        low=formatting.percent(low),
    )
