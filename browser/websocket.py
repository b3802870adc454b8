"""A tab of the app without a browser: it speaks Streamlit's websocket protocol as a page does.

A browser costs a core for a few visitors; hundreds of these fit in one process. Nothing is painted,
and no script of the page runs: who uses a tab sends what they would send.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Origin, Subprotocol

PATIENCE = 120.0  # seconds; the first answer of a server waits for TensorFlow

_INTERNAL = "$$STREAMLIT_INTERNAL_KEY"  # before the ids of what components say

Place = tuple[int, ...]  # in the page: the second of the first of the main part is (0, 0, 1)


class ServerError(Exception):
    """An error on the page, or the connection's end, that nobody asked for."""


@asynccontextmanager
async def tab(address: str, page: str = "", query: str = "") -> AsyncIterator["Tab"]:
    """A tab with a page of the app at `address`, which has been shown; "why", "train" and so on;
    asked for with what is behind the `?` of its address."""
    stream = f"{address.replace('http', 'ws', 1)}/_stcore/stream"
    async with connect(
        stream,
        origin=Origin(address),
        subprotocols=[Subprotocol("streamlit"), Subprotocol("none")],  # the second: no XSRF token
        compression=None,
        max_size=None,
        open_timeout=PATIENCE,
    ) as connection:
        opened = Tab(connection, f"{address}/{page}", query)
        try:
            await opened.rerun(page_name=page)
            await opened.until(lambda: opened.runs)
            yield opened
        finally:
            opened.close()


class Tab:
    """What the server has sent to one visitor, and what the visitor has entered."""

    def __init__(self, connection: ClientConnection, url: str, query: str = "") -> None:
        self.runs = 0  # of the page's script or a part of it that have ended
        self.messages = 0  # that came
        self.elements: dict[Place, Element] = {}  # the latest in each place
        self._shown: dict[Place, tuple[str, str]] = {}  # by which run, and which fragment
        self._run = ""
        self._fragments: dict[str, str] = {}  # by a widget's id
        self._ids: dict[str, str] = {}  # by a widget's key
        self._entered: dict[str, WidgetState] = {}  # by a widget's id
        self._url, self._page, self._query = url, "", query
        self._connection = connection
        self._error: ServerError | None = None
        self._waiting: list[tuple[Callable[[], object], asyncio.Future[None]]] = []
        self._timers: dict[str, asyncio.Task[None]] = {}  # of fragments that run by themselves
        self._listener = asyncio.create_task(self._listen())

    def close(self) -> None:
        """Ask for nothing any more."""
        for task in (self._listener, *self._timers.values()):
            task.cancel()

    # ------------------------------------------------------------ what is shown

    def has(self, key: str) -> bool:
        """Whether a widget with this key was shown."""
        return key in self._ids

    def component(self, key: str) -> dict[str, Any]:
        """What the component with this key was given last."""
        (given,) = [
            element.bidi_component.json
            for element in self.elements.values()
            if element.bidi_component.id == self._ids[key]
        ]
        return dict(json.loads(given))

    def html(self) -> str:
        """All of the page's own HTML, from top to bottom."""
        return "\n".join(
            element.html.body
            for _, element in sorted(self.elements.items())
            if element.HasField("html")
        )

    # ------------------------------------------------------------ what is entered

    async def press(self, key: str) -> None:
        """Press the button with this key."""
        pressed = WidgetState(id=self._ids[key], trigger_value=True)
        await self.rerun(self._fragments[pressed.id], pressed)

    async def set_component(self, key: str, value: dict[str, Any]) -> None:
        """Have the component with this key say its whole value."""
        await self.enter(WidgetState(id=self._ids[key], json_value=json.dumps(value)))

    async def trigger(self, key: str, event: str, value: object) -> None:
        """Have the component with this key say that something has happened to it."""
        said = json.dumps([{"event": event, "value": value}])
        component = self._ids[key]
        state = WidgetState(id=f"{_INTERNAL}_{component}__events", json_trigger_value=said)
        await self.rerun(self._fragments[component], state)

    async def enter(self, state: WidgetState) -> None:
        """Have a widget say its value, whatever it is."""
        self._entered[state.id] = state
        await self.rerun(self._fragments.get(state.id, ""))

    async def rerun(self, fragment: str = "", *pressed: WidgetState, page_name: str = "") -> None:
        """Ask for the page's script, or a fragment of it, with all that is entered."""
        message = BackMsg()
        wanted = message.rerun_script
        wanted.page_script_hash, wanted.page_name = self._page, page_name
        wanted.fragment_id, wanted.query_string = fragment, self._query
        wanted.widget_states.widgets.extend([*self._entered.values(), *pressed])
        wanted.is_auto_rerun = fragment in self._timers
        wanted.context_info.timezone, wanted.context_info.url = "UTC", self._url
        await self.send(message.SerializeToString())

    async def send(self, message: bytes) -> None:
        """Send what may be no message at all."""
        try:
            await self._connection.send(message)
        except ConnectionClosed as error:
            raise ServerError("the server closed the connection") from error

    # ------------------------------------------------------------ what comes

    async def until(self, is_so: Callable[[], object], seconds: float = PATIENCE) -> None:
        """Wait until something is so at the end of a run. Raises TimeoutError where it takes
        longer, ServerError for an error of the page's script."""
        if self._error:
            raise self._error
        if is_so():
            return
        future = asyncio.get_running_loop().create_future()
        self._waiting.append((is_so, future))
        async with asyncio.timeout(seconds):
            await future

    async def _listen(self) -> None:
        try:
            async for content in self._connection:
                message = ForwardMsg()
                message.ParseFromString(content if isinstance(content, bytes) else b"")
                self._take(message)
        except ConnectionClosed:
            pass
        self._fail(ServerError("the server closed the connection"))

    def _take(self, message: ForwardMsg) -> None:
        self.messages += 1
        kind = message.WhichOneof("type")
        if kind == "delta":
            self._show(message)
        elif kind == "script_finished":
            self.runs += 1
            self._forget(message)
            self._tell()
        elif kind == "new_session":
            self._run = message.metadata.run.script_run_id
            if not message.metadata.run.fragment_ids:
                self._stop_timers()
                self._page = message.new_session.page_script_hash
        elif kind == "navigation":
            self._page = message.navigation.page_script_hash
        elif kind == "page_info_changed":
            self._query = message.page_info_changed.query_string
        elif kind == "auto_rerun":
            self._repeat(message.auto_rerun.fragment_id, message.auto_rerun.interval)
        elif kind == "stop_auto_rerun":
            self._stop_timers()

    def _show(self, message: ForwardMsg) -> None:
        if not message.delta.HasField("new_element"):
            return
        element, place = message.delta.new_element, tuple(message.metadata.delta_path)
        self.elements[place], self._shown[place] = element, (self._run, message.delta.fragment_id)
        kind = element.WhichOneof("type")
        if kind == "exception":
            self._fail(ServerError(f"{element.exception.type}: {element.exception.message}"))
        elif widget := getattr(getattr(element, kind or "", None), "id", ""):
            self._ids[widget.split("-", 2)[-1]] = widget  # “$$ID-” a digest “-” the key
            self._fragments[widget] = message.delta.fragment_id

    def _forget(self, finished: ForwardMsg) -> None:
        """What the run that has ended did not show again is gone from its part of the page."""
        if finished.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN:
            return
        parts = finished.metadata.run.fragment_ids
        for place, (run, fragment) in list(self._shown.items()):
            if run != self._run and (not parts or fragment in parts):
                del self.elements[place], self._shown[place]

    def _repeat(self, fragment: str, seconds: float) -> None:
        async def ask() -> None:
            while True:
                await asyncio.sleep(seconds)
                await self.rerun(fragment)

        if fragment not in self._timers:
            self._timers[fragment] = asyncio.create_task(ask())

    def _stop_timers(self) -> None:
        for task in self._timers.values():
            task.cancel()
        self._timers = {}

    def _tell(self) -> None:
        waiting, self._waiting = self._waiting, []
        for is_so, future in waiting:
            if future.done():
                continue
            if is_so():
                future.set_result(None)
            else:
                self._waiting.append((is_so, future))

    def _fail(self, error: ServerError) -> None:
        self._error = error
        for _, future in self._waiting:
            if not future.done():
                future.set_exception(error)
