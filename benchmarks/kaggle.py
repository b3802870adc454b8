"""The Kaggle round trip: train.csv → a run → submission.csv, by the command line, and its score.

    python -m benchmarks.kaggle [--recipe NAME] [--epochs N]

MNIST's 70,000 digits are dealt into a train.csv of 42,000 and a test.csv of 28,000, as many as
Kaggle's digit-recognizer has. The recipe is trained on the one, the run reads the other, and its
submission is scored by the labels that test.csv does not have, as Kaggle would. The run's curves
are kept beside the figures.
"""

import argparse
import csv
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import report
from model.data import datasets
from model.data.kaggle import to_csv
from model.data.samples import LabelledSamples, Samples
from model.files import write_whole
from model.inference import metrics
from model.runs.run import Run
from model.training import plots, recipes

TRAIN = 42_000
SEED = 42
FIGURES = ("loss", "accuracy")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--recipe", default="kaggle-tutorial", choices=recipes.RECIPES)
    parser.add_argument("--epochs", type=int, help="else the recipe's own")
    options = parser.parse_args()
    train, test = dealt()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        write_whole(home / "train.csv", to_csv(train))
        write_whole(home / "test.csv", to_csv(Samples(test.images, None)))
        run = Run(home / "run")
        epochs = ["--epochs", str(options.epochs)] if options.epochs else []
        model("train", "--recipe", options.recipe, "--data", home / "train.csv", *epochs,
              "--out", run.folder)  # fmt: skip
        model("submit", "--model", run.folder, home / "test.csv", "-o", home / "submission.csv")
        answers = submitted(home / "submission.csv")
        keep(options.recipe, run, score(answers, test))
    print(as_table())


def dealt() -> tuple[LabelledSamples, LabelledSamples]:
    """All of MNIST, shuffled: what goes into train.csv, and what into test.csv."""
    mnist = datasets.load("mnist")
    parts = (mnist.train, mnist.validation, mnist.test)
    images = np.concatenate([part.images for part in parts])
    labels = np.concatenate([part.labels for part in parts])
    order = np.random.default_rng(SEED).permutation(len(labels))
    first, rest = order[:TRAIN], order[TRAIN:]
    return LabelledSamples(images[first], labels[first]), LabelledSamples(
        images[rest], labels[rest]
    )


def model(*arguments: object) -> None:
    subprocess.run([sys.executable, "-m", "model", *map(str, arguments)], check=True)


def submitted(path: Path) -> list[int]:
    """The answers of a submission.csv, checked to be as Kaggle wants them."""
    with path.open(newline="") as file:
        head, *rows = csv.reader(file)
    assert head == ["ImageId", "Label"]
    assert [int(number) for number, _ in rows] == list(range(1, len(rows) + 1))
    return [int(label) for _, label in rows]


def score(answers: list[int], test: LabelledSamples) -> dict[str, Any]:
    right = int((np.array(answers) == test.labels).sum())
    n = len(test)
    return {"n": n, "accuracy": right / n, "interval": metrics.wilson_interval(right, n)}


def keep(recipe: str, run: Run, submission: dict[str, Any]) -> None:
    now = run.snapshot()
    assert now.result
    figures = {
        "submission": submission,
        "test": now.result.test.model_dump(include={"accuracy", "interval", "n", "loss"}),
        "epochs": len(now.history),
        "images": now.config.images,
        "history": [row._asdict() for row in now.history],
    }
    before = report.load("kaggle") or {}
    report.save("kaggle", {"recipes": {**before.get("recipes", {}), recipe: figures}})
    for figure in FIGURES:
        write_whole(
            report.RESULTS / f"kaggle-{recipe}-{figure}.svg",
            plots.plot(now.history, figure, "svg"),
        )


def as_table() -> str:
    found = (report.load("kaggle") or {}).get("recipes", {})
    rows = [
        [
            f"`{name}`",
            f"{figures['images']:,}",
            f"{figures['epochs']}",
            report.with_interval(figures["test"]["accuracy"], figures["test"]["interval"]),
            report.with_interval(
                figures["submission"]["accuracy"], figures["submission"]["interval"]
            ),
        ]
        for name, figures in found.items()
    ]
    head = ["recipe", "learned from", "epochs", "its own test digits", "submission.csv"]
    return report.table(head, rows)


if __name__ == "__main__":
    main()
