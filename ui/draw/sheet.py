"""What the browser does for the sheet: a pen by the keyboard, pictures that are dropped or pasted,
the keys of Undo and Redo, and its name for those who hear the page."""

from model.language import _
from ui.common.component import Component
from ui.draw import canvas

_component = Component("sheet", "draw/sheet.html")


def helper() -> None:
    """Over the canvas, in the same container."""
    _component(
        key="sheet_helper",
        data={
            "side": canvas.SIDE,
            "name": _(
                "Sheet of paper: draw a digit or a number on it. Arrow keys move the pen, "
                "Space puts it down and lifts it"
            ),
            "down": _("Pen down"),
            "up": _("Pen up"),
        },
    )
