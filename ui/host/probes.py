"""What a proxy, Kubernetes or Prometheus asks the server; no visitor sees it."""

from concurrent.futures import Future

from anyio import to_thread
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from model.errors import InklingError
from model.inference.classifier import Classifier
from model.runs import registry
from ui.common import drawing_store, network

_PATIENCE = 1.0  # seconds for the network that was chosen a moment ago


async def ready(_request: Request) -> Response:
    """200 where strokes are read and drawings saved; else 503, and why not."""
    problems = await to_thread.run_sync(_problems)
    return JSONResponse({"ready": not problems, **problems}, 503 if problems else 200)


async def metrics(_request: Request) -> Response:
    """What is counted since the server started, as Prometheus reads it."""
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


def _problems() -> dict[str, str]:
    """What does not work, by what it is of."""
    found = {"network": _network(), "database": _database()}
    return {name: problem for name, problem in found.items() if problem}


def _network() -> str:
    """Why it can't answer; nothing where it can. Has it loaded, where nobody has asked for it."""
    loading: Future[Classifier] = network.load(registry.in_use().path)
    try:
        loading.result(_PATIENCE)
    except TimeoutError:
        return "The network is being loaded."
    except InklingError as error:
        return str(error)
    return ""


def _database() -> str:
    """Why no drawing can be saved; nothing where it can, or where saving is off. Makes none."""
    try:
        if drawing_store.is_there():
            drawing_store.store().counts()
    except InklingError as error:
        return str(error)
    return ""
