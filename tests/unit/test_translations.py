"""Each text of the pages is in the catalogue of each language, as the code has it now."""

import re
import string
from collections.abc import Iterator

import pytest
from babel.messages import extract, pofile
from babel.messages.catalog import Message
from babel.messages.frontend import parse_mapping_cfg

from model.language import FOLDER, LANGUAGES
from model.settings import ROOT

OTHERS = sorted(set(LANGUAGES) - {"en"})
# As `make texts` has them.
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "marked": None,
    "Text": None,
    "InklingError": None,
    "Refused": None,
}

Text = str | tuple[str, ...]
Key = tuple[str | None, Text]


@pytest.fixture(scope="module")
def texts() -> set[Key]:
    """What the code and the templates ask the catalogue for: their context, and they."""
    with (ROOT / "babel.cfg").open() as mapping:
        methods, options = parse_mapping_cfg(mapping)  # type: ignore[no-untyped-call]
    found = set()
    for place in ("app.py", "model", "pages", "ui"):
        path = ROOT / place
        if path.is_file():
            with path.open("rb") as file:
                every = extract.extract("python", file, KEYWORDS)
                found |= {(context, text) for _, text, _, context in every}
        else:
            every_of = extract.extract_from_dir(path, methods, options, KEYWORDS)
            found |= {(context, text) for _, _, text, _, context in every_of}
    return found


def _messages(language: str) -> Iterator[Message]:
    with (FOLDER / f"{language}.po").open("rb") as file:
        yield from (message for message in pofile.read_po(file, language) if message.id)


@pytest.mark.parametrize("language", OTHERS)
def test_the_catalogue_has_each_text_and_no_other(language: str, texts: set[Key]) -> None:
    known = {
        (message.context, tuple(message.id) if message.pluralizable else message.id)
        for message in _messages(language)
    }
    assert texts - known == set(), "make texts"
    assert known - texts == set(), "make texts"


@pytest.mark.parametrize("language", OTHERS)
def test_each_text_is_translated(language: str) -> None:
    missing = [
        message.id
        for message in _messages(language)
        if message.fuzzy or not all(_several(message.string))
    ]
    assert not missing


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_has_the_places_and_the_html_of_its_text(language: str) -> None:
    wrong = [
        (message.id, translation)
        for message in _messages(language)
        for translation in _several(message.string)
        if not (_places(translation) <= _places(*_several(message.id)))
        or _needed(*_several(message.id)) - _places(translation)
        or _tags(translation) != _tags(_several(message.id)[-1])
        or ('"' in translation and '"' not in message.id)  # it may stand in an attribute
    ]
    assert not wrong


def _several(text: str | list[str] | tuple[str, ...] | None) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text or ("",))


def _places(*texts: str) -> set[tuple[str, str]]:
    """What is put in, and how it is written."""
    return {
        (name, spec or "")
        for text in texts
        for _, name, spec, _ in string.Formatter().parse(text)
        if name is not None
    }


def _needed(*texts: str) -> set[tuple[str, str]]:
    """What each of the texts has: one is written out where it can be."""
    return set.intersection(*map(_places, texts))


def _tags(text: str) -> list[str]:
    return sorted(re.findall(r"</?\w+>|\*\*", text))


@pytest.mark.parametrize("language", OTHERS)
def test_a_nouns_count_is_in_the_catalogue(language: str) -> None:
    """Where texts count with several forms, each form is there."""
    with (FOLDER / f"{language}.po").open("rb") as file:
        catalogue = pofile.read_po(file, language)
    counted = [message for message in catalogue if message.id and message.pluralizable]
    assert counted
    assert all(len(_several(message.string)) == catalogue.num_plurals for message in counted)
