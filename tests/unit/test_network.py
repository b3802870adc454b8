"""The network of the server outlives what Streamlit does after each run of a page."""

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
