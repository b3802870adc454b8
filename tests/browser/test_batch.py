"""The Batch page: Kaggle's train.csv in, submission.csv out."""

import gzip
import re
import urllib.request
from collections.abc import Iterator, Sequence
from pathlib import Path

import cv2
import numpy as np
import pytest
from playwright.sync_api import FilePayload, expect

from browser.server import serving
from model.data import synthetic
from model.data.kaggle import to_csv
from model.data.samples import LabelledSamples, Samples
from model.inference import classifier
from model.inference.metrics import evaluate
from model.preprocessing.pixels import to_float32
from model.runs import registry
from model.runs.run import Run
from model.settings import PRETRAINED
from tests.browser.conftest import PHONE, Visit
from tests.browser.watcher import PATIENCE, Watcher
from tests.support.digits import to_test_on
from tests.support.files import payload, zipped

COUNT = 600  # digits of a test.csv


class Batcher(Watcher):
    """A visitor of the Batch page."""

    where = "batch"

    def drop(self, files: Path | Sequence[FilePayload]) -> None:
        place = self.at("drop").locator("input[type=file]")
        expect(place).to_have_count(1)  # that for the files before is gone
        place.set_input_files(files)

    def is_told(self, words: str) -> None:
        expect(self.page.get_by_role("alert")).to_contain_text(words, timeout=PATIENCE)

    def has_read(self, words: str) -> None:
        expect(self.page.get_by_text(re.compile(f"read by {words}"))).to_be_visible(
            timeout=PATIENCE
        )

    def submission(self) -> np.ndarray:
        """The labels of the submission.csv that the page gives, whose images count from 1."""
        expect(self.at("batch_submission")).to_have_count(1)  # that of the run before is gone
        head, *rows = Path(self.download("batch_submission").path()).read_text().splitlines()
        assert head == "ImageId,Label"
        numbers, labels = zip(*(row.split(",") for row in rows), strict=True)
        assert list(map(int, numbers)) == list(range(1, len(rows) + 1))
        return np.array(labels, np.uint8)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def lab(home: Path) -> Iterator[str]:
    with serving(INKLING_HOME=str(home)) as address:
        yield address


@pytest.fixture
def batcher(visit: Visit, lab: str) -> Batcher:
    return visit(lab, Batcher)


@pytest.fixture(scope="module")
def digits() -> LabelledSamples:
    return to_test_on(COUNT)


@pytest.fixture(scope="module")
def test_csv(digits: LabelledSamples) -> FilePayload:
    return payload("test.csv", to_csv(Samples(digits.images, None)))


def accuracy(model: Path, digits: LabelledSamples) -> float:
    images = to_float32(digits.images)
    return evaluate(classifier.load(model).probabilities(images), digits.labels).accuracy


def test_the_round_trip(
    batcher: Batcher,
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    digits: LabelledSamples,
    test_csv: FilePayload,
) -> None:
    """train.csv and test.csv in; a training, its model put into use, a correction; out."""
    monkeypatch.setenv("INKLING_HOME", str(home))
    images, labels = synthetic.make(1500, 12)
    batcher.drop([payload("train.csv", to_csv(Samples(images, labels))), test_csv])
    table = batcher.page.locator("table.digits")
    for digit, count in enumerate(np.bincount(labels)):
        expect(table.get_by_role("row").nth(digit + 1)).to_contain_text(f"{digit}{count}")
    batcher.has_read("the built-in network")
    right = (batcher.submission() == digits.labels).mean()
    assert right == pytest.approx(accuracy(PRETRAINED, digits))

    batcher.choose_in(batcher.at("batch_recipe"), "Quick")
    batcher.press("batch_train")
    batcher.at("batch-run").get_by_text("Finished").wait_for(timeout=PATIENCE)
    (run,) = registry.all_runs()
    assert run.config.recipe.name == "quick"
    learned = 1500 * 0.9 * 0.9
    assert run.config.images == learned + round(learned * run.config.recipe.nondigits)
    use(batcher, run)
    right = (batcher.submission() == digits.labels).mean()
    assert right == pytest.approx(accuracy(run.model_path, digits))
    batcher.page.get_by_role("link", name="Watch it").click()
    batcher.page.wait_for_url("**/train?run=*")
    expect(batcher.result).to_contain_text("test accuracy")


def use(batcher: Batcher, run: Run) -> None:
    """Put the run into use, and have its model read what was read before."""
    registry.use(run)
    batcher.page.get_by_role("link", name="Runs").click()
    batcher.page.wait_for_url(re.compile(r"/runs(\?|$)"))
    batcher.page.get_by_role("link", name="Batch").click()
    batcher.press("batch_again")
    batcher.has_read("Quick on train.csv")


def test_an_answer_is_corrected(batcher: Batcher, test_csv: FilePayload) -> None:
    batcher.drop([test_csv])
    batcher.has_read("")
    expect(batcher.page.locator(".answered figcaption")).to_have_count(24)
    before = batcher.submission()
    first = batcher.at("doubts").locator("[class*=st-key-doubt-]").first
    index = int(re.search(r"st-key-doubt-(\d+)", first.get_attribute("class") or "")[1])  # type: ignore[index]
    digit = (int(before[index]) + 1) % 10
    batcher.choose_in(first, str(digit))
    expect(batcher.at("handin")).to_contain_text("with 1 correction of yours")
    after = batcher.submission()
    assert np.flatnonzero(before != after).tolist() == [index]
    assert after[index] == digit
    batcher.press("batch_more")
    expect(batcher.at("doubts").locator("figure")).to_have_count(48)
    batcher.screenshot("batch")


def test_a_recipe_shows_its_distortions(batcher: Batcher) -> None:
    batcher.drop([payload("train.csv", to_csv(Samples(*synthetic.make(300, 3))))])
    batcher.choose_in(batcher.at("batch_recipe"), "Quick")
    expect(batcher.page.get_by_text("is shown every digit as it is")).to_be_visible()
    batcher.choose_in(batcher.at("batch_recipe"), "Kaggle tutorial")
    strip = batcher.page.locator(".distorted img").nth(1)
    before = strip.get_attribute("src")
    batcher.press("batch_others")
    expect(strip).not_to_have_attribute("src", before or "")


def test_pictures_and_what_is_left_out(batcher: Batcher) -> None:
    images, _ = synthetic.make(4, 5)
    large = [cv2.resize(255 - image, (140, 140)) for image in images]
    files = {f"{n}.png": cv2.imencode(".png", image)[1].tobytes() for n, image in enumerate(large)}
    batcher.drop([payload("scans.zip", zipped(files | {"bad.png": b"no picture"}))])
    batcher.has_read("")
    expect(batcher.page.get_by_text("1 picture is left out")).to_be_visible()
    assert len(batcher.submission()) == 4


def bad_files() -> list[tuple[FilePayload, str]]:
    """What can't be used, and what is said of it."""
    csv = to_csv(Samples(*synthetic.make(3, 1)))
    head, first, *rest = csv.split(b"\n")
    cells = first.split(b",")

    def with_row(*row: bytes) -> bytes:
        return b"\n".join([head, b",".join(row), *rest])

    files = {
        "column.csv": (with_row(*cells[:-1]), "row 2 has 784 columns; wanted: 785"),
        "text.csv": (with_row(*cells[:9], b"ink", *cells[10:]), "row 2, column 10 is 'ink'"),
        "large.csv": (with_row(*cells[:9], b"256", *cells[10:]), "row 2, column 10 is '256'"),
        "label.csv": (with_row(b"10", *cells[1:]), "row 2, column 1 is '10'"),
        "header.csv": (head, "has a header and no rows"),
        "nothing.csv": (b"", "is empty"),
        "semicolons.csv": (csv.replace(b",", b";"), "semicolons between its columns"),
        "wide.csv": (csv.decode().encode("utf-16"), "is UTF-16 text"),
        "cut.csv.gz": (gzip.compress(csv)[:-30], "is cut short or damaged"),
        "sly.zip": (zipped({"../out.csv": csv}), "leads outside"),
        "bomb.zip": (gigabyte(), "holds more than 512 MB"),
        "movie.avi": (b"RIFF\0\0\0\0AVI LIST", "is of another kind"),
    }
    return [(payload(name, content), told) for name, (content, told) in files.items()]


def gigabyte() -> bytes:
    """A small zip that says it unpacks to a gigabyte."""
    content = zipped({"digits.csv": bytes(2**20)})
    return content.replace((2**20).to_bytes(4, "little"), (2**30).to_bytes(4, "little"))


def test_bad_files_are_refused_and_nothing_is_lost(
    batcher: Batcher, lab: str, tmp_path: Path, test_csv: FilePayload
) -> None:
    batcher.drop([test_csv])
    batcher.has_read("")
    before = batcher.submission()
    for bad, told in bad_files():
        batcher.drop([bad])
        batcher.is_told(told)
    huge = tmp_path / "huge.csv"
    with huge.open("wb") as sparse:
        sparse.truncate(2 * 2**30)
    batcher.drop(huge)
    expect(batcher.at("drop")).to_contain_text("File must be 200.0MB or smaller.")
    np.testing.assert_array_equal(batcher.submission(), before)
    assert kept_on_the_server(lab) == 0


def kept_on_the_server(address: str) -> int:
    """How many uploaded bytes Streamlit holds for all visitors."""
    with urllib.request.urlopen(f"{address}/_stcore/metrics") as metrics:
        found = re.search(r"UploadedFileManager\S* (\d+)", metrics.read().decode())
    return int(found[1]) if found else 0


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_all_fits_on_a_phone(visit: Visit, lab: str, test_csv: FilePayload, theme: str) -> None:
    phone = visit(lab, Batcher, **PHONE, color_scheme=theme)
    phone.drop([test_csv, payload("train.csv", to_csv(Samples(*synthetic.make(300, 3))))])
    phone.has_read("")
    phone.page.locator("table.digits").wait_for()
    assert phone.page.evaluate("document.documentElement.scrollWidth") == 390
    phone.screenshot(f"batch-phone-{theme}")
