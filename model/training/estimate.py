"""How long a recipe takes on this machine: by earlier runs of it, else by a short warm-up."""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from statistics import median
from typing import Any

from model.files import read_json, write_json
from model.inference.backend import start_keras
from model.runs import registry
from model.runs.run import Run, computer
from model.settings import home
from model.training import recipes
from model.training.jobs import be_nice, child_environment, current
from model.training.recipes import Recipe

_RUNS = 5  # the last so many runs of a recipe tell its speed
_PAUSE = 300  # seconds before a warm-up that did not get to its end is tried again
_ENOUGH = 5_000  # images; an epoch of fewer says little of an image's share in it
# Reading an image takes a third of learning from it: forwards, not backwards and onto the weights.
_VALIDATION = 5_000 / 3  # an epoch's, in images learned from
_EVALUATION = 40_000 / 3  # at the end: validation, test and gate, for two models


def expected_seconds(recipe: Recipe, images: int = 55_000) -> float | None:
    """How long `recipe` will take to learn from `images` digits, from the click to the result;
    None while nothing is known of it, and then `measure` helps."""
    rate = _rate_of_runs(recipe) or _measured().get(_key(recipe))
    if rate is None:
        return None
    return rate["start"] + recipe.epochs * (images + _VALIDATION) * rate["image"]


def measure() -> None:
    """Have the speed of each recipe of which nothing is known measured, in the background and in
    a process of its own, if no training is on; returns at once."""
    if not _unknown() or current():
        return
    lock = _begin()
    if lock is None:
        return
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "model.training.estimate"],
        env=child_environment(),
        pass_fds=[lock],  # kept for as long as it measures
        start_new_session=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(lock)
    threading.Thread(target=process.wait, daemon=True).start()


def _unknown() -> list[Recipe]:
    return [recipe for recipe in recipes.RECIPES.values() if expected_seconds(recipe) is None]


def _rate_of_runs(recipe: Recipe) -> dict[str, float] | None:
    """Seconds an image and before the first, of the last runs of `recipe` on this machine."""
    rates = [rate for run in registry.all_runs() if (rate := _rate_of(run, recipe))][:_RUNS]
    if not rates:
        return None
    return {name: median(rate[name] for rate in rates) for name in ("image", "start")}


def _rate_of(run: Run, recipe: Recipe) -> dict[str, float] | None:
    config, result = run.config, run.result
    if not result or config.get("computer") != computer():
        return None
    if _key_of(config["recipe"]) != _key(recipe):
        return None
    try:
        if config["images"] < _ENOUGH:
            return None
        image = result["seconds_per_epoch"] / (config["images"] + _VALIDATION)
        return {"image": float(image), "start": float(result["overhead"])}
    except (KeyError, TypeError):
        return None


def _key(recipe: Recipe) -> str:
    return _key_of(recipe.as_dict())


def _key_of(recipe: dict[str, Any]) -> str:
    """All of a recipe that an image's share of the time depends on."""
    names = ("network", "optimizer", "batch_size", "augmentation")
    return json.dumps([recipe.get(name) for name in names])


# ---------------------------------------------------------------- the warm-up


def _path() -> Path:
    return home() / "speed.json"


def _measured() -> dict[str, dict[str, float]]:
    """What the warm-up measured on this machine, by `_key`."""
    known = read_json(_path()) or {}
    rates = known.get("rates")
    return rates if isinstance(rates, dict) and known.get("computer") == computer() else {}


def _begin() -> int | None:
    """A lock on measuring; None where another has it, or one that failed had it just now, or the
    figures could not be kept."""
    path = home() / ".measuring"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and time.time() < path.stat().st_mtime + _PAUSE:
            return None
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        return None
    os.utime(path)
    return handle


def _main() -> None:
    """Measure what isn't known, one recipe after the other, until somebody trains."""
    be_nice()
    began = time.perf_counter()
    start_keras()
    from model.training import trainer

    loading = time.perf_counter() - began
    for recipe in _unknown():
        if current():
            return
        first, image = trainer.measure(recipe)
        start = loading + first + _EVALUATION * image
        rates = {**_measured(), _key(recipe): {"image": image, "start": start}}
        write_json(_path(), {"computer": computer(), "rates": rates})


if __name__ == "__main__":
    _main()
