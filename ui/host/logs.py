"""The server's log: as Streamlit writes it, for people; or a JSON object a line, for machines."""

import json
import logging
from datetime import UTC, datetime

log = logging.getLogger("inkling")


class JSONLines(logging.Formatter):
    """Each entry as an object on one line, with the error that it tells of."""

    def format(self, record: logging.LogRecord) -> str:
        entry = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            entry["error"] = self.formatException(record.exc_info)
        return json.dumps(entry, ensure_ascii=False)


def as_json() -> None:
    """Have everything from now on written as JSON, also by loggers that are made later."""
    handler = logging.StreamHandler()
    handler.setFormatter(JSONLines())
    logging.basicConfig(handlers=[handler], level=logging.INFO, force=True)
    for name in list(logging.root.manager.loggerDict):
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [], True
    # Streamlit gives each of its loggers a handler of its own when it is made.
    logging.setLoggerClass(_Plain)


class _Plain(logging.Logger):
    """A logger that leaves writing to the root's handler."""

    def addHandler(self, hdlr: logging.Handler) -> None:  # noqa: N802 (logging's own name)
        pass

    def __setattr__(self, name: str, value: object) -> None:
        super().__setattr__(name, True if name == "propagate" else value)
