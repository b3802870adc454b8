"""No text is handed to the page that is not asked of the catalogue."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from model.settings import ROOT

SCRIPTS = [ROOT / "app.py", *(ROOT / "pages").glob("*.py"), *(ROOT / "ui").rglob("*.py")]
# The command line speaks English.
MODEL = [
    path
    for path in (ROOT / "model").rglob("*.py")
    if path.name not in ("commands.py", "__main__.py")
]
TEMPLATES = sorted((ROOT / "ui" / "templates").rglob("*.html"))
TRANSLATED = {"_", "ngettext", "pgettext", "Text", "marked", "InklingError", "Refused"}
# For who runs the server, and not for who visits it.
OF_THE_HOST = [ROOT / "ui" / "host", ROOT / "ui" / "common" / "metrics.py"]
PROSE = re.compile(r"[A-Za-zé’]{2,}[,:;]? [a-zA-Z]{2,}|^[A-Z][a-z]+[.…?!]?$")
ATTRIBUTES = re.compile(r'(?:alt|title|aria-label|placeholder)="([^"]*)"')
# Names, which are the same in every language, and what nobody reads.
NO_TEXT = {
    "ABC 347",
    "Adadelta",
    "Dense",
    "Keras",
    "Host",
    "Forwarded",
    "Via",
    "Inkling",
    "MNIST",
    "Path",
    "Python",
    "Row",
    "Training",
    "Validation",
    "good accuracy>99 seconds<60",
    "saved drawing",
    "of this machine",
    "this machine",
}


def test_a_script_says_nothing_by_itself() -> None:
    assert not [said for script in SCRIPTS for said in _said(script)]


def _said(script: Path) -> list[str]:
    if any(script.is_relative_to(place) for place in OF_THE_HOST):
        return []
    tree = ast.parse(script.read_text())
    translated = {
        id(part)
        for call in _calls(tree)
        if _name(call) in TRANSLATED
        for argument in call.args
        for part in ast.walk(argument)
    }
    return [
        f"{script}:{node.lineno}: {node.value}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in translated | set(_docstrings(tree))
        and PROSE.search(node.value)
        and not node.value.startswith(("<", "[data-"))
        and node.value not in NO_TEXT
    ]


def test_what_is_translated_is_written_out() -> None:
    """An f-string, or a choice between two texts, is in no catalogue."""
    wrong = [
        f"{script}:{call.lineno}"
        for script in (*SCRIPTS, *MODEL)
        for call in _calls(ast.parse(script.read_text()))
        if _name(call) in TRANSLATED
        and call.args
        and isinstance(call.args[0], ast.JoinedStr | ast.IfExp | ast.BinOp)
    ]
    assert not wrong


def test_a_template_says_nothing_by_itself() -> None:
    assert not [said for template in TEMPLATES for said in _said_by_template(template)]


def _said_by_template(template: Path) -> list[str]:
    text = re.sub(r"{#.*?#}|{{.*?}}|{%.*?%}", "", template.read_text(), flags=re.DOTALL)
    said = [words for words in ATTRIBUTES.findall(text) if re.search("[a-z]{2}", words)]
    without_symbols = re.sub(r'<i [^>]*translate="no"[^>]*>[^<]*</i>', "", text)
    between = re.sub(r"<[^>]*>|&nbsp;", "\n", without_symbols)
    return [*said, *re.findall(r".*[A-Za-z]{2,}.*", between)]


def _calls(tree: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def _name(call: ast.Call) -> str:
    function = call.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _docstrings(tree: ast.AST) -> Iterator[int]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield id(node.value)
