"""The page without a network that answers, and with one that comes later."""

import shutil
from pathlib import Path

from browser.server import serving
from model.settings import PRETRAINED
from tests.browser.conftest import Visit


def test_a_stroke_is_answered_as_soon_as_the_network_is_there(visit: Visit) -> None:
    """TensorFlow's import takes longer than the first stroke on a fresh server."""
    with serving() as address:
        visitor = visit(address)
        visitor.draw(6)
        visitor.reads(6)


def test_a_model_file_is_missing_damaged_and_mended(visit: Visit, tmp_path: Path) -> None:
    model = tmp_path / "model.keras"
    with serving(INKLING_MODEL=str(model)) as address:
        visitor = visit(address)
        visitor.is_told("is not there")
        visitor.draw(3)
        visitor.is_told("is not there")
        visitor.screenshot("model-missing")

        model.write_bytes(PRETRAINED.read_bytes()[:5000])
        visitor.press("clear")
        visitor.has_ink(0)
        visitor.draw(3)
        visitor.is_told("can't be opened")

        shutil.copy(PRETRAINED, model)
        visitor.press("clear")
        visitor.has_ink(0)
        visitor.draw(3)
        visitor.reads(3)
        model.unlink()
        visitor.draw(3)
        visitor.is_told("is not there")
