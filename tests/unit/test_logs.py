"""The server's log for machines."""

import json
import logging
import sys

from ui.host.logs import JSONLines


def test_an_error_is_one_line_with_its_traceback() -> None:
    try:
        raise ValueError("two\nlines")
    except ValueError:
        record = logging.LogRecord(
            "inkling", logging.ERROR, "file.py", 1, "It failed: %s", ("so",), sys.exc_info()
        )
    line = JSONLines().format(record)
    assert "\n" not in line
    entry = json.loads(line)
    assert entry["message"] == "It failed: so"
    assert entry["level"] == "error"
    assert "ValueError: two\nlines" in entry["error"]
