"""What the pages share of the page itself; all that is not Streamlit's is in `model`."""

from pathlib import Path

_root = Path(__file__).resolve().parent.parent
# The folder of app.py, pages/ and assets/: the clone, or where pip puts them, beside this package.
APP = _root if (_root / "app.py").is_file() else _root / "inkling"
