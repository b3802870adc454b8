"""What the commands do. Results go to standard output, progress and remarks to standard error.

Each returns its exit status and raises InklingError for what can't be used; `__main__` says what
can be asked for.
"""

from __future__ import annotations

import json
import shlex
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from model.data import datasets, drawings
from model.data.drawings import Choice, Store
from model.data.npz import read_strokes
from model.data.pictures import SUFFIXES
from model.data.rooms import Rooms
from model.data.visitors import HOST
from model.errors import InklingError
from model.files import write_whole
from model.inference import batch, blocks, classifier, segmentation
from model.inference import export as exporting
from model.inference.backend import start_keras
from model.inference.classifier import Classifier
from model.inference.prediction import Prediction
from model.preprocessing.drawing import Drawing
from model.preprocessing.picture import read_picture
from model.preprocessing.pixels import to_float32
from model.runs import registry
from model.runs.run import Run
from model.settings import PRETRAINED, Engine
from model.training import jobs, promotion, recipes
from model.training import search as searching

SHIPPED = "shipped"  # the id of the built-in network

_AT_ONCE = 256  # drawings of a file prepared before they are read together


# ---------------------------------------------------------------- predict


@dataclass(frozen=True)
class _Item:
    """One thing to read, and what its line begins with."""

    line: dict[str, Any]
    drawing: Drawing


def predict(files: Sequence[Path], model: str | None) -> int:
    """Reads what can be read; a file that can't be costs its own line, and the exit status."""
    reader = _load(model)
    status = 0
    for file in _pictures(files):
        try:
            items = _items(file)
            while some := list(islice(items, _AT_ONCE)):
                for line in _answers(reader, some):
                    print(json.dumps(line, ensure_ascii=False))
        except InklingError as error:
            remark(str(error))
            status = 2
    return status


def _pictures(files: Sequence[Path]) -> Iterator[Path]:
    """The files to read; of a folder, its pictures by name."""
    for path in files:
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
            drawing = Drawing.from_strokes(strokes.sample(index))
            yield _Item({"file": str(path), "index": index}, drawing)
    else:
        yield _Item({"file": str(path)}, Drawing.from_picture(read_picture(path)))


def _answers(reader: Classifier, items: Sequence[_Item]) -> Iterator[dict[str, Any]]:
    """One line an item; "digit" is null and "digits" are several for a number."""
    for item, predictions in zip(
        items, segmentation.read(reader, [i.drawing for i in items]), strict=True
    ):
        if not predictions:
            nothing: dict[str, Any] = {"digit": None, "digits": [], "boxes": []}
            none = {"confidence": None, "probabilities": None}
            yield {**item.line, **nothing, **none, "reason": item.drawing.reason}
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
        **({} if found else {"reason": read.reason}),
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


def submit(files: Sequence[str], model: str | None, out: str) -> int:
    if blocks.is_for(files, out):
        return _submit_blocks(files, model, out)
    given = batch.to_read(batch.read([Path(file) for file in files]))
    for sentence in given.left_out:
        remark(f"left out: {sentence}")
    answers = batch.Answers(given, batch.predict(_load(model), given.images))
    _write(Path(out), batch.submission(answers.digits))
    print(Path(out))
    return 0


def _submit_blocks(files: Sequence[str], model: str | None, out: str) -> int:
    """Read any number of files, by whatever engine there is, into a folder."""
    if out.lower().endswith(".csv"):
        raise InklingError(f"“{out}” is a file; wanted: a folder for the answers, by -o.")
    path = _file(model) if model else PRETRAINED
    _load(model)  # refuses what is no model
    batch = blocks.begin(files, path, out)
    missing = batch.missing
    if done := len(batch.blocks) - len(missing):
        remark(f"{done:,} of {len(batch.blocks):,} blocks are there already")
    count = sum(_answered(batch, path))
    remark(f"{count:,} digits read, in {len(missing):,} blocks")
    print(out)
    return 0


def _answered(batch: blocks.Batch, model: Path) -> Iterator[int]:
    """How many digits each block has that was missing, once it is answered."""
    missing = batch.missing
    if missing and not Engine.read().is_local:
        from model.inference import block_pool

        yield from block_pool.answers(batch)
        return
    reader = classifier.load(model)
    for block in missing:
        yield blocks.answer(reader, block, batch.out)


# ---------------------------------------------------------------- train, evaluate


def train(
    recipe: str,
    data: str | None,
    base: str | None,
    teachers: Sequence[str],
    out: Path | None,
    **changed: Any,
) -> int:
    """Train in this process, into INKLING_HOME or the folder `out`; `changed` is what the request
    changes of the recipe, and the seed."""
    request = jobs.Request(
        recipe,
        data or recipes.get(recipe).data,
        base=_file(base) if base else None,
        teachers=[_file(teacher) for teacher in teachers],
        **changed,
    )
    return _finish(lambda: jobs.train_here(request, out))


def search(recipe: str, out: Path | None, **chosen: Any) -> int:
    """Search in this process, into INKLING_HOME or the folder `out`."""
    return _finish(lambda: jobs.train_here(jobs.Request(recipe, **chosen), out))


def resume(name: str) -> int:
    """Go on with the run of that id or in that folder."""
    return _finish(lambda: jobs.resume_here(registry.at(name)))


def _finish(training: Callable[[], Run]) -> int:
    try:
        run = training()
    except jobs.Interrupted as stopped:
        name = stopped.run.id if stopped.run.is_at_home else stopped.run.folder
        print(f"Stopped. “inkling train --resume {name}” goes on.", file=sys.stderr)
        return 130
    if run.config.trials:
        return _tell_trials(run)
    result = run.snapshot().result
    assert result is not None  # it has finished
    assert result.promotion is not None
    test = result.test
    low, high = (100 * bound for bound in test.interval)
    print(
        f"Test accuracy {100 * test.accuracy:.2f} % (95 % interval {low:.2f} to {high:.2f} %), "
        f"loss {test.loss:.4f}, on {test.n:,} digits. The run is in {run.folder}"
    )
    is_used = registry.in_use().run == run
    now = " It is in use now." if is_used else ""
    print(promotion.sentence(result.promotion, is_used) + now, file=sys.stderr)
    return 0


def _tell_trials(run: Run) -> int:
    """A line a trial of a search, the best first."""
    for trial in searching.ranked(searching.trials(run)):
        line = {
            "trial": trial.number,
            "state": str(trial.outcome),
            **trial.parameters,
            "epochs": len(trial.now.history),
            "accuracy": trial.accuracy,
            "in full": shlex.join(_command(searching.in_full(run, trial))),
        }
        print(json.dumps(line, ensure_ascii=False))
    return 0


def _command(request: jobs.Request) -> list[str]:
    """What trains the same thing."""
    options = ("recipe", "data", "seed", "epochs", "batch_size", "learning_rate")
    words = ["inkling", "train"]
    for name in (*options, "network", "augmentation"):
        if (value := getattr(request, name)) is not None:
            words += [f"--{name.replace('_', '-')}", str(value)]
    return words


def evaluate(data: str, model: str | None) -> int:
    from model.inference import metrics

    split = datasets.load_test(data)
    probabilities = _load(model).probabilities(to_float32(split.images))
    figures = metrics.evaluate(probabilities, split.labels)
    print(json.dumps(figures.as_dict(), indent=2))
    return 0


def _load(given: str | None) -> Classifier:
    """The model in a file or in a run's folder, or of the run with that id; the one that ships
    where none is given."""
    path = _file(given) if given else PRETRAINED
    if path.is_file():
        start_keras()
    return classifier.load(path)


def _file(given: str) -> Path:
    """The model file of that path, of the run in that folder or of the run with that id."""
    path = Path(given)
    if not path.exists() and (run := _named(given)):
        return run.model_path
    return Run(path).model_path if path.is_dir() else path


# ---------------------------------------------------------------- runs, use, export


def runs() -> int:
    in_use = registry.in_use()
    if in_use.problem:
        remark(in_use.problem)
    for run in registry.all_runs():
        print(_line(run, "*" if run == in_use.run else " "))
    return 0


def _line(run: Run, mark: str) -> str:
    """One run: its id, state, recipe, data and seed, and its figures where it has them."""
    now = run.snapshot()
    config, result = now.config, now.result
    made = f"{config.recipe.name} on {config.data}, seed {config.seed}"
    figures = ""
    if result:
        accuracy = 100 * result.test.accuracy
        figures = f", {accuracy:.2f} % on the test digits, {result.seconds:.0f} s"
    reason = f": {now.reason}" if now.reason else ""
    return f"{mark} {run.id}  {now.state:8}  {made}{figures}{reason}"


def use(name: str) -> int:
    registry.use(_run(name))
    print(f"{name} is in use.")
    return 0


def export(name: str, to: str, out: Path | None) -> int:
    run = _run(name)
    model = run.model_path if run else PRETRAINED
    if model.is_file():
        start_keras()
    files = exporting.package(model, to)
    folder = out or Path(f"{name}-{to}")
    exporting.write(files, folder)
    print(folder / f"inkling.{to}")
    return 0


# ---------------------------------------------------------------- rooms


def rooms() -> int:
    """A line a room: its code, when it ends, how many drawings it has, its name."""
    with _opened_rooms() as (store, every):
        for room in every.of(HOST):
            ends = f"until {room.ends:%Y-%m-%d}" if room.ends else ""
            drawn = sum(store.counts(room.id).values())
            print(f"{room.code}  {ends}  {drawn:,} drawings  {room.name}")
    return 0


def export_room(code: str, out: Path | None) -> int:
    with _opened_rooms() as (store, every):
        room = every.coded(code)
        content = drawings.to_zip(store.some(Choice(), 0, drawings.MOST, room.id))
    path = out or Path(f"{room.code}.zip")
    _write(path, content)
    print(path)
    return 0


def erase_room(code: str) -> int:
    with _opened_rooms() as (_, every):
        room = every.coded(code)
        every.erase(room.id, HOST)
    print(f"The room {room.code} is gone.")
    return 0


def room_codes() -> list[str]:
    with _opened_rooms() as (_, every):
        return [room.code for room in every.of(HOST) if room.code]


@contextmanager
def _opened_rooms() -> Iterator[tuple[Store, Rooms]]:
    with drawings.opened() as store:
        yield store, Rooms(store)


# ---------------------------------------------------------------- beneath


def _write(path: Path, content: bytes | str) -> None:
    try:
        write_whole(path, content)
    except OSError as error:
        raise InklingError(
            f"“{path}” can't be written ({error.strerror}); wanted: a file in a folder "
            "that is there."
        ) from error


def _named(name: str) -> Run | None:
    return next((run for run in registry.all_runs() if run.id == name), None)


def _run(name: str) -> Run | None:
    """The run of that id; None for the built-in network."""
    return None if name == SHIPPED else registry.get(name)


def remark(sentence: str) -> None:
    print(f"inkling: {sentence}", file=sys.stderr)
