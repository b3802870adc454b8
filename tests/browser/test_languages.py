"""The pages in the language of who reads them: the browser's, or the one chosen by hand."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import PHONE, Visit
from tests.browser.test_access import found

# The pages by their addresses, and what each is called in Turkish.
PAGES = {
    "why": "Neden?",
    "drawings": "Çizimler",
    "rooms": "Odalar",
    "train": "Yeni bir ağ eğit",
    "runs": "Eğitimler",
    "batch": "Bütün bir dosya birden",
    "lesson": "45 dakikalık bir ders",
    "privacy": "Neler saklanır",
}
TOO_WIDE = """() => [...document.querySelectorAll('.stMain *')].filter(element => {
    const { width, right } = element.getBoundingClientRect()
    const scrolls = element.closest('.scroll, svg, .st-key-canvas, .unseen')
    return width && right > innerWidth + 1 && !scrolls
}).map(element => element.outerHTML.slice(0, 100))"""


def test_the_browsers_language_is_read(visit: Visit) -> None:
    visitor = visit(locale="de-AT")
    page = visitor.page
    expect(page.get_by_role("heading", level=1)).to_have_text("Zeichne eine Ziffer")
    expect(page).to_have_title("Zeichnen · Inkling")
    expect(page.locator("html")).to_have_attribute("lang", "de")
    expect(page.get_by_label("Blatt Papier")).to_be_visible()
    visitor.draw(7)
    visitor.reads(7)
    expect(visitor.answer).to_contain_text("sicher")
    seventh = visitor.answer.locator(".bars li").nth(7)
    expect(seventh).to_have_attribute("aria-label", re.compile(r"^7: .*\d,\d %$"))
    expect(page.locator(".st-key-right")).to_contain_text("Richtig")
    assert found(page) == []


def test_a_language_chosen_by_hand_lasts(visit: Visit) -> None:
    visitor = visit(locale="fr-FR", **PHONE)
    page, language = visitor.page, visitor.page.locator(".language select")
    title = page.get_by_role("heading", level=1)
    expect(title).to_have_text("Dessine un chiffre")
    expect(language).to_have_accessible_name("Langue")
    language.select_option("tr")
    expect(title).to_have_text("Bir rakam çiz")
    visitor.draw(7)
    visitor.reads(7)
    expect(visitor.answer).to_contain_text("emin")
    page.reload()
    expect(title).to_have_text("Bir rakam çiz")
    for path, name in PAGES.items():
        page.goto(f"{page.url.split('?')[0].rsplit('/', 1)[0]}/{path}")
        expect(title).to_have_text(name)
        assert page.evaluate(TOO_WIDE) == [], path
    language.select_option("en")
    expect(title).to_have_text("What is stored")


def test_two_visitors_at_once_read_each_their_own(visit: Visit) -> None:
    spanish, english = visit(locale="es-ES"), visit(locale="en-GB")
    for visitor, again in ((spanish, "Deshacer"), (english, "Undo")) * 2:
        visitor.draw(7)
        visitor.reads(7)
        expect(visitor.page.get_by_role("button", name=again).first).to_be_visible()
        visitor.press("clear")
        visitor.has_ink(0)
    expect(spanish.answer).to_contain_text("Te toca")
    expect(english.answer).to_contain_text("Your turn")


def test_a_link_may_say_the_language(visit: Visit, app: str) -> None:
    page = visit(f"{app}/?lang=es").page
    expect(page.get_by_role("heading", level=1)).to_have_text("Dibuja una cifra")
