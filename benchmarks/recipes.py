"""Train every recipe for real: accuracy, loss, seconds an epoch, parameters.

    python -m benchmarks.recipes [RECIPE …] [--seeds N]

Each training runs in a process of its own, as the app's do. What a recipe reached is kept in
benchmarks/results/recipes.json, and for the Train page in model/training/recipes.json;
the others' figures stay as they are, so that the recipes can be run one at a time. Each is tested
on MNIST's 10,000 test digits, also what learned from more than MNIST; nothing is chosen by them.
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import mean, median, stdev
from typing import Any, NamedTuple

from benchmarks import report
from benchmarks.ship import measured
from model.files import write_json
from model.inference import classifier
from model.runs.records import RunConfig, RunResult
from model.runs.run import Run
from model.training import estimate, recipes


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("recipes", nargs="*", metavar="RECIPE", help=", ".join(recipes.RECIPES))
    parser.add_argument("--seeds", type=int, default=1, metavar="N")
    options = parser.parse_args()
    for name in options.recipes or recipes.RECIPES:
        results = [trained(name, seed) for seed in range(options.seeds)]
        kept = report.load("recipes") or {}
        figures = {**kept.get("recipes", {}), name: summary(results)}
        report.save("recipes", {"recipes": figures})
        write_json(recipes.REFERENCES, references(figures))
    print(as_table())


class Training(NamedTuple):
    """What one training came to: its figures, and how it reads MNIST's test digits."""

    config: RunConfig
    result: RunResult
    test: dict[str, Any]


def trained(name: str, seed: int) -> Training:
    """A training in a process of its own, whose start is left out of the seconds."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "run"
        command = [sys.executable, "-m", "model", "train", "--recipe", name]
        subprocess.run([*command, "--seed", str(seed), "--out", str(out)], check=True)
        return finished(out)


def finished(folder: Path) -> Training:
    run = Run(folder)
    result = run.result
    assert result, f"{folder} has not finished"
    return Training(run.config, result, measured(classifier.load(run.model_path), "mnist"))


def summary(runs: list[Training]) -> dict[str, Any]:
    """The mean over the seeds, and the first seed's interval."""
    first, results = runs[0], [run.result for run in runs]
    accuracies = [run.test["accuracy"] for run in runs]
    return {
        "seeds": len(runs),
        "accuracy": mean(accuracies),
        "spread": stdev(accuracies) if len(runs) > 1 else None,
        "interval": first.test["interval"],
        "loss": mean(run.test["loss"] for run in runs),
        "seconds": median(result.seconds for result in results),
        "seconds_per_epoch": median(result.seconds_per_epoch for result in results),
        "epochs": first.config.recipe.epochs,
        "parameters": first.result.parameters,
        "data": first.config.data,
        "images": first.config.images,
        "fingerprint": first.config.fingerprint,
        "policy": first.config.policy,
    }


def references(figures: dict[str, Any]) -> dict[str, dict[str, float]]:
    """What `recipes.reference` says of each recipe."""
    return {
        name: {
            "accuracy": of_it["accuracy"],
            "seconds_per_image": estimate.seconds_per_image(
                of_it["seconds_per_epoch"], of_it["images"]
            ),
        }
        for name in recipes.RECIPES
        if (of_it := figures.get(name))
    }


def as_table() -> str:
    kept = (report.load("recipes") or {}).get("recipes", {})
    rows = []
    for name in recipes.RECIPES:
        if name not in kept:
            continue
        figures = kept[name]
        accuracy = (
            f"{report.percent(figures['accuracy'])} ± {100 * figures['spread']:.2f} "
            f"(mean of {figures['seeds']} seeds)"
            if figures["spread"] is not None
            else report.with_interval(figures["accuracy"], figures["interval"])
        )
        rows.append(
            [
                f"`{name}`",
                accuracy,
                f"{figures['loss']:.4f}",
                f"{figures['epochs']} × {figures['seconds_per_epoch']:.1f} s",
                f"{figures['seconds']:.0f} s",
                f"{figures['parameters']:,}",
            ]
        )
    head = ["recipe", "test accuracy (95 % interval)", "loss", "epochs", "training", "parameters"]
    return report.table(head, rows)


if __name__ == "__main__":
    main()
