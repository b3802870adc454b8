from pathlib import Path

import pytest
from hypothesis import settings

# A machine that has other work too is no fault of the code's.
settings.register_profile("inkling", deadline=None)
settings.load_profile("inkling")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An INKLING_HOME of the test's own, where the model that ships answers and MNIST is not."""
    monkeypatch.setenv("INKLING_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("MNIST_PATH", str(tmp_path / "no-mnist.npz"))
    monkeypatch.delenv("INKLING_MODEL", raising=False)
    return tmp_path / "home"
