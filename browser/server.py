"""The app's server, in a process of its own, as `make run` starts it."""

import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

ROOT = Path(__file__).parent.parent


@contextmanager
def serving(*program: str, **environment: str) -> Iterator[str]:
    """The address of a fresh server, on which nothing was trained or saved yet; of another
    Streamlit app where its `program` is named: what Python is given before Streamlit's options.

    Afterwards says what the server had to say, and fails where a page's script had an error that
    nothing caught.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    options = ["--server.port", port, "--server.address", "127.0.0.1", "--server.headless", "true"]
    home = tempfile.TemporaryDirectory()
    process = subprocess.Popen(
        [sys.executable, "-u", *(program or ("-m", "ui")), *options],
        cwd=ROOT,
        env=os.environ | {"INKLING_HOME": home.name, "INKLING_MODEL": ""} | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout
    log: list[str] = []
    with home, process.stdout:
        try:
            for line in process.stdout:
                log.append(line)
                if "URL:" in line:
                    break
            reader = Thread(target=log.extend, args=(process.stdout,))
            reader.start()
            yield f"http://127.0.0.1:{port}"
        finally:
            said = "".join(log)
            process.terminate()
            process.wait()
            reader.join()
            print(said)
    assert "most recent call last" not in said
