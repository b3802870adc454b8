"""The app's pages in another language, as Streamlit runs them."""

import time

import pytest
from streamlit.testing.v1 import AppTest

from model.settings import ROOT


def opened(page: str = "", **parameters: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    for name, value in parameters.items():
        app.query_params[name] = value
    return (app.switch_page(f"pages/{page}.py") if page else app).run()


def test_the_address_says_the_language() -> None:
    app = opened(lang="de")
    assert [title.value for title in app.title] == ["Zeichne eine Ziffer"]
    assert app.button(key="undo").label == "Rückgängig"
    assert opened(lang="xx").button(key="undo").label == "Undo"


@pytest.mark.parametrize(
    ("language", "view"), [("en", "Welche Tinte zählte"), ("tr", "Which ink mattered")]
)
def test_a_links_view_is_shown_in_whichever_language_it_was_made(language: str, view: str) -> None:
    app = opened("why", lang=language, view=view)
    app.button(key="why_another").click().run()
    while not app.button_group:  # the network is loaded in the background
        time.sleep(0.1)
        app.run()
    assert app.button_group[0].value == "Which ink mattered"
