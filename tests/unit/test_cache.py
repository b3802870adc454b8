"""What the Why page knows about the networks of a server."""

from pathlib import Path

from model.runs import registry
from model.runs.run import Run
from model.settings import PRETRAINED
from tests.support import records
from ui.why import cache


def trained() -> Run:
    run = registry.create("quick")
    run.write_config(records.config())
    run.model_path.write_bytes(b"a model")
    return run


def test_two_runs_of_one_minute_are_both_offered(home: Path) -> None:
    using, *others = trained(), trained(), trained()
    registry.use(using)
    first, *rest = cache.networks().values()
    assert first == using.model_path
    assert set(rest) == {PRETRAINED, *(run.model_path for run in others)}
