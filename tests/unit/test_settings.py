"""Who may retrain: everybody, nobody, or who knows the password; whether drawings are saved."""

import pytest

from model import host
from model.errors import InklingError


@pytest.fixture(autouse=True)
def _no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("INKLING_RETRAIN", raising=False)
    monkeypatch.delenv("INKLING_PASSWORD", raising=False)
    monkeypatch.delenv("INKLING_SAVING", raising=False)


def test_everybody_may_where_nothing_is_said() -> None:
    assert host.rule().retraining == "on"
    assert host.rule({}).admits()
    assert host.rule({"INKLING_PASSWORD": ""}).admits()


@pytest.mark.parametrize("value", ["off", "OFF", " off "])
def test_off_is_off_also_with_a_password(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INKLING_RETRAIN", value)
    rule = host.rule({"INKLING_PASSWORD": "open"})
    assert rule.retraining == "off"
    assert not rule.admits("open")


def test_a_password_admits() -> None:
    rule = host.rule({"INKLING_PASSWORD": "fünf"})
    assert rule.retraining == "password"
    assert rule.admits("fünf")
    assert not rule.admits()
    assert not rule.admits("funf")
    assert "fünf" not in repr(rule)


def test_the_variable_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INKLING_PASSWORD", "mine")
    rule = host.rule({"INKLING_PASSWORD": "theirs", "INKLING_RETRAIN": "on"})
    assert rule.admits("mine")
    assert not rule.admits("theirs")


@pytest.mark.parametrize("value", ["of", "no", "0", ""])
def test_a_misspelt_switch_is_no_yes(value: str) -> None:
    with pytest.raises(InklingError, match=rf"INKLING_RETRAIN has the value “{value}”; wanted"):
        host.rule({"INKLING_RETRAIN": value})


def test_drawings_are_saved_unless_the_host_says_no(monkeypatch: pytest.MonkeyPatch) -> None:
    assert host.saving()
    assert not host.saving({"INKLING_SAVING": "Off"})
    monkeypatch.setenv("INKLING_SAVING", "never")
    with pytest.raises(InklingError, match="INKLING_SAVING has the value “never”; wanted"):
        host.saving()
