#!/bin/sh
# venv.sh FOLDER: make a virtual environment with a Python that TensorFlow 2.21 has wheels for,
# unless FOLDER holds one that works.
set -eu

fits='import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))'
found=

if "$1/bin/python" -c "$fits" 2>/dev/null && "$1/bin/python" -m pip --version >/dev/null 2>&1; then
    exit 0
fi
if [ "$(uname -sm)" = "Darwin x86_64" ]; then
    echo "Inkling can't run here: TensorFlow 2.21 is not made for Macs with an Intel processor." >&2
    exit 1
fi
for python in python3.13 python3.12 python3.11 python3 python; do
    if "$python" -c "$fits" 2>/dev/null; then
        found=$python
        if "$python" -c 'import ensurepip, venv' 2>/dev/null; then
            rm -rf "$1"
            exec "$python" -m venv "$1"
        fi
    fi
done
if [ -n "$found" ]; then
    echo "Inkling needs Python's venv module, and $found has none: install it (Debian and Ubuntu: sudo apt-get install python3-venv), then run make again." >&2
else
    echo "Inkling needs Python 3.11, 3.12 or 3.13 (TensorFlow 2.21 is made for no other), and $(python3 --version 2>/dev/null || echo no Python) is here: install one, then run make again." >&2
fi
exit 1
