# make run    the app on http://localhost:8501; PORT= changes the port
# make test   all tests, those in a browser too; ARGS= goes to pytest
# make lint   ruff and mypy
# make fuzz   every reader against changed files, SECONDS= in all; KINDS= some of them
#
# What they need is installed into .venv, at the first use and when the requirements changed.

PORT ?= 8501
VENV = .venv
PYTHON = $(VENV)/bin/python
PIP_INSTALL = $(PYTHON) -m pip install --disable-pip-version-check -c constraints.txt

.PHONY: run test lint fuzz broken
.DELETE_ON_ERROR:

run: $(VENV)/app-installed
	@$(PYTHON) -m ui --server.port $(PORT)

test: $(VENV)/dev-installed
	$(PYTHON) -m browser.chromium
	$(PYTHON) -m pytest -n 2 --dist loadfile $(ARGS)

lint: $(VENV)/dev-installed
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m mypy app.py benchmarks browser model pages tests ui

SECONDS ?= 600
fuzz: $(VENV)/dev-installed
	nice -n 19 $(PYTHON) -m tests.fuzz $(SECONDS) $(KINDS)

$(VENV)/app-installed: requirements.txt constraints.txt
	@sh ./venv.sh $(VENV)
	@echo "Installing the app into $(VENV): TensorFlow alone is some 600 MB, this once."
	@$(PIP_INSTALL) --progress-bar on -r requirements.txt
	@touch $@

$(VENV)/dev-installed: requirements-dev.txt $(VENV)/app-installed
	@$(PIP_INSTALL) --quiet -r requirements-dev.txt
	@touch $@

# A .venv outlives the Python that it was made with where the system is upgraded.
ifneq ($(shell $(PYTHON) -c 'print("works")' 2>/dev/null),works)
$(VENV)/app-installed: broken
endif
