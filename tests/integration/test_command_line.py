"""`inkling train`, `runs`, `use` and `export`, as a person runs them."""

import json
import os
import signal
from pathlib import Path

import pytest

from browser.waiting import until
from model.inference import classifier
from model.runs import registry
from model.runs.run import Run
from model.runs.status import State
from model.settings import home
from model.training import jobs, promotion
from model.training.jobs import Request
from tests.support.command_line import PATIENCE, command, refusal, started
from tests.support.runs import begun


@pytest.fixture(autouse=True)
def _home(home: Path) -> None:
    pass


def test_train_then_list_use_and_export(tmp_path: Path) -> None:
    status, out, err = command("train", "--data", "synthetic:600", "--epochs", 2, "--seed", 5)
    assert status == 0, err
    run = registry.all_runs()[0]
    result = run.result
    assert result
    assert result.promotion
    assert run.state == State.FINISHED
    assert run.config.seed == 5
    assert "Epoch 2/2" in out
    accuracy = f"{100 * result.test.accuracy:.2f} %"
    last = out.splitlines()[-1]
    assert last.startswith(f"Test accuracy {accuracy} (95 % interval ")
    assert last.endswith(f"on 100 digits. The run is in {run.folder}")
    assert err == promotion.sentence(result.promotion, is_used=False) + "\n"
    assert registry.in_use().run is None

    listed = f"{run.id}  finished  quick on synthetic:600, seed 5, {accuracy} on the test digits"
    assert command("runs")[1].startswith(f"  {listed}")
    assert command("use", run.id) == (0, f"{run.id} is in use.\n", "")
    assert registry.in_use().run == run
    assert command("runs")[1].startswith(f"* {listed}")

    status, out, _ = command("export", run.id, "--to", "tflite", "--out", tmp_path / "exported")
    assert (status, out) == (0, f"{tmp_path / 'exported' / 'inkling.tflite'}\n")
    written = {path.name for path in (tmp_path / "exported").iterdir()}
    assert written == {"inkling.tflite", "read.py", "requirements.txt", "model"}

    assert command("use", "shipped")[0] == 0
    assert registry.in_use().run is None


def test_every_option_of_the_page_is_there() -> None:
    status, _, err = command(
        *("train", "--recipe", "good", "--data", "synthetic:600", "--network", "small"),
        *("--epochs", 1, "--batch-size", 100, "--learning-rate", 0.005, "--seed", 3),
        *("--augmentation", "rotation=5,zoom=0.05"),
    )
    assert status == 0, err
    config = json.loads((registry.all_runs()[0].folder / "run.json").read_text())
    recipe = config["recipe"]
    assert (recipe["name"], recipe["network"], recipe["epochs"]) == ("good", "small", 1)
    assert (recipe["batch_size"], recipe["learning_rate"], config["seed"]) == (100, 0.005, 3)
    amounts = recipe["augmentation"]
    assert {name: amount for name, amount in amounts.items() if amount} == {
        "rotation": 5,
        "zoom": 0.05,
    }


def test_a_folder_of_ones_own_is_not_listed_nor_used(tmp_path: Path) -> None:
    status, _, err = command(
        "train", "--data", "synthetic:600", "--epochs", 1, "--out", tmp_path / "own"
    )
    assert status == 0, err
    assert registry.all_runs() == []
    assert registry.in_use().run is None
    classifier.load(Run(tmp_path / "own").model_path)


def test_ctrl_c_keeps_what_was_learned_and_resume_goes_on() -> None:
    training = started("train", "--data", "synthetic:600", "--epochs", 6)
    run = begun()
    until(lambda: len(run.snapshot().history) >= 1)
    training.send_signal(signal.SIGINT)
    _, err = training.communicate(timeout=PATIENCE)
    assert training.returncode == 130
    assert err == f"Stopped. “inkling train --resume {run.id}” goes on.\n"
    assert run.state == State.STOPPED
    kept = run.snapshot().history
    assert 1 <= len(kept) < 6
    status, _, err = command("train", "--resume", run.id)
    assert status == 0, err
    assert run.state == State.FINISHED
    assert run.snapshot().history[: len(kept)] == kept
    assert len(run.snapshot().history) == 6


def test_it_keeps_others_out_and_the_page_can_stop_it() -> None:
    training = started("train", "--data", "synthetic:600", "--epochs", 1000)
    run = begun()
    until(lambda: len(run.snapshot().history) >= 1)
    assert "A training is on already: quick on synthetic:600, epoch" in refusal("train")
    with pytest.raises(jobs.Busy):
        jobs.start(Request())
    jobs.stop(run)
    training.communicate(timeout=PATIENCE)
    assert training.returncode == 130
    assert run.state == State.STOPPED
    assert registry.all_runs() == [run]


def test_what_can_not_be_used(tmp_path: Path) -> None:
    assert "There is no run “nothing”; wanted" in refusal("use", "nothing")
    assert "There is no run “nothing”; wanted" in refusal("export", "nothing", "--to", "onnx")
    assert "There is no run “nothing”; wanted" in refusal("train", "--resume", "nothing")
    assert "'pt' is not one of 'keras', 'tflite', 'onnx'" in refusal(
        "export", "shipped", "--to", "pt"
    )
    assert "There is no recipe “fast”; wanted" in refusal("train", "--recipe", "fast")
    assert "is no file or folder; wanted" in refusal("train", "--data", tmp_path / "none.csv")
    assert refusal("train", "--epochs", 0) == (
        "inkling: The number of epochs is 0; wanted: from 1 to 1,000.\n"
    )
    assert "The batch size is 0; wanted" in refusal("train", "--batch-size", 0)
    assert "There is no network “huge”; wanted" in refusal("train", "--network", "huge")
    assert "There is no augmentation “some”; wanted" in refusal("train", "--augmentation", "some")
    assert "teaches the network in use" in refusal(
        "train", "--recipe", "teach", "--network", "large"
    )
    assert refusal("train", "--epochs", "many") == (
        "inkling: Invalid value for '--epochs': 'many' is not a valid integer; see inkling train "
        "--help\n"
    )
    assert "it takes no other option" in refusal("train", "--resume", "x", "--seed", 0)
    assert refusal("predict").endswith("Missing argument 'FILE…'; see inkling predict --help\n")
    assert "No such command 'learn'" in refusal("learn")
    assert registry.all_runs() == []  # nothing is left of a training that could not begin
    assert list((home() / "runs").iterdir()) == []


def test_a_home_that_can_not_be_written_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("INKLING_HOME", str(tmp_path / "file"))
    said = refusal("train", "--data", "synthetic:600")
    assert "the variable INKLING_HOME names another" in said
    assert command("runs") == (0, "", "")


def test_a_run_that_is_gone_is_said() -> None:
    run = registry.create("quick")
    run.model_path.write_bytes(b"")
    registry.use(run)
    run.model_path.unlink()
    _, _, err = command("runs")
    assert err == f"inkling: {registry.in_use().problem}\n"
    assert os.listdir(run.folder) == []
