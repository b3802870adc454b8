"""Saying what was drawn, and the Drawings page: mended, deleted, taken along, learned from."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import FilePayload, Page, expect

from browser.server import serving
from browser.visitor import Visitor
from model.data import datasets, drawings, synthetic
from model.data.drawings import SavedDrawing, Store
from model.data.samples import NO_DIGIT
from model.data.visitors import HOST
from model.preprocessing.pixels import to_uint8
from model.preprocessing.strokes import prepare_strokes
from model.runs import registry
from model.settings import home
from tests.browser.conftest import PHONE, Visit
from tests.browser.watcher import Watcher
from tests.support import digits
from tests.support.files import encoded, payload, picture


class Collector(Watcher):
    """A visitor of the Drawings page."""

    where = "drawings"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server with few digits for MNIST, whose database the tests see too."""
    folder = tmp_path_factory.mktemp("teach")
    (folder / "few.npz").write_bytes(digits.npz(1200))
    settings = {"INKLING_HOME": str(folder / "home"), "MNIST_PATH": str(folder / "few.npz")}
    with pytest.MonkeyPatch.context() as patch:
        for name, value in settings.items():
            patch.setenv(name, value)
        patch.delenv("INKLING_MODEL", raising=False)
        patch.delenv("INKLING_DATABASE", raising=False)
        with serving(**settings) as address:
            yield address


@pytest.fixture
def store(address: str) -> Iterator[Store]:
    with drawings.opened() as store:
        store.delete_all(HOST)
        yield store


def drawn(label: int, seed: int, answer: int | None = None) -> SavedDrawing:
    strokes = synthetic.draw_digit(label, np.random.default_rng(seed))
    image = prepare_strokes(strokes).image
    assert image is not None
    return SavedDrawing(to_uint8(image), label, strokes, answer)


def saved_as(visitor: Visitor, words: str) -> None:
    expect(visitor.page.locator(".st-key-saved")).to_contain_text(f"Saved as {words}")


def test_a_tap_saves_and_another_changes_it(visit: Visit, address: str, store: Store) -> None:
    visitor = visit(address)
    expect(visitor.page.locator(".st-key-right button")).to_be_disabled()
    visitor.draw(7)
    visitor.reads(7)
    visitor.press("right")
    saved_as(visitor, "7")
    (found,) = store.all()
    assert (found.label, found.answer, found.run) == (7, 7, None)
    assert found.strokes
    assert len(found.strokes) == 1
    np.testing.assert_array_equal(found.image, visitor.seen())
    visitor.screenshot("teach-saved")

    visitor.press("is-1")
    saved_as(visitor, "1")
    visitor.press("is-none")
    saved_as(visitor, "not a digit")
    assert [(one.id, one.label) for one in store.all()] == [(found.id, NO_DIGIT)]
    visitor.press("unsave")
    expect(visitor.page.locator(".st-key-saved")).to_contain_text("Tap what it is")
    assert store.all() == []

    visitor.press("is-1")
    saved_as(visitor, "1")
    visitor.press("clear")
    visitor.is_invited()
    visitor.upload(payload("two.png", encoded(picture(2), "png")))
    visitor.reads(2)
    visitor.press("right")
    saved_as(visitor, "2")
    first, second = store.all()
    assert (first.label, first.answer, second.label, second.strokes) == (1, 7, 2, None)


def test_each_digit_of_a_number_is_saved_by_itself(
    visit: Visit, address: str, store: Store
) -> None:
    visitor = visit(address)
    before = len(store.all())
    visitor.draw_number("42")
    visitor.reads("42")
    visitor.press("right")
    saved_as(visitor, "4, 2")
    four, two = store.all()[before:]
    assert (four.label, four.answer, two.label, two.answer) == (4, 4, 2, 2)
    assert four.strokes
    assert two.strokes
    assert (len(four.strokes), len(two.strokes)) == (2, 1)
    assert max(s[:, 0].max() for s in four.strokes) < min(s[:, 0].min() for s in two.strokes)

    visitor.page.locator(".st-key-which").get_by_role("radio", name="2").click()
    visitor.press("is-7")
    saved_as(visitor, "4, 7")
    assert [one.label for one in store.all()[before:]] == [4, 7]
    visitor.press("unsave")
    expect(visitor.page.locator(".st-key-saved")).to_contain_text("Tap what it is")
    assert len(store.all()) == before


def test_a_locked_database_is_said_and_the_next_tap_saves(
    visit: Visit, address: str, store: Store
) -> None:
    visitor = visit(address)
    visitor.draw(3)
    visitor.reads(3)
    with closing(sqlite3.connect(home() / "drawings.db")) as other:
        other.execute("BEGIN EXCLUSIVE")
        visitor.press("right")
        told = visitor.page.locator(".st-key-saved").get_by_role("alert")
        expect(told).to_contain_text("(database is locked); wanted")
        visitor.screenshot("teach-locked")
    visitor.press("right")
    saved_as(visitor, "3")
    assert [found.label for found in store.all()] == [3]


def test_the_drawings_page_shows_mends_and_deletes(
    visit: Visit, address: str, store: Store
) -> None:
    one, other = store.save(drawn(3, 1, 3)), store.save(drawn(5, 2, 8))
    collector = visit(address, Collector)
    shown = collector.page.locator(".st-key-album figure.drawing")
    expect(shown).to_have_count(2)
    expect(collector.page.locator(f".st-key-wrong-drawing-{other}")).to_contain_text("read as 8")
    collector.screenshot("drawings")

    collector.at("wrong").locator("label").click()
    expect(shown).to_have_count(1)
    collector.choose(f"change-{other}", re.compile("^8$"))
    expect(shown).to_have_count(0)
    collector.at("wrong").locator("label").click()
    expect(shown).to_have_count(2)
    assert {found.label for found in store.all()} == {3, 8}

    collector.at("label").get_by_text("8", exact=True).click()
    expect(shown).to_have_count(1)
    collector.press(f"delete-{other}")
    expect(shown).to_have_count(1)
    expect(shown).to_contain_text("read as 3")
    assert [found.id for found in store.all()] == [one]


def test_files_go_and_come_back(visit: Visit, address: str, store: Store, tmp_path: Path) -> None:
    given = [drawn(digit, digit) for digit in range(10)]
    store.add(given)
    collector = visit(address, Collector)
    files = {}
    for kind, name in (("csv", "drawings.csv"), ("npz", "strokes.npz")):
        download = collector.download(f"download-{kind}")
        assert download.suggested_filename == name
        files[kind] = tmp_path / name
        download.save_as(files[kind])
    digits = datasets.read(files["csv"])
    assert digits.labels is not None
    assert digits.labels.tolist() == list(range(10))
    np.testing.assert_array_equal(digits.images, np.stack([one.image for one in given]))

    collector.press("delete_all")
    assert len(store.all()) == 10  # it asks once more
    collector.press("delete_all_now")
    expect(collector.page.get_by_role("heading", name="0 drawings")).to_be_visible()

    def bring(number: int, given: Path | FilePayload) -> None:
        """After each file there is a new place for the next."""
        collector.at(f"bring-{number}").locator("input[type=file]").set_input_files(given)

    bring(0, files["npz"])
    expect(collector.page.get_by_text("Added 10 drawings")).to_be_visible()
    assert all(found.strokes for found in store.all())
    bring(1, files["csv"])
    expect(collector.page.get_by_text("10 were there already")).to_be_visible()
    bring(2, payload("no.csv", b"a,b\n1,2\n"))
    expect(collector.page.get_by_role("alert")).to_contain_text("“no.csv”")
    assert len(store.all()) == 10


def test_many_are_shown_page_by_page(visit: Visit, address: str, store: Store) -> None:
    blank = np.zeros((28, 28), np.uint8)
    for number in range(30):
        blank[0, number % 28] += 1
        store.save(SavedDrawing(blank.copy(), number % 2))
    collector = visit(address, Collector)
    shown = collector.page.locator(".st-key-album figure.drawing")
    expect(shown).to_have_count(24)
    collector.press("older")
    expect(shown).to_have_count(6)
    expect(collector.at("pager")).to_contain_text("2 of 2")
    collector.press("newer")
    expect(shown).to_have_count(24)


def test_it_learns_from_drawings(visit: Visit, address: str, store: Store) -> None:
    for seed in range(2):
        store.save(drawn(seed, seed, answer=7))
    collector = visit(address, Collector)
    collector.press("teach_now")
    lesson = collector.at("lesson")
    expect(lesson).to_contain_text("Finished", timeout=180_000)
    expect(lesson).to_contain_text(re.compile(r"These drawings\s*\d+ → \d+ %"))
    expect(lesson).to_contain_text("MNIST")
    (run,) = registry.all_runs()
    assert run.result
    assert run.result.drawings
    assert run.result.drawings.n == 2
    assert run.result.promotion
    assert (registry.in_use().run == run) == run.result.promotion.passed
    collector.screenshot("drawings-taught")
    collector.page.get_by_role("link", name="Runs").click()
    collector.pick(run)
    expect(collector.at("result")).to_contain_text("test accuracy")
    collector.page.get_by_role("link", name="Train", exact=True).click()
    Watcher(collector.page).choose("learns_from", "MNIST + saved drawings")


def test_where_saving_is_off_nothing_is_offered(visit: Visit) -> None:
    with serving(INKLING_SAVING="off") as address:
        visitor = visit(address)
        visitor.draw(4)
        visitor.reads(4)
        expect(visitor.page.locator(".st-key-right")).to_have_count(0)
        visitor.page.get_by_role("link", name="Drawings").click()
        collector = Collector(visitor.page)
        expect(collector.page.get_by_text("switched off here")).to_be_visible()
        expect(collector.at("bring")).to_have_count(0)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_finger_hits_every_button(visit: Visit, address: str, store: Store, theme: str) -> None:
    viewport = {"width": 360, "height": 780}
    visitor = visit(address, **PHONE | {"viewport": viewport, "color_scheme": theme})
    visitor.touch(4)
    visitor.reads(4)
    for key in ("right", "is-none", *(f"is-{digit}" for digit in range(10))):
        left, _, width, height = visitor.box(visitor.page.locator(f".st-key-{key} button"))
        assert width >= 44
        assert height >= 44
        assert 0 <= left <= 360 - width
    visitor.page.locator(".st-key-right button").tap()
    saved_as(visitor, "4")
    assert fits(visitor.page)
    visitor.screenshot(f"teach-phone-{theme}")
    collector = Collector(visitor.page, address)
    expect(collector.page.locator("figure.drawing")).to_have_count(1)
    assert fits(visitor.page)
    collector.screenshot(f"drawings-phone-{theme}")


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth") == 360)
