"""Where whole files of digits are dropped, and what becomes of them.

A visitor has digits to learn from and digits that are read, both kept in the session alone. What
is dropped takes the place of what was there once it is found to be sound, not before; of the files
themselves nothing is kept.
"""

from dataclasses import dataclass

import streamlit as st
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile

from model.data.pictures import SUFFIXES, OnProgress
from model.errors import InklingError
from model.inference import batch
from model.inference.batch import Answers, Batch
from model.language import _
from model.runs import registry
from model.runs.registry import InUse
from ui.common import actions, formatting, html, limits, network, state
from ui.common.limits import Kind
from ui.common.state import Widget
from ui.common.task import Task

LARGEST = 200  # MB of a file: Kaggle's train.csv has 77; as in .streamlit/config.toml

_SHOWN = 24  # of the least certain digits, at first and at each wish for more
_INTERVAL = 0.5  # seconds between two looks at what is being done


@dataclass(frozen=True, eq=False)
class PredictedBatch:
    """Digits that were read, and the model that did: its file and what it is called."""

    answers: Answers
    model: InUse
    by: str


def results() -> list[Batch | PredictedBatch]:
    """The digits that this visitor gave to learn from, and those that were read, if any."""
    return list(state.BATCHES.get().values())[::-1]


def uploader() -> None:
    """The place to drop files on, and what is being done with those that were dropped."""
    files = _files()
    with st.container(key="drop"):
        place = st.container()
        folder = st.toggle(_("Choose a folder of pictures"), key="batch_folder")
        place.file_uploader(
            _("Drop Kaggle’s train.csv or test.csv here"),
            sorted(SUFFIXES) if folder else None,
            accept_multiple_files="directory" if folder else True,
            key=files.key,
            max_upload_size=LARGEST,
            on_change=_upload,
            args=(files,),
        )
    if task := state.BATCH_TASK.get():
        _watch(task)
    actions.show(state.BATCH_ERROR)


def read_again() -> None:
    """Have the digits that were read be read by the model that is in use now."""
    before = state.BATCHES.get()["read"]
    assert isinstance(before, PredictedBatch)
    _predict(before.answers.batch, before.answers.corrections)


def show_more() -> None:
    """Have more of the least certain digits shown."""
    state.UNCERTAIN_SHOWN.set(state.UNCERTAIN_SHOWN.get() + _SHOWN)


# ---------------------------------------------------------------- what was dropped


def _files() -> Widget[list[UploadedFile]]:
    return state.BATCH_FILES[state.BATCH_UPLOADS.get()]


def _upload(dropped: Widget[list[UploadedFile]]) -> None:
    """Have the files looked through, and clear the zone for the next ones."""
    files = dropped.get()
    if not files or dropped != _files():  # the browser has not cleared it yet
        return
    state.BATCH_UPLOADS.set(state.BATCH_UPLOADS.get() + 1)
    if not _may_upload():
        _remove(files)
        return
    names = files[0].name if len(files) == 1 else _("{count} files", count=len(files))
    _start(
        Task(
            _("Going through {names}", names=names),
            lambda on_progress: batch.read(files, on_progress),
        )
    )
    _remove(files)


def _may_upload() -> bool:
    """Whether this visitor may bring one more; else says why not."""
    actions.perform(state.BATCH_ERROR, limits.spend, Kind.UPLOADS)
    return state.BATCH_ERROR.get() is None


def _remove(files: list[UploadedFile]) -> None:
    """Have the server let go of them, which else keeps them for as long as the visitor stays."""
    context = get_script_run_ctx()
    if context and isinstance(context.uploaded_file_mgr, MemoryUploadedFileManager):
        for file in files:
            context.uploaded_file_mgr.remove_file(context.session_id, file.file_id)


def _keep(slot: str, what: Batch | PredictedBatch) -> None:
    others = {name: kept for name, kept in state.BATCHES.get().items() if name != slot}
    state.BATCHES.set({**others, slot: what})


def _start(task: Task[list[Batch]] | Task[PredictedBatch]) -> None:
    if before := state.BATCH_TASK.get():
        before.cancel()
    state.BATCH_TASK.set(task)
    state.BATCH_ERROR.set(None)


def _predict(given: Batch, corrections: dict[int, int]) -> None:
    model = registry.in_use()
    network_in_use = network.load(model.path)

    def work(on_progress: OnProgress) -> PredictedBatch:
        reader = network_in_use.result()
        probabilities = batch.predict(reader, given.images, on_progress)
        answers = Answers(given, probabilities)
        for index, digit in corrections.items():
            answers.correct(index, digit)
        return PredictedBatch(answers, model, formatting.model(model.run))

    count = formatting.count(len(given.images), "digit")
    _start(Task(_("Reading {count} from {name}", count=count, name=given.name), work))


@st.fragment(run_every=_INTERVAL)
def _watch(task: Task[list[Batch]] | Task[PredictedBatch]) -> None:
    if task.is_done and state.BATCH_TASK.get() is task:
        state.BATCH_TASK.set(None)
        _finish(task)
        st.rerun()
    st.html(html.render("batch/task.html", title=task.title, share=task.share))


def _finish(task: Task[list[Batch]] | Task[PredictedBatch]) -> None:
    """Put what came of it in the place of what was there before; or say what is wrong."""
    try:
        result = task.result()
        if isinstance(result, PredictedBatch):
            _keep("read", result)
            state.UNCERTAIN_SHOWN.set(_SHOWN)
            return
        learn = batch.to_learn(result)
        unlabelled = [given for given in result if not given.is_labelled]
        read = batch.to_read(unlabelled) if unlabelled else None
    except InklingError as error:
        state.BATCH_ERROR.set(error)
        return
    if learn:
        _keep("learn", learn)
    if read:
        _predict(read, {})
