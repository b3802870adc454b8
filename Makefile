# make run        the app on http://localhost:8501; PORT= changes the port
# make serve      the same by several processes behind Caddy; WORKERS= says how many
# make test       all tests, those in a browser too; ARGS= goes to pytest
# make test-fast  those that take neither a browser nor a training
# make test-cluster  those of trainings and batches on a Ray cluster, in .venv-cluster
# make lint       ruff, mypy, import-linter
# make fix        what ruff can mend, and the README's tables
# make bench      the benchmarks that need no data of other people's, then the README's tables
# make coverage   which lines of model/ the tests run
# make texts     the catalogue of texts as the code has them now, for whoever translates
# make fuzz       every reader against changed files, SECONDS= in all; KINDS= some of them
#
# What they need is installed into .venv, at the first use and when the requirements changed.

PORT ?= 8501
VENV = .venv
PYTHON = $(VENV)/bin/python
PIP_INSTALL = $(PYTHON) -m pip install --disable-pip-version-check -c constraints.txt

.PHONY: run serve test test-fast test-cluster lint fix bench coverage texts fuzz broken
.DELETE_ON_ERROR:

run: $(VENV)/app-installed
	@$(PYTHON) -m ui --server.port $(PORT)

WORKERS ?= 2
serve: $(VENV)/app-installed
	@exec $(PYTHON) -m ui.host --workers $(WORKERS) --port $(PORT) $(ARGS)

test: $(VENV)/dev-installed
	$(PYTHON) -m browser.chromium
	$(PYTHON) -m pytest -n 2 --dist loadfile --no-loadscope-reorder $(ARGS)

test-fast: $(VENV)/dev-installed
	$(PYTHON) -m pytest -n 2 --dist worksteal tests/unit $(ARGS)

test-cluster: .venv-cluster/installed
	.venv-cluster/bin/python -m pytest tests/cluster $(ARGS)

lint: $(VENV)/dev-installed
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m mypy
	$(VENV)/bin/lint-imports --no-logo

fix: $(VENV)/dev-installed
	$(PYTHON) -m ruff check --fix .
	$(PYTHON) -m ruff format .
	$(PYTHON) -m benchmarks.readme

# One at a time, on a machine that does nothing else.
bench: $(VENV)/dev-installed
	$(PYTHON) -m browser.chromium
	for name in latency page why reading batch; do $(PYTHON) -m benchmarks.$$name || exit; done
	$(PYTHON) -m benchmarks.readme

coverage: $(VENV)/dev-installed
	$(PYTHON) -m pytest -n 2 --dist loadfile --cov model --cov-report term-missing:skip-covered \
		tests/unit tests/integration $(ARGS)

LANGUAGES = $(basename $(notdir $(wildcard model/translations/*.po)))
TEXTS = $(PYTHON) -m babel.messages.frontend
texts: $(VENV)/dev-installed
	$(TEXTS) -q extract -F babel.cfg -k ngettext:1,2 -k pgettext:1c,2 -k marked -k Text \
		-k InklingError -k Refused --add-location file --sort-by-file -w 100 \
		-o $(VENV)/inkling.pot app.py model pages ui
	for language in $(LANGUAGES); do $(TEXTS) -q update --no-fuzzy-matching --ignore-obsolete -w 100 \
		-l $$language -i $(VENV)/inkling.pot -o model/translations/$$language.po || exit; done

SECONDS ?= 600
fuzz: $(VENV)/dev-installed
	nice -n 19 $(PYTHON) -m tests.fuzz $(SECONDS) $(KINDS)

$(VENV)/app-installed: requirements.txt constraints.txt
	@sh ./venv.sh $(VENV)
	@echo "Installing the app into $(VENV): TensorFlow alone is some 600 MB, this once."
	@$(PIP_INSTALL) --progress-bar on -r requirements.txt
	@$(PIP_INSTALL) --quiet --no-deps --editable .
	@touch $@

$(VENV)/dev-installed: requirements-dev.txt $(VENV)/app-installed
	@$(PIP_INSTALL) --quiet -r requirements-dev.txt
	@touch $@

# Ray, and all of .venv by its path, so that nothing is installed twice.
.venv-cluster/installed: requirements-cluster.txt $(VENV)/dev-installed
	@rm -rf .venv-cluster
	@$(PYTHON) -m venv .venv-cluster
	@$(PYTHON) -c 'import site; print(site.getsitepackages()[0])' \
		> "$$(.venv-cluster/bin/python -c 'import site; print(site.getsitepackages()[0])')/app.pth"
	@.venv-cluster/bin/python -m pip install --disable-pip-version-check --quiet \
		-c constraints.txt -r requirements-cluster.txt
	@touch $@

# A .venv outlives the Python that it was made with where the system is upgraded.
ifneq ($(shell $(PYTHON) -c 'print("works")' 2>/dev/null),works)
$(VENV)/app-installed: broken
endif
