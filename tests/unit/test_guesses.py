"""Guesses of the password: a few at once, then ever more slowly, whoever one says one is."""

import logging
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.guesses import FORGOTTEN, FREE, LONGEST, CodeGuesses, Guesses
from model.settings import Permissions, Role
from tests.support.clock import Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def guesses(clock: Clock) -> Guesses:
    return Guesses(now=clock)


def wrong(guesses: Guesses, *names: str) -> bool:
    return guesses.attempt(names, lambda: False)


def test_a_few_wrong_ones_are_free_then_each_waits_longer(guesses: Guesses, clock: Clock) -> None:
    waits = []
    for _ in range(FREE + 14):
        clock.now += guesses.wait(["a"])
        wrong(guesses, "a")
        waits.append(guesses.wait(["a"]))
    assert waits[: FREE - 1] == [0.0] * (FREE - 1)
    assert waits[FREE - 1 : FREE + 3] == [1.0, 2.0, 4.0, 8.0]
    assert waits[-1] == LONGEST


def test_while_there_is_a_wait_the_right_one_is_not_taken_either(
    guesses: Guesses, clock: Clock
) -> None:
    for _ in range(FREE):
        wrong(guesses, "a")

    def is_right() -> bool:
        raise AssertionError("it was looked at")

    assert not guesses.attempt(["a"], is_right)
    clock.now += 1
    assert guesses.attempt(["a"], lambda: True)
    assert guesses.wait(["a"]) == 0


def test_neither_a_new_session_nor_a_new_address_begins_anew(guesses: Guesses) -> None:
    for number in range(FREE):
        wrong(guesses, f"session {number}", "address 192.0.2.1")
    assert guesses.wait(["session new", "address 192.0.2.1"]) == 1
    for number in range(FREE):
        wrong(guesses, "session one", f"address 198.51.100.{number}")
    assert guesses.wait(["session one", "address new"]) == 1
    assert guesses.wait(["session new", "address new"]) == 0


def test_an_hour_without_one_forgets(guesses: Guesses, clock: Clock) -> None:
    for _ in range(FREE + 3):
        clock.now += guesses.wait(["a"])
        wrong(guesses, "a")
    clock.now += FORGOTTEN
    wrong(guesses, "b")
    assert guesses.wait(["a"]) == 0
    wrong(guesses, "a")
    assert guesses.wait(["a"]) == 0


def test_of_many_at_once_no_more_are_looked_at(guesses: Guesses) -> None:
    looked = []

    def guess(number: int) -> bool:
        def is_right() -> bool:
            looked.append(number)
            return False

        return guesses.attempt(["a"], is_right)

    with ThreadPoolExecutor(8) as pool:
        assert not any(pool.map(guess, range(200)))
    assert len(looked) == FREE


def test_a_wrong_one_is_logged_without_it(
    guesses: Guesses, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        wrong(guesses, "session 7", "address 192.0.2.1")
    assert caplog.messages == ["A wrong password from session 7, address 192.0.2.1"]


@given(st.text(st.characters(codec=None), max_size=30))
def test_any_text_is_a_guess(text: str) -> None:
    """Also half of a pair of surrogates, which no encoding has."""
    permissions = Permissions.read({"INKLING_PASSWORD": "sesame"})
    assert permissions.is_password(text) == (text == "sesame")


def test_ten_megabytes_are_no_password() -> None:
    permissions = Permissions.read({"INKLING_PASSWORD": "sesame"})
    assert not permissions.is_password("sesame" * 2_000_000)
    assert not permissions.is_password("\ud800")


@pytest.mark.parametrize(
    ("managing", "password", "given", "at_server", "may"),
    [
        ("host", "", "", True, True),
        ("host", "", "", False, False),
        ("host", "sesame", "sesame", False, True),
        ("host", "sesame", "wrong", True, False),
        ("on", "", "", False, True),
        ("on", "sesame", "", True, False),
        ("off", "sesame", "sesame", True, False),
    ],
)
def test_who_may_delete(
    managing: str, password: str, given: str, at_server: bool, may: bool
) -> None:
    secrets = {"INKLING_MANAGING": managing, "INKLING_PASSWORD": password}
    assert (Permissions.read(secrets).role(given, at_server) == Role.HOST) == may
    off = Permissions.read({**secrets, "INKLING_RETRAIN": "off"})
    assert off.role(given, at_server) == Role.VISITOR


# ---------------------------------------------------------------- the code of a room


def test_ten_wrong_codes_a_minute_from_an_address(clock: Clock) -> None:
    guesses = CodeGuesses(now=clock)
    for _ in range(CodeGuesses.A_MINUTE):
        assert guesses.wait("school") == 0
        assert not guesses.attempt("school", lambda: False)
        clock.now += 1
    assert guesses.wait("school") == 50
    assert not guesses.attempt("school", pytest.fail)  # it is not looked at
    assert guesses.attempt("home", lambda: True)
    clock.now += 50
    assert guesses.attempt("school", lambda: True)  # who guesses right may again at once
    assert not guesses.attempt("school", lambda: False)
    assert guesses.wait("school") == 1  # one a second from then on
