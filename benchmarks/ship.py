"""Put a finished run into the project as the model that ships, with its card.

    python -m benchmarks.ship RUN --command "inkling train …" [--strokes STROKES.npz]
                              [--remark "…"]

The card says what the network was trained on and how, and how well it reads MNIST's 10,000 test
digits and, given the stroke file, real people's digits from its split 1.
"""

import argparse
import json
from pathlib import Path
from typing import Any

from benchmarks import report
from model.data import datasets
from model.files import write_json, write_whole
from model.inference import classifier, metrics
from model.preprocessing.pixels import to_float32
from model.runs.run import Run
from model.settings import PRETRAINED

CARD = PRETRAINED.parent / "card.json"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("run", type=Path)
    parser.add_argument("--command", required=True, help="that trained it")
    parser.add_argument("--strokes", type=Path)
    parser.add_argument("--remark", default="", help="what else an honest card says")
    options = parser.parse_args()
    run = Run(options.run)
    reader = classifier.load(run.model_path)
    tests = {"MNIST's 10,000 test digits": "mnist", "10,000 synthetic digits": "synthetic"}
    if options.strokes:
        tests["real pens, split 1 of " + options.strokes.name] = str(options.strokes)
    result = run.result
    assert result, f"{run.folder} has not finished"
    particulars = {"data", "fingerprint", "seed", "policy", "versions", "recipe"}
    card = {
        **run.config.model_dump(include=particulars),
        "command": options.command,
        "remark": options.remark,
        "parameters": reader.network.count_params(),
        "seconds": result.seconds,
        "results": {name: measured(reader, spec) for name, spec in tests.items()},
    }
    PRETRAINED.parent.mkdir(exist_ok=True)
    write_whole(PRETRAINED, run.model_path.read_bytes())
    write_json(CARD, card)
    write_whole(CARD.with_name("README.md"), as_markdown(card))


def measured(reader: classifier.Classifier, spec: str) -> dict[str, Any]:
    split = datasets.load_test(spec)
    images = to_float32(split.images)
    return metrics.evaluate(reader.probabilities(images), split.labels).as_dict()


def as_markdown(card: dict[str, Any]) -> str:
    rows = [
        [
            name,
            report.with_interval(r["accuracy"], r["interval"]),
            f"{r['loss']:.4f}",
            f"{r['n']:,}",
        ]
        for name, r in card["results"].items()
    ]
    results = report.table(["read right", "accuracy (95 % interval)", "loss", "n"], rows)
    versions = ", ".join(f"{name} {number}" for name, number in card["versions"].items())
    return f"""# The network that ships

`inkling.keras` reads a 28×28 digit, prepared as `model/preprocessing/` does, as one of ten, or says
that it is none: its eleventh answer.
{card["parameters"]:,} parameters; safe to load, and ours.

{results}

None of these digits was trained on. The real pens are other writers' than those in the training
data. {card["remark"]}

- **Trained by** `{card["command"]}` in {card["seconds"] / 60:.0f} minutes.
- **Data** {card["data"]}, fingerprint `{card["fingerprint"]}`. Of MNIST the first 55,000 training
  images (CC BY-SA 3.0); digits that `model/data/synthetic/` draws, and what is none that
  `model/data/nondigits.py` draws; of UNIPEN train_r01_v07 the digits, letters and signs of the
  writers of split 0 (CC BY 4.0, doi 10.5281/zenodo.1195803). Chosen on held-out validation digits.
- **Seed** {card["seed"]}, **precision** {card["policy"]} while training, float32 since.
- **Versions** {versions}.

The recipe:

```json
{json.dumps(card["recipe"], indent=2)}
```
"""


if __name__ == "__main__":
    main()
