"""Signing in by an OpenID Connect provider: who one is then, and that it ends."""

from collections.abc import Iterator
from urllib.parse import urljoin

import pytest
from playwright.sync_api import Page, expect

from browser.server import serving
from tests.browser.conftest import DESKTOP, PHONE, Visit
from tests.browser.test_rooms import Member
from tests.support.provider import provider, write_secrets

PEOPLE = {
    "head": {"email": "head@school.example", "email_verified": True},
    "teacher": {"email": "Ms.Teacher@School.example", "email_verified": True},
    "pupil": {"email": "pupil@elsewhere.example", "email_verified": True},
    "impostor": {"email": "head@school.example", "email_verified": False},
}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server with one host, by an address, and teachers, by their domain."""
    settings = {"INKLING_HOSTS": "head@school.example", "INKLING_TEACHERS": "@school.example"}
    with provider(*({"sub": name, **claims} for name, claims in PEOPLE.items())) as accounts:
        secrets = write_secrets(tmp_path_factory.mktemp("accounts"), accounts)
        program = ("-m", "ui", "--secrets.files", str(secrets))
        with serving(*program, INKLING_DATABASE="", **settings) as address:
            yield address


def signs_in(member: Member, name: str) -> None:
    """From the Rooms page and back to it."""
    member.press("sign_in")
    member.page.get_by_role("button", name=name, exact=True).click()
    comes_back(member)


def comes_back(member: Member) -> None:
    page = member.page
    expect(page.get_by_role("heading", name="Draw a digit")).to_be_visible()
    page.goto(urljoin(page.url, "/rooms"))
    expect(page.get_by_role("heading", name="Rooms", level=1)).to_be_visible()


def signs_out(member: Member) -> None:
    member.press("sign_out")
    member.page.get_by_role("button").first.click()  # the provider asks whether to end it there too
    comes_back(member)
    expect(member.at("sign_in")).to_be_visible()


def is_host(page: Page, address: str) -> bool:
    """Whether the page of the runs offers to name one model or another."""
    page.goto(f"{address}/runs")
    expect(page.get_by_role("heading", name="Runs", level=1)).to_be_visible()
    return page.get_by_text("is up to who runs this server").count() == 0


def test_a_teacher_signs_in_and_out_again(visit: Visit, address: str) -> None:
    member = visit(address, Member, viewport=DESKTOP)
    expect(member.at("make_room")).to_have_count(0)
    expect(member.page.get_by_text("takes an account that may")).to_be_visible()
    member.screenshot("accounts-out")
    signs_in(member, "teacher")
    expect(member.at("account")).to_contain_text("Signed in as Ms.Teacher@School.example: teacher")
    member.press("make_room")
    expect(member.at("invitation")).to_be_visible()
    member.screenshot("accounts-teacher")
    assert not is_host(member.page, address)
    member.page.goto(f"{address}/rooms")
    signs_out(member)
    expect(member.at("teach_now")).to_have_count(0)
    kept = {cookie["name"] for cookie in member.page.context.cookies(address)}
    assert not [name for name in kept if name.startswith("_streamlit_user")]


def test_the_host_signs_in_on_a_phone(visit: Visit, address: str) -> None:
    member = visit(address, Member, **PHONE)
    signs_in(member, "head")
    expect(member.at("account")).to_contain_text("head@school.example: host")
    member.screenshot("accounts-host-phone")
    assert is_host(member.page, address)


@pytest.mark.parametrize("name", ["pupil", "impostor"])
def test_who_is_not_named_or_not_verified_stays_a_visitor(
    visit: Visit, address: str, name: str
) -> None:
    member = visit(address, Member, viewport=DESKTOP)
    signs_in(member, name)
    expect(member.at("account")).to_contain_text("visitor")
    expect(member.at("make_room")).to_have_count(0)
