"""Train every recipe for real: accuracy, seconds, what is refused, how often it takes over.

    python -m benchmarks.recipes [RECIPE[:SEEDS] …] [--seeds N] [--nondigits STROKES.npz]

Each training runs in a process of its own, as the app's do, seed by seed, so that the recipes have
the same machine. What a recipe reached is kept in benchmarks/results/recipes.json, and for the
Train page in model/training/recipes.json; the others' figures stay as they are, so that the recipes
can be run one at a time. Each is tested on MNIST's 10,000 test digits, where a digit that is
refused counts as wrong, also what learned from more than MNIST; nothing is chosen by them. Letters
and signs that people wrote, of split 1 of STROKES.npz, from which no recipe learns, are what it is
to refuse. It takes over where it reads and refuses no worse than the built-in network.

How much sooner than the Keras tutorial it reads GOAL of MNIST: all seconds of a recipe that reads
so much of the test digits, beside those of the tutorial's epochs until it reads so much of the
validation digits. Where others compute here, too, `--busy` has an image cost what it did when it
was last measured; `--seconds` measures just that, by two epochs of each recipe, and leaves the
rest as it was.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from statistics import mean, median, stdev
from typing import Any, NamedTuple

import numpy as np

from benchmarks import drawings, report
from model.data import datasets
from model.data.npz import Strokes, read_strokes
from model.files import write_json
from model.inference import classifier, metrics
from model.inference.classifier import Classifier
from model.inference.prediction import Outcome, answers
from model.preprocessing.pixels import to_float32
from model.runs.records import EpochRow, RunConfig, RunResult
from model.runs.run import Run
from model.training import estimate, recipes

GOAL = 0.991
RIVAL = "keras-tutorial"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("recipes", nargs="*", metavar="RECIPE", help=", ".join(recipes.RECIPES))
    parser.add_argument("--seeds", type=int, default=1, metavar="N", help="where RECIPE has none")
    parser.add_argument("--nondigits", type=Path, help="letters and signs, as strokes")
    parser.add_argument(
        "--busy",
        action="store_true",
        help="others compute here, too: an image costs what it did when it was last measured",
    )
    parser.add_argument("--seconds", action="store_true", help="what two epochs take, and no more")
    options = parser.parse_args()
    if options.seconds:
        for name in options.recipes or recipes.RECIPES:
            save(timed(name))
        print(as_table())
        return
    letters = read_strokes(options.nondigits) if options.nondigits else None
    seeds = dict(_asked(options.recipes or recipes.RECIPES, options.seeds))
    trainings: dict[str, list[Training]] = {name: [] for name in seeds}
    for seed in range(max(seeds.values())):
        for name in (name for name in seeds if seed < seeds[name]):
            trainings[name].append(trained(name, seed, letters))
            keep(trainings, options.busy)
    print(as_table())


def _asked(names: Iterable[str], seeds: int) -> Iterable[tuple[str, int]]:
    """What is to be trained, and with how many seeds."""
    for asked in names:
        name, _, count = asked.partition(":")
        yield name, int(count or seeds)


class Training(NamedTuple):
    """What one training came to: its figures, how it reads MNIST's test digits, the share of the
    letters that it refuses, and the epoch after which it first read GOAL of the validation digits.
    """

    config: RunConfig
    result: RunResult
    test: dict[str, Any]
    refused: float | None
    goal_epoch: int | None


def trained(name: str, seed: int, letters: Strokes | None) -> Training:
    """A training in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        return finished(_run(folder, "--recipe", name, "--seed", str(seed)), letters)


def timed(name: str) -> dict[str, dict[str, Any]]:
    """What was measured of a recipe before, with the seconds that two epochs take now."""
    known = (report.load("recipes") or {}).get("recipes", {})
    with tempfile.TemporaryDirectory() as folder:
        run = _run(folder, "--recipe", name, "--epochs", "2")
        config, result = run.config, run.result
        assert result
    image = estimate.seconds_per_image(result.seconds_per_epoch, config.images or 0)
    new = {"images": config.images, "policy": config.policy, "epochs": recipes.get(name).epochs}
    return {name: with_seconds({**known.get(name, {}), **new}, image)}


def _run(folder: str, *options: str) -> Run:
    """A training in a process of its own, whose start is left out of the seconds."""
    run = Run(Path(folder) / "run")
    home = {"INKLING_HOME": str(Path(folder) / "home")}  # where the built-in network answers
    subprocess.run(
        [sys.executable, "-m", "model", "train", *options, "--out", str(run.folder)],
        check=True,
        env=os.environ | home,
    )
    assert run.result, f"{run.folder} has not finished"
    return run


def finished(run: Run, letters: Strokes | None) -> Training:
    result = run.result
    assert result
    reader = classifier.load(run.model_path)
    return Training(
        run.config,
        result,
        tested(reader),
        refused_share(reader, letters) if letters else None,
        until(GOAL, run.snapshot().history),
    )


def tested(reader: Classifier) -> dict[str, Any]:
    """How MNIST's test digits are read, one that is refused being wrong; and their loss."""
    test = datasets.load_test("mnist")
    rows = reader.probabilities(to_float32(test.images))
    right = answers(rows) == test.labels
    return {
        "accuracy": float(right.mean()),
        "interval": metrics.wilson_interval(int(right.sum()), len(right)),
        "loss": metrics.evaluate(rows, test.labels).loss,
    }


def refused_share(reader: Classifier, letters: Strokes) -> float:
    """The share of the letters of split 1 that is not answered."""
    read = drawings.by_path(reader, letters, 1, are_digits=False)
    return float((read.outcomes != Outcome.DIGIT).mean())


def until(accuracy: float, history: Iterable[EpochRow]) -> int | None:
    """The epoch after which so many of the validation digits were read first; None: never."""
    return next((row.epoch for row in history if row.val_accuracy >= accuracy), None)


def keep(trainings: dict[str, list[Training]], busy: bool) -> None:
    """Write down what there is so far."""
    new = {name: summary(runs) for name, runs in trainings.items() if runs}
    before = (report.load("recipes") or {}).get("recipes", {})
    if busy:
        new = {name: undisturbed(figures, before.get(name)) for name, figures in new.items()}
    save(new, busy)


def save(new: dict[str, dict[str, Any]], busy: bool = False) -> None:
    """Write down the figures of some recipes; those of the others stay as they are, and the machine
    whose seconds they have, where these are not of now."""
    kept = report.load("recipes") or {}
    figures = {**kept.get("recipes", {}), **new}
    machine = {"machine": kept["machine"]} if busy and kept else {}
    report.save("recipes", {**machine, "recipes": figures})
    write_json(recipes.REFERENCES, references(figures))


def undisturbed(figures: dict[str, Any], before: dict[str, Any] | None) -> dict[str, Any]:
    """The figures with the seconds that so many images took before, if that is known."""
    if before is None:
        return figures
    image = estimate.seconds_per_image(before["seconds_per_epoch"], before["images"])
    return with_seconds(figures, image)


def with_seconds(figures: dict[str, Any], image: float) -> dict[str, Any]:
    """The figures with what they took where an image takes so many seconds."""
    epoch = image / estimate.seconds_per_image(1, figures["images"])
    return {**figures, "seconds_per_epoch": epoch, "seconds": epoch * figures["epochs"]}


def summary(runs: list[Training]) -> dict[str, Any]:
    """The mean over the seeds with its interval, of one seed the test digits' interval."""
    first, results = runs[0], [run.result for run in runs]
    refused = [run.refused for run in runs if run.refused is not None]
    accuracies = [run.test["accuracy"] for run in runs]
    return {
        "seeds": len(runs),
        "accuracy": mean(accuracies),
        "spread": margin(accuracies) if len(runs) > 1 else None,
        "interval": first.test["interval"],
        "loss": mean(run.test["loss"] for run in runs),
        "refused": mean(refused) if refused else None,
        "least_refused": min(refused, default=None),
        "took_over": sum(bool(r.promotion and r.promotion.passed) for r in results),
        "goal_epoch": first.goal_epoch,
        "seconds": median(result.seconds for result in results),
        "seconds_per_epoch": median(result.seconds_per_epoch for result in results),
        "epochs": first.config.recipe.epochs,
        "parameters": first.result.parameters,
        "data": first.config.data,
        "images": first.config.images,
        "fingerprint": first.config.fingerprint,
        "policy": first.config.policy,
    }


def margin(values: list[float]) -> float:
    """How far the mean of some seeds may be off, 95 % (Student's t)."""
    from scipy.stats import t

    return float(t.ppf(0.975, len(values) - 1) * stdev(values) / np.sqrt(len(values)))


def references(figures: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """What `recipes.reference` says of each recipe."""
    return {
        name: {
            "accuracy": of_it["accuracy"],
            "seconds_per_image": estimate.seconds_per_image(
                of_it["seconds_per_epoch"], of_it["images"]
            ),
            "trainings": of_it["seeds"] if "took_over" in of_it else 0,
            "took_over": of_it.get("took_over", 0),
        }
        for name in recipes.RECIPES
        if (of_it := figures.get(name))
    }


def as_table() -> str:
    kept = (report.load("recipes") or {}).get("recipes", {})
    rows = [_row(name, kept) for name in recipes.RECIPES if name in kept]
    head = [
        "recipe",
        "test accuracy (95 % interval)",
        "loss",
        "epochs",
        "training",
        f"{100 * GOAL:.1f} % sooner than `{RIVAL}`",
        "letters refused",
        "took over",
        "parameters",
    ]
    return report.table(head, rows)


def times_sooner(name: str, kept: dict[str, Any]) -> float | None:
    """How many times sooner than the tutorial a recipe reads GOAL; None where it does not, and for
    the tutorial itself."""
    figures, rival = kept[name], kept.get(RIVAL, {})
    if name == RIVAL or figures["accuracy"] < GOAL or not rival.get("goal_epoch"):
        return None
    return float(rival["goal_epoch"] * rival["seconds_per_epoch"] / figures["seconds"])


def _row(name: str, kept: dict[str, Any]) -> list[str]:
    figures = kept[name]
    accuracy = (
        f"{report.percent(figures['accuracy'])} ± {100 * figures['spread']:.2f} "
        f"(mean of {figures['seeds']} seeds)"
        if figures["spread"] is not None
        else report.with_interval(figures["accuracy"], figures["interval"])
    )
    refused, took_over = figures.get("refused"), figures.get("took_over")
    return [
        f"`{name}`",
        accuracy,
        f"{figures['loss']:.4f}",
        f"{figures['epochs']} × {figures['seconds_per_epoch']:.1f} s",
        f"{figures['seconds']:.0f} s",
        f"{sooner:.0f} ×" if (sooner := times_sooner(name, kept)) else "",
        "" if refused is None else report.percent(refused, 1),
        "" if took_over is None else f"{took_over} of {figures['seeds']}",
        f"{figures['parameters']:,}",
    ]


if __name__ == "__main__":
    main()
