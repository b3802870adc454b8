"""The session's state: nothing is in it that is not declared, and each value has one writer."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from ui.common import state
from ui.common.state import Value, Widget, Widgets

ROOT = Path(__file__).parent.parent.parent
DECLARATIONS = "ui.common.state"
DECLARED = {
    name: value for name, value in vars(state).items() if isinstance(value, Value | Widgets)
}
MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts): ast.parse(path.read_text())
    for path in sorted([ROOT / "app.py", *ROOT.glob("pages/*.py"), *ROOT.glob("ui/**/*.py")])
}


def value_of(node: ast.AST) -> str | None:
    """The NAME where the node is `state.NAME` or `state.NAME[…]`."""
    if isinstance(node, ast.Subscript):
        return value_of(node.value)
    if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "state":
        return node.attr if node.attr.isupper() else None
    return None


def uses(tree: ast.Module) -> list[str]:
    """Every value of the session's that a module names, as often as it does."""
    attributes = (node for node in ast.walk(tree) if isinstance(node, ast.Attribute))
    return sorted(name for node in attributes if (name := value_of(node)))


def reads(tree: ast.Module) -> list[str]:
    """Those of the uses that are no more than `state.NAME.get()`."""
    calls = (node.func for node in ast.walk(tree) if isinstance(node, ast.Call))
    gets = (node.value for node in calls if isinstance(node, ast.Attribute) and node.attr == "get")
    return sorted(name for node in gets if (name := value_of(node)))


def written_out(tree: ast.Module) -> Iterator[object]:
    """The keys of widgets that are strings on the spot."""
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and isinstance(node.value, ast.Constant):
            yield node.value.value if node.arg == "key" else None


@pytest.mark.parametrize("module", sorted(set(MODULES) - {DECLARATIONS}))
def test_nothing_else_touches_the_session(module: str) -> None:
    attributes = (node for node in ast.walk(MODULES[module]) if isinstance(node, ast.Attribute))
    lines = [node.lineno for node in attributes if node.attr == "session_state"]
    assert not lines, f"declare it in {DECLARATIONS}"


@pytest.mark.parametrize("module", MODULES)
def test_who_does_not_own_a_value_only_reads_it(module: str) -> None:
    used = uses(MODULES[module])
    assert set(used) <= set(DECLARED)
    foreign = [name for name in used if DECLARED[name].owner != module]
    assert foreign == [name for name in reads(MODULES[module]) if DECLARED[name].owner != module]


@pytest.mark.parametrize("name", DECLARED)
def test_each_value_has_an_owner_that_uses_it(name: str) -> None:
    assert name in uses(MODULES[DECLARED[name].owner])


def test_no_two_values_have_a_key_in_common() -> None:
    keys = [v.prefix if isinstance(v, Widgets) else v.key for v in DECLARED.values()]
    assert len(keys) == len(set(keys))


def test_no_widget_has_a_declared_key_written_out() -> None:
    keys = {value.key for value in DECLARED.values() if isinstance(value, Value)}
    for module, tree in MODULES.items():
        assert not keys & set(written_out(tree)), module


def test_what_is_handed_on_is_no_mere_reading() -> None:
    tree = ast.parse(
        "state.OWN_RUN.set(True); widget = state.EPOCHS['quick']; f(state.RECIPE)\n"
        "state.SEED.get(); state.EPOCHS['best'].get()"
    )
    assert uses(tree) == ["EPOCHS", "EPOCHS", "OWN_RUN", "RECIPE", "SEED"]
    assert reads(tree) == ["EPOCHS", "SEED"]


def test_a_widget_that_was_not_shown_yet_has_its_default() -> None:
    assert Widget("nowhere", "nobody", lambda: 7).get() == 7
    assert Widgets("nowhere", "nobody", int)["here"].key == "nowhere-here"
