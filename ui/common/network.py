"""The networks in use, each loaded once a server and in the background.

Importing TensorFlow takes seconds and holds Python's lock for much of them, so nothing is loaded
until a browser shows the page and asks for it.
"""

import gc
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from pathlib import Path
from threading import Lock

import streamlit as st

from model.inference import classifier
from model.inference.classifier import Classifier
from ui.common import room, state

Loading = Future[Classifier]  # its result() raises InklingError for a file that can't be used

MOST = 16  # networks that are kept loaded, of some 5 MB each

Version = tuple[Path, int, int] | tuple[Path]
_lock = Lock()


def ready(path: Path) -> Loading | None:
    """The network in the file that is in use if it is loaded, or was found to be unusable; None
    before that."""
    loading = _loadings().get(version_of(path))
    return loading if loading and loading.done() else None


def load(path: Path) -> Loading:
    """The network in a file that is in use, on its way or ready; the first to ask for it has it
    loaded. Of more than MOST, the one that was asked for the longest ago is forgotten.

    Another model put into use, and a file that was replaced, mended or taken away, is another one.
    """
    version = version_of(path)
    loadings = _loadings()
    with _lock:
        if version not in loadings:
            for forgotten in list(loadings)[: 1 - MOST]:
                del loadings[forgotten]
            executor = ThreadPoolExecutor(1, thread_name_prefix="load-network")
            loadings[version] = executor.submit(_load, path)
            executor.shutdown(wait=False)
        loadings[version] = loadings.pop(version)  # the latest last
        return loadings[version]


@st.fragment(run_every=0.5)
def wake() -> None:
    """Have the network loaded once the browser asks again, by when it shows the page."""
    path = room.in_use().path
    if ready(path):
        st.rerun()
    if state.PAGE_IS_SHOWN.get():
        load(path)
    state.PAGE_IS_SHOWN.set(True)


def _load(path: Path) -> Classifier:
    """The network, loaded so that a page's run costs what the page costs, and no more.

    After each run Streamlit clears Keras' session: with that goes what TensorFlow prepared for
    the network, 30 ms for the next stroke, and Python looks through TensorFlow's 300,000 objects
    for garbage, as it does by itself now and then, 0.4 s in which all visitors wait. So nothing is
    cleared, and the objects are set apart.
    """
    gc.unfreeze()
    try:
        if path.is_file():
            import keras

            keras.backend.clear_session = _keep_session
            gc.freeze()  # a waiting page runs twice a second
        return classifier.load(path)
    finally:
        gc.collect()
        gc.freeze()


def _keep_session() -> None:
    """What Streamlit calls in the place of keras.backend.clear_session."""


@cache
def _loadings() -> dict[Version, Loading]:
    """This server's networks, each under the version of its file: the one that answers everybody,
    and those of the rooms, and of albums, that draw now. Not in Streamlit's cache, which any
    visitor's message may clear."""
    return {}


def version_of(path: Path) -> Version:
    """Tells a model file from what was in its place before."""
    try:
        found = path.stat()
    except OSError:
        return (path,)
    return path, found.st_mtime_ns, found.st_size
