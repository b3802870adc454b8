"""A hand that draws on the sheet of a tab without a browser: it sends what `assets/live.js` and the
canvas send of a pen, as soon and as often."""

import asyncio
import random
import re
import time
from collections.abc import Sequence
from typing import Any

from browser.digits import Point
from browser.websocket import PATIENCE, Tab
from model.preprocessing.canvas import path_corner, path_from_points

FRAME = 1 / 60  # seconds between two places of a pen that is down
DEBOUNCE = 0.2  # seconds after the pen was lifted that the canvas waits
GIVEN_UP = 2.0  # seconds until an answer that does not come is waited for no more
PEN_WIDTH = 20  # canvas px, to begin with
# Of a path as Fabric.js writes it, what each of them has.
FABRIC: dict[str, Any] = {
    **dict.fromkeys([f"lock{way}" for way in ("MovementX", "MovementY", "Rotation")], False),
    **dict.fromkeys([f"lock{way}" for way in ("ScalingX", "ScalingY", "ScalingFlip")], False),
    **dict.fromkeys(["lockSkewingX", "lockSkewingY", "flipX", "flipY", "strokeUniform"], False),
    **dict.fromkeys(["fill", "strokeDashArray", "shadow"], None),
    **dict.fromkeys(["strokeDashOffset", "angle", "skewX", "skewY"], 0),
    **dict.fromkeys(["scaleX", "scaleY", "opacity"], 1),
    "type": "Path",
    "version": "7.4.0",
    "originX": "left",
    "originY": "top",
    "stroke": "#1d2b53",
    "strokeWidth": PEN_WIDTH,
    "strokeLineCap": "round",
    "strokeLineJoin": "round",
    "strokeMiterLimit": 10,
    "visible": True,
    "backgroundColor": "",
    "fillRule": "nonzero",
    "paintFirst": "fill",
    "globalCompositeOperation": "source-over",
}


class Hand:
    """What is on one tab's sheet, and the pen over it."""

    def __init__(self, tab: Tab) -> None:
        self.tab = tab
        self._objects: list[dict[str, Any]] = []  # on the canvas, as Fabric.js writes them
        self._strokes: list[dict[str, Any]] = []  # that the server's drawing may not have yet
        self._seq = random.randrange(10**9)
        self._answer_due = 0.0  # until then no more is sent
        self._next = 0.0  # when a message may be sent again

    @property
    def _told(self) -> dict[str, Any]:
        """What the server tells the browser of the sheet."""
        return self.tab.component("live")

    @property
    def is_answered(self) -> bool:
        """Whether the answer is to the last message that was sent while the pen was down."""
        return self._told["answered"] == self._seq

    @property
    def reading(self) -> str:
        """The digit or the number that the page reads; empty where it reads none."""
        found = re.search(r'class="digit">([^<]*)<', self.tab.html())
        return found[1] if found else ""

    @property
    def strokes_known(self) -> int:
        """How many strokes the server has from the canvas."""
        return int(self._told["count"])

    @property
    def link(self) -> str:
        """What the page's address has of the drawing; empty for a blank sheet."""
        return str(self._told["link"])

    @property
    def strokes_drawn(self) -> int:
        return len(self._objects)

    async def stroke(self, points: Sequence[Point], seconds: float = 0.4) -> float:
        """Draw one stroke through `points`, in fractions of the sheet's sides, in so many seconds;
        the seconds from when the pen is lifted until all of it is answered."""
        places = _places(points, max(2, round(seconds / FRAME)), self._told["side"])
        drawn = places[:1]
        self._strokes = [one for one in self._strokes if one["number"] >= self.strokes_known]
        self._strokes.append({"number": self.strokes_drawn, "points": drawn})
        self._next = time.monotonic() + self._told["interval"] / 1000
        for place in places[1:]:
            await asyncio.sleep(seconds / len(places))
            drawn.append(place)
            await self._post_if_due()
        lifted = time.monotonic()
        is_live = bool(self._told["interval"])
        if is_live:
            await self._post()
        self._objects.append(_fabric_path(drawn))
        sent = asyncio.create_task(self._send_canvas(self._told["generation"]))
        if is_live:
            await self.tab.until(lambda: self.is_answered)
        else:
            await self.tab.until(lambda: self.strokes_known == self.strokes_drawn)
        took = time.monotonic() - lifted
        await sent
        return took

    async def has_sent_all(self, seconds: float = PATIENCE) -> None:
        """Wait until the server has all strokes from the canvas. Raises TimeoutError where it takes
        longer."""
        await self.tab.until(lambda: self.strokes_known == self.strokes_drawn, seconds)

    async def clear(self) -> None:
        """Take all off the sheet by its button; the canvas says when it shows that."""
        before = self._told["generation"]
        await self.tab.press("clear")
        await self.tab.until(lambda: self._told["generation"] > before)
        self._objects, self._strokes = [], []
        runs = self.tab.runs
        await self._say(self._told["generation"])
        await self.tab.until(lambda: self.tab.runs > runs and not self.reading)

    async def tap(self, word: str) -> None:
        """Say what was drawn, "right" or a digit, by its button; until it is saved as that."""
        await self.has_sent_all()
        await self.tab.trigger("taps", "tapped", word)
        await self.tab.until(lambda: "Saved as" in self.tab.html())

    async def _post_if_due(self) -> None:
        now, interval = time.monotonic(), self._told["interval"] / 1000
        is_waited_for = now < self._answer_due and not self.is_answered
        if interval and now >= self._next and not is_waited_for:
            self._next = now + interval
            await self._post()

    async def _post(self) -> None:
        self._seq += 1
        self._answer_due = time.monotonic() + GIVEN_UP
        latest = {
            "generation": self._told["generation"],
            "seq": self._seq,
            "strokes": self._strokes,
        }
        await self.tab.set_component("live", {"strokes": latest})

    async def _send_canvas(self, generation: int) -> None:
        await asyncio.sleep(DEBOUNCE)
        await self._say(generation)

    async def _say(self, generation: int) -> None:
        known = {"lockMovementX": generation} if generation else {}
        raw = {"version": "7.4.0", **known, "objects": self._objects}
        await self.tab.set_component("sheet", {"drawing": {"raw": raw, "data": None}})


def _places(points: Sequence[Point], count: int, side: int) -> list[list[float]]:
    """So many places on the way along `points`, in canvas px."""
    steps = len(points) - 1
    places = []
    for index in range(count):
        at = index * steps / (count - 1)
        before = min(int(at), steps - 1)
        (x, y), (to_x, to_y) = points[before], points[before + 1]
        share = at - before
        places.append([side * (x + share * (to_x - x)), side * (y + share * (to_y - y))])
    return places


def _fabric_path(points: Sequence[Sequence[float]]) -> dict[str, Any]:
    path = path_from_points(points, PEN_WIDTH)
    left, top = path_corner(path)
    return {**FABRIC, "left": left - PEN_WIDTH / 2, "top": top - PEN_WIDTH / 2, "path": path}
