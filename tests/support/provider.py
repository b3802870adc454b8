"""An OpenID Connect provider of a test's own, on this machine, which asks nobody for a password."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from browser.waiting import until

SECRETS = """
[auth]
redirect_uri = "http://127.0.0.1:{{port}}/oauth2callback"
cookie_secret = "{secret}"
client_id = "inkling"
client_secret = "of a test"
server_metadata_url = "{address}/.well-known/openid-configuration"
"""


@contextmanager
def provider(*people: dict[str, Any]) -> Iterator[str]:
    """The address of one that knows these people, each by the claims that it makes of them."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    claims = [part for one in people for part in ("--user-claims", json.dumps(one))]
    # A process of its own: its libraries warn of each other.
    program = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", port]
    process = subprocess.Popen([*program, *claims], stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        until(lambda: answers(f"{address}/.well-known/openid-configuration"))
        yield address
    finally:
        process.terminate()
        process.wait()


def answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address):
            return True
    except (urllib.error.URLError, ConnectionError):
        return False


def write_secrets(folder: Path, address: str) -> Path:
    """Streamlit's secrets for a server on which one signs in by the provider at an address."""
    path = folder / "secrets.toml"
    path.write_text(SECRETS.format(address=address, secret=32 * "k"))
    return path
