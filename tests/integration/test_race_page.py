"""A race that is over, on the Train page, without a browser."""

from pathlib import Path

from streamlit.testing.v1 import AppTest

from model.runs import registry, status
from model.runs.status import State
from model.training import pipeline
from model.training.recipes import get
from tests.support import records

PAGE = Path(__file__).parent.parent.parent / "pages" / "train.py"


def test_both_are_shown_with_who_leads(home: Path) -> None:
    runs = [
        registry.create(name, home / "runs" / f"20260101-000000-{name}-0001")
        for name in ("good", "quick")
    ]
    for run, name in zip(runs, ("good", "quick"), strict=True):
        run.write_config(records.config(get(name)))
    pipeline.race(runs[0], runs[1])
    for run in runs:
        run.write_log([records.step(0.5)])
        run.write_history(records.history(2))
        run.write_result(records.result())
        status.write(run.folder, State.FINISHED)
    page = AppTest.from_file(str(PAGE), default_timeout=60)
    page.session_state["entrypoint_ran"] = True
    page.run()
    assert not page.exception
    assert page.session_state["train_view"] == "race"
    shown = " ".join(element.proto.body for element in page.get("html"))
    assert "They are level after 2 epochs each" in shown
    assert "Good on synthetic digits" in shown
    assert "Quick on synthetic digits" in shown
    page.toggle(key="by_seconds").set_value(True).run()
    assert not page.exception
