"""The drawing that is read: the picture or the pen's, whichever came later."""

from model.preprocessing.drawing import Drawing
from ui.draw import canvas, picture


def drawing() -> Drawing:
    """What this visitor shows, on whichever page. Raises InklingError for what can't be used."""
    return picture.drawing() or canvas.drawing()
