"""The game: a task, points, and a link for others."""

from playwright.sync_api import expect

from tests.browser.conftest import Visit
from ui.draw.tasks import FewStrokes, LittleInk, tasks

SEED = 7


def test_a_game_from_its_link_to_its_link(visit: Visit, app: str) -> None:
    visitor = visit(f"{app}/?game={SEED}-30")
    page, (first, second, *_) = visitor.page, tasks(SEED)
    assert isinstance(first, LittleInk)
    assert isinstance(second, FewStrokes)
    headline, take = page.locator(".game-task"), page.locator(".st-key-game_take button")
    expect(headline).to_contain_text(first.title)
    expect(headline).to_contain_text("30 to beat")
    expect(take).to_be_disabled()
    visitor.draw(first.digit)
    visitor.reads(first.digit)
    expect(take).to_be_enabled()
    visitor.screenshot("game")
    take.click()
    expect(headline).to_contain_text(second.title)
    visitor.is_invited()
    visitor.draw_number(second.number)
    visitor.reads(second.number)
    expect(take).to_be_enabled()
    take.click()
    expect(headline).to_contain_text("2 in a row")
    for place in range(3, 7):
        expect(headline).to_contain_text(f"{place} of 6")
        visitor.press("game_skip")
    expect(page.locator(".game-result")).to_contain_text("you beat 30")
    visitor.screenshot("game-over")
    total = page.locator(".game-result strong").inner_text()
    expect(page.get_by_test_id("stCode")).to_have_text(f"{app}/?game={SEED}-{total}")
    visitor.press("game_stop")
    expect(headline).to_have_count(0)
    visitor.draw(4)
    visitor.reads(4)
