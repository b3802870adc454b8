"""What a host is told of a server: whether it is ready, what it counts, and its log."""

import asyncio
import webbrowser
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from threading import Thread
from typing import Any

import streamlit as st
from anyio import to_thread
from starlette.routing import Route

from model.errors import InklingError
from model.runs import registry
from model.settings import Serving
from ui.common import metrics, network
from ui.host import logs, probes

_ACCEPTS = 0.5  # seconds until the server takes connections

ROUTES = [
    Route("/ready", probes.ready),
    Route("/metrics", probes.metrics),
]


@asynccontextmanager
async def lifespan(_app: object) -> AsyncIterator[dict[str, Any]]:
    """While the server runs: its log as the host wants it; the network loaded before the first
    visitor comes, where the host wants that too."""
    settings = Serving.read()
    if settings.logs == "json":
        logs.as_json()
    if settings.preload == "on":
        await to_thread.run_sync(_load)
    if not st.get_option("server.headless"):
        asyncio.get_running_loop().call_later(_ACCEPTS, _open_browser)
    yield {}


def note_error(error: Exception) -> None:
    """Streamlit writes an error of a page's script, that nothing caught, into the log; here it is
    counted."""
    metrics.ERRORS.inc()


def _open_browser() -> None:
    """Show the app to who starts it on a desktop, as Streamlit does for what is no ASGI app."""
    address = f"http://localhost:{st.get_option('server.port')}"
    Thread(target=webbrowser.open, args=(address,), daemon=True).start()


def _load() -> None:
    try:
        network.load(registry.in_use().path).result()
    except InklingError as error:
        logs.log.error("The network in use can't be loaded: %s", error)
