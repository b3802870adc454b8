"""What is said in the language of who reads it."""

from collections.abc import Callable
from datetime import UTC, datetime
from threading import Thread

import pytest

from model.errors import LONGEST, InklingError
from model.language import Text, _, best, current, kept, ngettext, pgettext, spoken
from ui.common import formatting, html
from ui.common.task import Task


@pytest.mark.parametrize(
    ("tag", "language"),
    [("de-AT", "de"), ("fr", "fr"), ("TR_tr", "tr"), ("it-IT", "en"), ("", "en"), (None, "en")],
)
def test_a_browsers_language(tag: str | None, language: str) -> None:
    assert best(tag) == language


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "97.3 %"), ("de", "97,3 %"), ("fr", "97,3\u00a0%"), ("es", "97,3 %"), ("tr", "%97,3")],
)
def test_a_share(language: str, said: str) -> None:
    with spoken(language):
        assert formatting.percent(0.973, 1) == said


@pytest.mark.parametrize(
    ("say", "said"),
    [
        (lambda: formatting.count(1, "digit"), "1 Ziffer"),
        (lambda: formatting.count(12000, "digit"), "12.000 Ziffern"),
        (lambda: formatting.probability(0.99999), "> 99,9 %"),
        (lambda: formatting.interval((0.98, 0.99)), "98,00 bis 99,00 %"),
        (lambda: formatting.data("mnist+synthetic:10000"), "MNIST + 10.000 synthetische Ziffern"),
        (
            lambda: formatting.moment(datetime(2026, 5, 2, 9, 4, tzinfo=UTC)),
            "2. Mai 2026, 09:04 UTC",
        ),
        (lambda: formatting.duration(4800), "1 h 20 min"),
        (lambda: pgettext("game", "Play"), "Spielen"),
        (lambda: _("Play"), "Abspielen"),
        (lambda: _(""), ""),
        (lambda: _("no text of ours, with {braces}"), "no text of ours, with {braces}"),
    ],
)
def test_german(say: Callable[[], str], said: str) -> None:
    with spoken("de"):
        assert say() == said


def test_an_error_speaks_the_language_of_who_reads_it() -> None:
    with spoken("fr"):
        error = InklingError("{file} is empty; wanted: {kinds}.", file=Text("The file"), kinds="x")
    assert str(error) == "The file is empty; wanted: x."
    with spoken("de"):
        assert str(error) == "Die Datei ist leer; gewünscht: x."


def test_an_error_that_quotes_at_length_is_cut_and_printable_in_each_language() -> None:
    error = InklingError("“{name}” names no room; wanted: {specs}.", name="\n" * 2000, specs="x")
    for language in ("en", "tr"):
        with spoken(language):
            assert len(str(error)) <= LONGEST + 1
            assert str(error).isprintable()


def test_what_has_braces_of_its_own_is_said_as_it_is() -> None:
    assert str(InklingError("no {such} thing")) == "no {such} thing"
    with spoken("de"):
        assert _("Saved as {label}", label="{label}") == "Gespeichert als {label}"


def test_another_thread_speaks_english_unless_it_is_told() -> None:
    heard: list[str] = []
    with spoken("es"):
        for listen in (lambda: heard.append(current()), kept(lambda: heard.append(current()))):
            thread = Thread(target=listen)
            thread.start()
            thread.join()
        assert Task("", lambda on_progress: current()).result() == "es"
    assert heard == ["en", "es"]
    assert current() == "en"


def test_a_template_escapes_what_it_is_given_in_each_language() -> None:
    for language in ("en", "de"):
        with spoken(language):
            shown = html.render("train/in_use.html", name="<script>")
            assert "<b>&lt;script&gt;</b>" in shown


def test_a_count_of_several_forms() -> None:
    with spoken("tr"):
        assert ngettext("{n:,} drawing", "{n:,} drawings", 2000) == "2.000 çizim"
