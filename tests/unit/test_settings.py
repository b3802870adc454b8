"""What a host sets: by variables, else by secrets, else as it is by default; in a sentence where
that can't be."""

from pathlib import Path

import pytest

from model.data.datasets import load_test
from model.errors import InklingError
from model.settings import (
    NOBODY,
    Account,
    Classrooms,
    Drawings,
    Paths,
    Permissions,
    Role,
    Saving,
    home,
)


@pytest.fixture(autouse=True)
def _no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for kind in (Paths, Permissions, Saving, Drawings, Classrooms):
        for variable in kind.variables():
            monkeypatch.delenv(variable, raising=False)


def test_without_any() -> None:
    assert home().name == "inkling"
    paths = Paths.read()
    assert (paths.model, paths.mnist, paths.keras) == (None, None, None)
    assert Permissions.read().role() == Role.TEACHER
    assert Saving.read().saving == "on"
    assert Saving.read().database.get_secret_value() == ""


def test_paths_are_where_the_variables_say_now(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INKLING_HOME", str(tmp_path))
    assert home() == tmp_path
    monkeypatch.setenv("INKLING_HOME", "~/elsewhere")
    assert home() == Path.home() / "elsewhere"
    monkeypatch.setenv("INKLING_HOME", "")
    assert home().name == "inkling"
    monkeypatch.setenv("INKLING_MODEL", "~/mine.keras")
    assert Paths.read().model == Path.home() / "mine.keras"


def test_the_home_of_nobody_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INKLING_HOME", "~nobody-here/runs")
    with pytest.raises(
        InklingError, match=r"^INKLING_HOME has the value “~nobody-here/runs”; wanted: a path\.$"
    ):
        home()


def test_a_file_that_is_not_mnist_is_told_by_its_variable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MNIST_PATH", str(tmp_path / "nothing.npz"))
    with pytest.raises(InklingError, match=r"The variable MNIST_PATH .*nothing\.npz"):
        load_test("mnist")


def test_everybody_may_where_nothing_is_said() -> None:
    assert Permissions.read({}).role() == Role.TEACHER
    assert Permissions.read({"INKLING_PASSWORD": ""}).role() == Role.TEACHER
    assert not Permissions.read().takes_password


@pytest.mark.parametrize("value", ["off", "OFF", " off "])
def test_off_is_off_also_with_a_password(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INKLING_RETRAIN", value)
    permissions = Permissions.read({"INKLING_PASSWORD": "open"})
    assert not permissions.takes_password
    assert permissions.role("open") == Role.VISITOR


def test_a_password_admits() -> None:
    permissions = Permissions.read({"INKLING_PASSWORD": "fünf"})
    assert permissions.takes_password
    assert permissions.role("fünf") == Role.HOST
    assert permissions.role() == Role.VISITOR
    assert permissions.role("funf") == Role.VISITOR
    assert "fünf" not in repr(permissions)
    assert Permissions.read({"INKLING_PASSWORD": 1234}).role("1234") == Role.HOST


HEAD = Account("1", "Head@school.example")
TEACHER = Account("2", "teacher@school.example")
NAMED = {"INKLING_HOSTS": "head@school.example", "INKLING_TEACHERS": "@school.example, sub:AB7"}


@pytest.mark.parametrize(
    ("account", "role"),
    [
        (HEAD, Role.HOST),
        (TEACHER, Role.TEACHER),
        (Account("ab7"), Role.TEACHER),
        (Account("3", "pupil@elsewhere.example"), Role.VISITOR),
        (Account("4", "head@school.example.evil"), Role.VISITOR),
        (Account("head@school.example", ""), Role.VISITOR),  # of its own choice, perhaps
        (Account("5", "ab7"), Role.VISITOR),
        (NOBODY, Role.VISITOR),
    ],
)
def test_who_signs_in_is_what_the_host_says(account: Account, role: Role) -> None:
    permissions = Permissions.read(NAMED)
    assert permissions.takes_accounts
    assert permissions.role(account=account) == role
    assert permissions.role(account=account, at_server=True) == role  # it makes nobody a host


def test_beside_accounts_a_password_makes_teachers() -> None:
    permissions = Permissions.read(NAMED | {"INKLING_PASSWORD": "sesame"})
    assert permissions.role("sesame") == Role.TEACHER
    assert permissions.role("wrong") == Role.VISITOR
    assert permissions.role("wrong", account=HEAD) == Role.HOST
    without_hosts = Permissions.read({"INKLING_TEACHERS": "@b.example", "INKLING_PASSWORD": "s"})
    assert without_hosts.role("s") == Role.HOST
    assert without_hosts.role(account=Account("1", "a@b.example")) == Role.TEACHER


def test_with_hosts_alone_everybody_may_teach_and_with_teachers_alone_who_sits_there_is_host() -> (
    None
):
    assert Permissions.read({"INKLING_HOSTS": "a@b.example"}).role() == Role.TEACHER
    permissions = Permissions.read({"INKLING_TEACHERS": "a@b.example"})
    assert permissions.role() == Role.VISITOR
    assert permissions.role(at_server=True) == Role.HOST


def test_managing_is_off_or_on_for_who_may_teach_alike() -> None:
    off = Permissions.read(NAMED | {"INKLING_MANAGING": "off"})
    assert off.role(account=HEAD) == Role.TEACHER
    on = Permissions.read(NAMED | {"INKLING_MANAGING": "on"})
    assert on.role(account=TEACHER) == Role.HOST
    assert on.role() == Role.VISITOR


def test_no_address_is_nobody() -> None:
    with pytest.raises(InklingError, match=r"INKLING_HOSTS has .*; wanted: e-mail addresses, @dom"):
        Permissions.read({"INKLING_HOSTS": "head"})


def test_the_variable_wins_unless_it_is_empty(monkeypatch: pytest.MonkeyPatch) -> None:
    secrets = {"INKLING_PASSWORD": "theirs", "INKLING_RETRAIN": "on"}
    monkeypatch.setenv("INKLING_PASSWORD", "mine")
    assert Permissions.read(secrets).role("mine") == Role.HOST
    assert Permissions.read(secrets).role("theirs") == Role.VISITOR
    monkeypatch.setenv("INKLING_PASSWORD", "")
    assert Permissions.read(secrets).role("theirs") == Role.HOST
    assert Permissions.read(secrets).role() == Role.VISITOR


@pytest.mark.parametrize("value", ["of", "no", "0", "", False])
def test_a_misspelt_switch_is_no_yes(value: object) -> None:
    with pytest.raises(InklingError) as error:
        Permissions.read({"INKLING_RETRAIN": value, "INKLING_PASSWORD": "geheim"})
    assert str(error.value) == f"INKLING_RETRAIN has the value “{value}”; wanted: on or off."
    assert error.value.__cause__ is None
    assert Saving.read({"INKLING_RETRAIN": value}).saving == "on"  # no business of its own


def test_drawings_are_saved_unless_the_host_says_no(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Saving.read({"INKLING_SAVING": "Off"}).saving == "off"
    monkeypatch.setenv("INKLING_SAVING", "never")
    with pytest.raises(InklingError, match="INKLING_SAVING has the value “never”; wanted"):
        Saving.read()


def test_an_address_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INKLING_DATABASE", "postgresql://me:geheim@inside/x")
    assert "geheim" not in repr(Saving.read())
    assert Saving.read().database.get_secret_value() == "postgresql://me:geheim@inside/x"


def test_rooms_wipe_themselves_after_the_days_that_the_host_sets() -> None:
    assert Classrooms.read().days == 30
    assert Classrooms.read({"INKLING_ROOM_DAYS": " 7 "}).days == 7
    assert Classrooms.read({"INKLING_ROOMS": "off"}).making == "off"
    for value in ("0", "366", "soon", "-1", "9" * 20):
        with pytest.raises(InklingError, match=r"INKLING_ROOM_DAYS .*; wanted: a number of days"):
            Classrooms.read({"INKLING_ROOM_DAYS": value})
