"""A Chromium for the tests: the system's, else Debian's package, else Playwright's own.

`python -m browser.chromium` installs one where there is none.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MACOS = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)

# As root in a container there is no sandbox; and a browser under test keeps to the test.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-sync",
    "--no-first-run",
]


def system() -> str | None:
    """The system's own Chromium or Chrome, if it starts."""
    for name in [*NAMES, *MACOS]:
        path = shutil.which(name)
        if path and _starts(path):
            return path
    return None


def install() -> None:
    """Debian's package where the system is Debian and lets us, else Playwright's own."""
    apt = _apt()
    if apt:
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        package = [*apt, "install", "--yes", "--no-install-recommends", "chromium"]
        if subprocess.run(package, env=environment, check=False).returncode:
            # A fresh machine has no package lists.
            subprocess.run([*apt, "update"], env=environment, check=False)
            subprocess.run(package, env=environment, check=False)
    if not system():
        own = [sys.executable, "-m", "playwright", "install", "chromium"]
        if subprocess.run([*own, *(["--with-deps"] if apt else [])], check=False).returncode:
            sys.exit("The tests need Chromium and can't install it: install it, then try again.")


def _apt() -> Sequence[str]:
    """apt-get as we may call it; nothing where there is none or it would ask for a password."""
    if not shutil.which("apt-get"):
        return []
    if os.geteuid() == 0:
        return ["apt-get"]
    asked = ["sudo", "--non-interactive", "true"]
    if shutil.which("sudo") and not subprocess.run(asked, check=False).returncode:
        return ["sudo", "apt-get"]
    return []


def _starts(path: str) -> bool:
    # Ubuntu's chromium-browser is a script that tells to install a snap.
    done = subprocess.run([path, "--version"], capture_output=True, check=False)
    return done.returncode == 0


if __name__ == "__main__":
    if not system():
        install()
