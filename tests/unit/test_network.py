"""The network of the server outlives what Streamlit does after each run of a page."""

from pathlib import Path

import keras
import pytest
from keras.src.backend.common import global_state
from streamlit.runtime.scriptrunner import script_runner

from model.settings import PRETRAINED
from ui.common import network


def test_streamlit_does_not_clear_what_keras_keeps(
    home: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keras.backend, "clear_session", keras.backend.clear_session)
    network.load(PRETRAINED).result()
    global_state.set_global_attribute("inkling", "kept")
    script_runner._clean_problem_modules()  # so that a change of its name is seen here
    assert global_state.get_global_attribute("inkling") == "kept"


def test_rooms_have_networks_of_their_own_and_the_oldest_is_forgotten(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(network, "_load", lambda path: path)
    files = [tmp_path / f"{number}.keras" for number in range(network.MOST + 1)]
    for file in files:
        file.touch()
    for file in files[:-1]:
        network.load(file).result()
    assert all(network.ready(file) for file in files[:-1])
    network.load(files[0])  # so another one was not asked for the longest
    network.load(files[-1]).result()
    assert [bool(network.ready(file)) for file in files] == [
        True,
        False,
        *[True] * (network.MOST - 1),
    ]
    network._loadings().clear()
