"""The command line: `python -m model predict | submit | train | evaluate | runs | use | export`.

Results go to standard output, progress and errors to standard error. What the user gave that
can't be used is one line there, and exit status 2.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, NoReturn

from model.data import datasets
from model.data.npz import read_strokes
from model.data.pictures import SUFFIXES
from model.errors import InklingError
from model.files import write_whole
from model.inference import batch, classifier, prediction, segmentation
from model.inference import export as exporting
from model.inference.backend import start_keras
from model.inference.classifier import Classifier
from model.inference.prediction import Prediction
from model.inference.segmentation import Ink
from model.preprocessing.picture import read_picture
from model.preprocessing.pixels import to_float32
from model.runs import registry
from model.runs.run import Run
from model.settings import PRETRAINED
from model.training import jobs, recipes

_SHIPPED = "shipped"
_IDS = f"a run's, or {_SHIPPED}: the model that ships"
_RECIPES = (
    f"{', '.join(recipes.RECIPES)}; or {recipes.FINE_TUNING.name}: what is in use, by drawings"
)
_AT_ONCE = 256  # drawings of a file prepared before they are read together


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    try:
        return options.run(options)
    except InklingError as error:
        return _refuse(error)
    except BrokenPipeError:  # `| head` has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 130


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message}; see {self.prog} --help\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="python -m model", description="Read digits, train networks to read them."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND", parser_class=_Parser)

    predict = commands.add_parser("predict", help="read pictures or pen strokes, a JSON line each")
    predict.add_argument(
        "files", nargs="+", metavar="FILE", help="a picture, a folder of pictures, a stroke file"
    )
    predict.add_argument("--model", metavar="FILE", help="a .keras file or a run's folder")
    predict.set_defaults(run=_predict)

    submit = commands.add_parser("submit", help="read Kaggle's test.csv, write a submission.csv")
    submit.add_argument(
        "files", nargs="+", type=Path, metavar="FILE", help="a CSV, .npz, IDX file, zip, pictures"
    )
    submit.add_argument("--model", metavar="RUN", help="a run's id or folder, or a .keras file")
    submit.add_argument(
        "-o", "--out", type=Path, default=Path("submission.csv"), metavar="FILE", help="%(default)s"
    )
    submit.set_defaults(run=_submit)

    train = commands.add_parser("train", help="train a network by a recipe")
    train.add_argument("--recipe", default="quick", metavar="NAME", help=_RECIPES)
    train.add_argument("--data", metavar="SPEC", help=f"{datasets.SPECS}; else the recipe's own")
    train.add_argument("--epochs", type=_count, metavar="N", help="else the recipe's own")
    train.add_argument("--learning-rate", type=float, metavar="R", help="else the recipe's own")
    train.add_argument(
        "--from", dest="base", metavar="MODEL", help="a model to begin with, in place of chance"
    )
    train.add_argument(
        "--teachers", nargs="+", default=[], metavar="MODEL", help="models to learn from besides"
    )
    train.add_argument("--seed", type=_seed, default=0, metavar="S")
    train.add_argument(
        "--out", type=Path, metavar="DIR", help="a new folder for a run that is not to be listed"
    )
    train.add_argument("--resume", metavar="ID", help="go on with a stopped run instead")
    train.set_defaults(run=_train)

    evaluate = commands.add_parser("evaluate", help="hold a model against labelled digits, as JSON")
    evaluate.add_argument("--model", metavar="FILE", help="a .keras file or a run's folder")
    evaluate.add_argument("--data", required=True, metavar="SPEC", help=datasets.SPECS)
    evaluate.set_defaults(run=_evaluate)

    listing = commands.add_parser("runs", help="list the runs, the newest first; * is in use")
    listing.set_defaults(run=_runs)

    use = commands.add_parser("use", help="choose the model that answers")
    use.add_argument("id", metavar="ID", help=_IDS)
    use.set_defaults(run=_use)

    export = commands.add_parser("export", help="write a model for other programs to run")
    export.add_argument("id", metavar="ID", help=_IDS)
    export.add_argument("--to", required=True, choices=exporting.FORMATS)
    export.add_argument("--out", type=Path, metavar="DIR", help="else ./ID-FORMAT")
    export.set_defaults(run=_export)
    return parser


def _count(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 1000:
        raise argparse.ArgumentTypeError(f"“{text}” given, wanted: a whole number from 1 to 1000")
    return int(text)


def _seed(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) >= 2**32:
        raise argparse.ArgumentTypeError(f"“{text}” given, wanted: a whole number below 2³²")
    return int(text)


def _refuse(error: InklingError) -> int:
    print(f"python -m model: {error}", file=sys.stderr)
    return 2


# ---------------------------------------------------------------- predict


@dataclass(frozen=True)
class _Item:
    """One thing to read, and what its line begins with."""

    line: dict[str, Any]
    ink: Ink


def _predict(options: argparse.Namespace) -> int:
    """Reads what can be read; a file that can't be costs its own line, and the exit status."""
    reader = _load(options.model)
    status = 0
    for file in _files(options.files):
        try:
            items = _items(file)
            while some := list(islice(items, _AT_ONCE)):
                for line in _answers(reader, some):
                    print(json.dumps(line, ensure_ascii=False))
        except InklingError as error:
            status = _refuse(error)
    return status


def _files(given: Sequence[str]) -> Iterator[Path]:
    """The files to read; of a folder, its pictures by name."""
    for path in map(Path, given):
        if not path.is_dir():
            yield path
            continue
        pictures = sorted(file for file in path.iterdir() if file.suffix.lower() in SUFFIXES)
        if not pictures:
            wanted = ", ".join(sorted(SUFFIXES))
            raise InklingError(f"The folder “{path}” has no picture; wanted: one of {wanted}.")
        yield from pictures


def _items(path: Path) -> Iterator[_Item]:
    if path.suffix.lower() == ".npz":
        strokes = read_strokes(path)
        for index in range(len(strokes)):
            ink = segmentation.from_strokes(strokes.sample(index))
            yield _Item({"file": str(path), "index": index}, ink)
    else:
        yield _Item({"file": str(path)}, segmentation.from_picture(read_picture(path)))


def _answers(reader: Classifier, items: Sequence[_Item]) -> Iterator[dict[str, Any]]:
    """One line an item; "digit" is null and "digits" are several for a number."""
    for item, predictions in zip(
        items, segmentation.read(reader, [i.ink for i in items]), strict=True
    ):
        if not predictions:
            nothing: dict[str, Any] = {"digit": None, "digits": [], "boxes": []}
            none = {"confidence": None, "probabilities": None}
            yield {**item.line, **nothing, **none, "reason": item.ink.reason}
        elif len(predictions) == 1:
            yield {**item.line, **_one(predictions[0])}
        else:
            yield {**item.line, **_several(predictions)}


def _one(read: Prediction) -> dict[str, Any]:
    found = read.digit is not None
    return {
        "digit": read.digit,
        "digits": [read.digit] if found else [],
        "boxes": [_rounded(read.box)] if found else [],
        "confidence": round(read.confidence, 6) if found else None,
        "probabilities": _rounded(read.probabilities),
        **({} if found else {"reason": prediction.NOT_ONE}),
    }


def _several(predictions: Sequence[Prediction]) -> dict[str, Any]:
    """`null` in "digits" is a part that is no digit; "confidence" is that all are right."""
    strange = any(read.digit is None for read in predictions)
    return {
        "digit": None,
        "digits": [read.digit for read in predictions],
        "boxes": [_rounded(read.box) for read in predictions],
        "confidence": None if strange else round(segmentation.together(predictions), 6),
        "probabilities": [_rounded(read.probabilities) for read in predictions],
        **({"reason": segmentation.NOT_ALL} if strange else {}),
    }


def _rounded(values: Iterable[float]) -> list[float]:
    return [round(float(value), 6) for value in values]


# ---------------------------------------------------------------- submit


def _submit(options: argparse.Namespace) -> int:
    given = batch.to_read(batch.read(options.files))
    for sentence in given.left_out:
        print(f"python -m model: left out: {sentence}", file=sys.stderr)
    answers = batch.Answers(given, batch.predict(_load(options.model), given.images))
    try:
        write_whole(options.out, batch.submission(answers.digits))
    except OSError as error:
        raise InklingError(
            f"“{options.out}” can't be written ({error.strerror}); wanted: a file in a folder "
            "that is there."
        ) from error
    print(options.out)
    return 0


# ---------------------------------------------------------------- train, evaluate


def _train(options: argparse.Namespace) -> int:
    recipe = recipes.get(options.recipe)
    request = jobs.Request(
        recipe.name,
        options.data or recipe.data,
        seed=options.seed,
        epochs=options.epochs,
        learning_rate=options.learning_rate,
        base=_model(options.base) if options.base else None,
        teachers=[_model(teacher) for teacher in options.teachers],
    )
    try:
        if options.resume:
            run = jobs.resume_here(registry.at(options.resume))
        else:
            run = jobs.train_here(request, options.out)
    except jobs.Interrupted as stopped:
        name = stopped.run.id if registry.is_at_home(stopped.run) else stopped.run.folder
        print(f"Stopped. “python -m model train --resume {name}” goes on.", file=sys.stderr)
        return 130
    result = run.result or {}
    test = result["test"]
    low, high = (100 * bound for bound in test["interval"])
    print(
        f"Test accuracy {100 * test['accuracy']:.2f} % (95 % interval {low:.2f} to {high:.2f} %), "
        f"loss {test['loss']:.4f}, on {test['n']:,} digits. The run is in {run.folder}"
    )
    now = " It is in use now." if registry.in_use().run == run else ""
    print(result["gate"]["sentence"] + now, file=sys.stderr)
    return 0


def _evaluate(options: argparse.Namespace) -> int:
    from model.inference import metrics

    split = datasets.load_test(options.data)
    probabilities = _load(options.model).probabilities(to_float32(split.images))
    figures = metrics.evaluate(probabilities, split.labels)
    print(json.dumps(figures.as_dict(), indent=2))
    return 0


def _load(given: str | None) -> Classifier:
    """The model in a file or in a run's folder, or of the run with that id; the one that ships
    where none is given."""
    path = _model(given) if given else PRETRAINED
    if path.is_file():
        start_keras()
    return classifier.load(path)


def _model(given: str) -> Path:
    """The model file of that path, of the run in that folder or of the run with that id."""
    path = Path(given)
    if not path.exists() and (run := _named(given)):
        return run.model_path
    return Run(path).model_path if path.is_dir() else path


# ---------------------------------------------------------------- runs, use, export


def _runs(options: argparse.Namespace) -> int:
    in_use = registry.in_use()
    if in_use.problem:
        print(f"python -m model: {in_use.problem}", file=sys.stderr)
    for run in registry.all_runs():
        print(_line(run, "*" if run == in_use.run else " "))
    return 0


def _line(run: Run, mark: str) -> str:
    """One run: its id, state, recipe, data and seed, and its figures where it has them."""
    config, result = run.config, run.result
    made = f"{config['recipe']['name']} on {config['data']}, seed {config['seed']}"
    figures = ""
    if result:
        accuracy = 100 * result["test"]["accuracy"]
        figures = f", {accuracy:.2f} % on the test digits, {result['seconds']:.0f} s"
    reason = f": {run.reason}" if run.reason else ""
    return f"{mark} {run.id}  {run.state:8}  {made}{figures}{reason}"


def _use(options: argparse.Namespace) -> int:
    run = _run(options.id)
    registry.use(run)
    print(f"{options.id} is in use.")
    return 0


def _export(options: argparse.Namespace) -> int:
    run = _run(options.id)
    model = run.model_path if run else PRETRAINED
    if model.is_file():
        start_keras()
    files = exporting.package(model, options.to)
    folder = options.out or Path(f"{options.id}-{options.to}")
    exporting.write(files, folder)
    print(folder / f"inkling.{options.to}")
    return 0


def _named(name: str) -> Run | None:
    return next((run for run in registry.all_runs() if run.id == name), None)


def _run(name: str) -> Run | None:
    """The run of that id; None for the model that ships."""
    return None if name == _SHIPPED else registry.get(name)


if __name__ == "__main__":
    sys.exit(main())
