"""What a host sets by the environment."""

import os
from pathlib import Path

PRETRAINED = Path(__file__).parent / "pretrained" / "inkling.keras"  # the network that ships


def home() -> Path:
    """The folder that runs live in: INKLING_HOME, else the user's data folder."""
    from platformdirs import user_data_path

    given = os.environ.get("INKLING_HOME")
    return Path(given).expanduser() if given else user_data_path("inkling", appauthor=False)
