"""The Why page in a real browser: each view is opened on a drawing, and shows what it says."""

import base64
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Locator, expect

from browser.server import serving
from browser.visitor import Visitor
from model.runs.run import Run
from model.training import networks
from model.training.recipes import RECIPES
from tests.browser.conftest import PHONE, Visit
from tests.support import records
from tests.support.files import encoded, payload, picture

# What is there last of each view.
VIEWS = {
    "What it saw": ".st-key-nearest .five img",
    "Which ink mattered": ".st-key-another img",
    "Stroke by stroke": ".timeline .digit",
    "Inside the network": ".st-key-responds .eight img",
    "Two networks": ".st-key-network-1 .eight img",
    "Break it": ".st-key-sweep-specks ol.sweep",
}
OTHER = "A run on MNIST"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, few_digits: Path) -> Iterator[str]:
    """A server with the built-in network and one run's, which has not learned anything yet."""
    home = tmp_path_factory.mktemp("home")
    run = home / "runs" / "20260101-000000-quick-aaaa"
    run.mkdir(parents=True)
    Run(run).write_config(records.config(replace(RECIPES["quick"], title="A run"), data="mnist"))
    networks.build("keras-tutorial").save(run / "model.keras")
    with serving(INKLING_HOME=str(home), MNIST_PATH=str(few_digits)) as address:
        yield address


class Asker(Visitor):
    """A visitor who draws and then wants to know why."""

    def asks(self, digit: int, view: str) -> None:
        self.draw(digit)
        self.reads(digit)
        self.page.get_by_role("link", name="Which ink mattered").click()
        self.opens(view)

    def opens(self, view: str) -> None:
        self.at("view").get_by_role("radio", name=view).click()
        expect(self.at("view").get_by_role("radio", name=view)).to_be_checked()

    def at(self, key: str) -> Locator:
        return self.page.locator(f".st-key-{key}")

    @property
    def shown(self) -> Locator:
        return self.at("why_shown")


@pytest.fixture
def asker(visit: Visit, address: str) -> Asker:
    return visit(address, Asker)


def svg(image: Locator) -> str:
    """The drawing in a picture's address."""
    address = image.get_attribute("src") or ""
    return base64.b64decode(address.partition(",")[2]).decode()


def test_without_a_drawing_there_is_a_sample(asker: Asker, address: str) -> None:
    asker.page.goto(f"{address}/why")
    expect(asker.at("why_nothing")).to_contain_text("nothing is drawn")
    expect(asker.shown).to_have_count(0)
    asker.press("why_another")
    expect(asker.page.locator(".about")).to_contain_text("Inkling reads 3")
    expect(asker.shown).to_contain_text("The digits most like it")
    asker.page.get_by_role("link", name="Draw a digit").click()
    asker.is_invited()


def test_what_it_saw(asker: Asker) -> None:
    asker.draw(4)
    asker.reads(4)
    seen = asker.page.locator(".st-key-seen img").get_attribute("src") or ""
    asker.page.get_by_role("link", name="Which ink mattered").click()
    asker.opens("What it saw")
    steps = asker.shown.locator(".steps img")
    expect(steps).to_have_count(4)
    assert svg(steps.nth(0)).count("<polyline") == 2
    assert "<rect" in svg(steps.nth(1)).partition("<polyline")[2]
    assert seen in svg(steps.nth(3))
    nearest = asker.at("nearest").locator("figcaption b")
    expect(nearest).to_have_count(5)
    assert "4" in nearest.all_inner_texts()
    expect(asker.at("nearest")).to_contain_text("of 600 of MNIST’s training digits")
    asker.screenshot("why-saw")


def test_which_ink_mattered(asker: Asker) -> None:
    asker.asks(4, "Which ink mattered")
    tinted = asker.at("mattered").locator("img")
    expect(tinted).to_have_count(2)
    colours = re.findall(r'stroke="(#\w+)"', svg(tinted.first))
    assert len(colours) > 10
    assert len(set(colours)) > 5
    without = asker.at("strokes").locator("figcaption")
    expect(without).to_have_count(2)
    expect(without.first).to_contain_text(re.compile("^1 .* sure, without stroke 1"))
    digits = asker.at("why_digit")
    digits.get_by_text("9", exact=True).click()
    expect(asker.at("another")).to_contain_text("and it reads a 9")
    digits.get_by_text("4", exact=True).click()
    expect(asker.at("another")).to_contain_text("It is read as a 4 already")
    digits.get_by_text("6", exact=True).click()
    expect(asker.at("another")).to_contain_text("and it reads a 6")
    asker.screenshot("why-ink")
    asker.page.get_by_role("link", name="Draw", exact=True).click()
    asker.reads(4)
    asker.page.get_by_role("link", name="Which ink mattered").click()
    expect(asker.at("another")).to_contain_text("and it reads a 6")


def test_no_digit_is_explained_as_a_digit_is(asker: Asker) -> None:
    for stroke in (
        [(0.15, 0.15), (0.85, 0.85)],
        [(0.85, 0.15), (0.15, 0.85)],
        [(0.5, 0.15), (0.5, 0.85)],
    ):
        asker.stroke(stroke)
    asker.is_told("does not look like a digit")
    asker.is_answered()
    asker.page.get_by_role("link", name="Which ink mattered").click()
    expect(asker.page.locator(".about")).to_contain_text("does not look like a digit")
    expect(asker.at("mattered")).to_contain_text("share in its being no digit")
    expect(asker.at("mattered")).not_to_contain_text(re.compile(r"sure of the \d|as an? \d\."))
    expect(asker.shown).to_contain_text("What would make it a digit?")
    expect(asker.at("another")).to_contain_text("and it reads a")
    asker.screenshot("why-none")


def test_stroke_by_stroke(asker: Asker) -> None:
    asker.asks(4, "Stroke by stroke")
    slider = asker.shown.get_by_role("slider")
    answer = asker.shown.locator(".moment")
    expect(answer.locator(".digit")).to_have_text("4")
    pens = asker.shown.locator("polyline:not(.whole)")
    expect(pens).to_have_count(2)
    expect(pens.nth(1)).to_be_visible()
    slider.press("Home")
    expect(pens.nth(1)).to_be_hidden()
    expect(answer.locator(".digit")).to_have_text("1")
    heights = set()
    for _ in range(39):
        slider.press("ArrowRight")
        heights.add(answer.locator("li").evaluate_all("bars => bars.map(b => b.ariaLabel).join()"))
    assert len(heights) > 10
    expect(answer.locator(".digit")).to_have_text("4")
    asker.screenshot("why-strokes")


def test_inside_the_network(asker: Asker) -> None:
    asker.asks(7, "Inside the network")
    maps = asker.shown.locator(".maps button")
    expect(maps).to_have_count(16)  # of the first layer of `networks.compact`
    maps.nth(2).click()
    expect(maps.nth(2)).to_have_attribute("aria-pressed", "true")
    responds = asker.at("responds")
    expect(responds).to_contain_text("No. 3, on your drawing")
    expect(responds.locator(".filters img")).to_have_count(1)
    expect(responds.locator(".eight img")).to_have_count(8)
    first = asker.at("why_layer").locator("input")
    expect(first).to_have_value(re.compile(r"Convolution, \d×\d, 16 filters"))
    asker.at("why_layer").locator("input").click()
    asker.page.get_by_role("option", name="11 numbers").click()
    expect(maps).to_have_count(11)
    maps.nth(7).click()
    expect(responds).to_contain_text("The number for 7, on your drawing")
    best = responds.locator(".eight img").first
    expect(best).to_have_attribute("alt", "A digit it likes: 7")
    asker.screenshot("why-inside")


def test_two_networks(asker: Asker) -> None:
    asker.asks(2, "Two networks")
    one, other = asker.at("network-0"), asker.at("network-1")
    expect(one.locator(".digit")).to_have_text("2")
    expect(other.locator("ol.bars li")).to_have_count(11)
    expect(asker.at("why_network-1").locator("input")).to_have_value(re.compile(OTHER))
    expect(other.get_by_alt_text("The ink it goes by")).to_be_visible()
    asker.at("why_network-1").locator("input").click()
    asker.page.get_by_role("option", name="In use").click()
    expect(other.locator(".digit")).to_have_text("2")
    asker.screenshot("why-two")


def test_break_it(asker: Asker) -> None:
    asker.asks(6, "Break it")
    broken, turned = asker.at("broken"), asker.at("sweep-turn").locator("ol.sweep li")
    expect(turned).to_have_count(19)
    expect(turned.nth(9)).to_have_class("now")
    expect(turned.nth(9)).to_have_attribute("aria-label", re.compile(r"^0: 6 > 99"))
    asker.at("why-turn").get_by_role("slider").press("End")
    expect(turned.nth(18)).to_have_class(re.compile("now other"))
    expect(broken.locator(".digit", has_text="6")).to_have_count(0)
    asker.screenshot("why-broken")
    asker.press("why_undo")
    expect(broken.locator(".digit")).to_have_text("6")
    expect(turned.nth(9)).to_have_class("now")


def test_a_picture_has_reasons_too(asker: Asker) -> None:
    asker.upload(payload("two.png", encoded(picture(2), "png")))
    asker.reads(2)
    asker.page.get_by_role("link", name="Which ink mattered").click()
    expect(asker.page.locator(".about")).to_contain_text("Inkling reads 2")
    asker.opens("What it saw")
    assert "<image" in svg(asker.shown.locator(".steps img").nth(1))
    asker.opens("Which ink mattered")
    expect(asker.at("another")).to_contain_text("and it reads")
    expect(asker.at("strokes")).to_have_count(0)
    asker.opens("Stroke by stroke")
    expect(asker.shown).to_contain_text("This is a picture")


def test_of_a_number_one_digit_is_explained(asker: Asker) -> None:
    asker.draw_number("42")
    asker.reads("42")
    fields = asker.page.locator(".st-key-seen img")
    seen = [field.get_attribute("src") or "" for field in fields.all()]
    asker.page.get_by_role("link", name="Which ink mattered").click()
    about, steps = asker.page.locator(".about"), asker.shown.locator(".steps img")
    digits = asker.at("why_place")
    expect(digits).to_contain_text("Which digit of 42?")
    asker.opens("What it saw")
    expect(about).to_contain_text("Inkling reads 4")
    assert svg(steps.first).count("<polyline") == 2
    assert seen[0] in svg(steps.nth(3))
    digits.get_by_role("radio", name="2").click()
    expect(about).to_contain_text("Inkling reads 2")
    assert svg(steps.first).count("<polyline") == 1
    assert seen[1] in svg(steps.nth(3))
    asker.opens("Which ink mattered")
    expect(asker.at("mattered")).to_contain_text("share in the 2")
    expect(asker.at("strokes")).to_have_count(0)
    asker.opens("Stroke by stroke")
    expect(asker.shown.locator(".moment .digit")).to_have_text("2")
    expect(asker.shown.locator("polyline:not(.whole)")).to_have_count(1)
    asker.page.get_by_role("link", name="Draw", exact=True).click()
    asker.reads("42")
    asker.page.get_by_role("link", name="Which ink mattered").click()
    expect(about).to_contain_text("Inkling reads 2")
    asker.screenshot("why-number")


def test_of_a_pictures_number_one_digit_is_explained(asker: Asker) -> None:
    asker.upload(payload("38.png", encoded(np.hstack([picture(3), picture(8)]), "png")))
    asker.reads("38")
    asker.page.get_by_role("link", name="Which ink mattered").click()
    asker.at("why_place").get_by_role("radio", name="8").click()
    expect(asker.page.locator(".about")).to_contain_text("Inkling reads 8")
    asker.opens("Which ink mattered")
    expect(asker.at("mattered")).to_contain_text("share in the 8")


def test_on_a_dark_phone_nothing_sticks_out(visit: Visit, address: str) -> None:
    asker = visit(address, Asker, **PHONE, color_scheme="dark")
    asker.touch(5)
    asker.reads(5)
    asker.page.get_by_role("link", name="Which ink mattered").tap()
    for number, (view, part) in enumerate(VIEWS.items()):
        asker.opens(view)
        expect(asker.shown.locator(part).first).to_be_visible()
        right = asker.shown.evaluate(
            "all => Math.max(...[...all.querySelectorAll('*')]"
            ".map(part => part.getBoundingClientRect().right))"
        )
        assert right <= 390
        asker.screenshot(f"why-phone-{number}")
