"""The Train page's choices, without a browser."""

import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from model import settings
from model.runs import registry, status
from model.runs.run import Run, computer
from model.runs.status import State
from model.training import estimate, jobs
from model.training.recipes import RECIPES, get, reference
from tests.support import records
from ui.common.formatting import duration

PAGE = Path(__file__).parent.parent.parent / "pages" / "train.py"


@pytest.fixture(autouse=True)
def _home(home: Path) -> None:
    pass


def opened() -> AppTest:
    page = AppTest.from_file(str(PAGE), default_timeout=60)
    page.session_state["entrypoint_ran"] = True
    page.run()
    assert not page.exception
    return page


def texts(page: AppTest) -> str:
    return " ".join(caption.value for caption in page.caption)


def test_before_the_first_run_the_page_says_which_machine_its_times_are_of() -> None:
    page = opened()
    assert "On a machine with two cores it takes about" in texts(page)
    assert page.radio(key="recipe").options == [recipe.title for recipe in RECIPES.values()]


def test_it_is_said_beforehand_what_waits_for_a_yes() -> None:
    page = opened()
    assert re.search(r"Of \d+ trainings that were measured, \d+ took over", texts(page))
    page.radio(key="recipe").set_value("quick").run()
    assert "It also learns to say “not a digit”" in texts(page)
    assert "so it will likely wait for your yes" in texts(page)
    assert "It takes everything for a digit" not in texts(page)
    page.radio(key="recipe").set_value("keras-tutorial").run()
    assert "It takes everything for a digit, so it waits for your yes" in texts(page)


def test_looking_at_the_page_starts_no_training_and_leaves_no_file(home: Path) -> None:
    opened().run()
    assert jobs.current() is None
    assert not home.exists()


def test_a_run_tells_of_this_machine_for_every_recipe() -> None:
    good = get("good")
    run = registry.create(good.name)
    run.write_config(records.config(good, images=55_000, computer=computer()))
    measured = reference("good")
    assert measured
    seconds = 20 * (55_000 + 5_000 / 3) * measured.seconds_per_image
    run.write_result(records.result(seconds_per_epoch=seconds, overhead=4.0))
    expected = estimate.expected_seconds(get("quick"), 67_200, estimate.Speed(20, 4))
    assert expected
    page = opened()
    page.radio(key="recipe").set_value("quick").run()
    assert f"On this machine it takes about {duration(expected)}." in texts(page)


def test_a_run_that_was_deleted_meanwhile_is_left() -> None:
    def page() -> None:
        import streamlit as st

        from model.runs import registry
        from ui.train import control

        for run in registry.all_runs():
            registry.delete(run)
            control.follow(run, False)
        st.write("none is left")

    run = registry.create("quick")
    run.write_config(records.config(get("quick")))
    shown = AppTest.from_function(page, default_timeout=60).run()
    assert not shown.exception
    assert [text.value for text in shown.markdown] == ["none is left"]


def test_more_epochs_are_expected_to_take_longer() -> None:
    page = opened()
    page.radio(key="recipe").set_value("quick").run()
    before = texts(page)
    page.number_input(key="epochs-quick").set_value(100).run()
    assert not page.exception
    assert texts(page) != before
    (minutes,) = re.findall(r"it takes about (\d+) min", texts(page))
    assert int(minutes) > 3


def test_a_recipe_learns_from_its_own_digits_unless_there_is_a_file() -> None:
    page = opened()
    assert page.radio(key="recipe").value == "refine"
    assert page.selectbox(key="learns_from").value == RECIPES["refine"].data
    page.radio(key="recipe").set_value("best").run()
    assert page.selectbox(key="learns_from").value == RECIPES["best"].data
    page.radio(key="recipe").set_value("quick").run()
    assert page.selectbox(key="learns_from").value == RECIPES["quick"].data


def test_a_run_races_against_an_earlier_one() -> None:
    earlier, latest = finished("20260101-000000-good-0001"), finished("20260101-000000-quick-0002")
    page = opened()
    page.selectbox(key="rival").set_value(earlier.id).run()
    assert not page.exception
    legend = " ".join(element.proto.body for element in page.get("html"))
    assert legend.count('class="dash-0"') == 2
    assert latest.id in page.query_params["run"]
    registry.delete(earlier)
    page.run()
    assert not page.exception


def finished(name: str) -> Run:
    run = registry.create(name, settings.home() / "runs" / name)
    run.write_config(records.config(get(name.split("-")[2])))
    run.write_log([records.step(0.5)])
    run.write_history(records.history(2))
    run.write_result(records.result())
    status.write(run.folder, State.FINISHED)
    return run


def test_what_a_network_of_ones_own_costs_is_said_as_it_is_changed() -> None:
    page = opened()
    page.toggle(key="own_network").set_value(True).run()
    page.number_input(key="filters-0").set_value(8).run()
    page.number_input(key="filters-1").set_value(8).run()
    page.number_input(key="design-dense").set_value(0).run()
    assert "4,594 parameters" in texts(page).replace("**", "")
    assert "layers.Conv2D(8, 3" in page.code[0].value
    page.slider(key="convolutions").set_value(0).run()
    page.number_input(key="design-dense").set_value(1024).run()
    assert "layers.Dense(1024" in page.code[0].value
    page.slider(key="convolutions").set_value(1).run()
    page.number_input(key="filters-0").set_value(128).run()
    assert "wanted: 5,000,000 at most" in page.warning[0].value
    page.button(key="retrain").click().run()
    assert registry.all_runs() == []
