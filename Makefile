# Two commands do everything: `make lab` opens the lectures, `make test` passes the tests.
# Both make .venv on their first run and install into it; later runs start at once.

PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	$$p -c 'import sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
# The notebooks are run as one finds them who has not begun; whatever is solved there stays in memory.
test notebooks benchmarks: export LECTURE643_PROGRESS =
PINS := pyproject.toml requirements.txt
JOBS ?= 2
# In a container one is often root, which JupyterLab wants to be told.
AS_ROOT := $(if $(filter 0,$(shell id -u)),--allow-root)

.PHONY: lab hall test lint notebooks site benchmarks pins clean

lab: .venv/lab-is-installed
	@echo "Opening JupyterLab on notebooks/00_start_here.ipynb (stop it with Ctrl-C)"
	$(BIN)/jupyter lab $(AS_ROOT) notebooks/00_start_here.ipynb

hall: .venv/lab-is-installed
	$(BIN)/python -c "import sys; from lecture643.reach.hall import open_hall; sys.exit(open_hall())"

test: lint
	@echo "Testing the package, the views and the pages in a browser"
	$(BIN)/pytest -p no:nbval -n $(JOBS) --dist loadscope --no-loadscope-reorder
	@echo "Running every notebook and comparing it with what is stored"
	$(BIN)/pytest --nbval --nbval-current-env --nbval-cell-timeout=120 -n $(JOBS) --dist loadscope notebooks

lint: .venv/tests-are-installed
	@echo "Checking style and types"
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/oxlint --deny-warnings lecture643/live lecture643/reach

# Run all notebooks and store their outputs (a test fails where they are stale).
notebooks: .venv/tests-are-installed
	$(BIN)/python tools/store_outputs.py

# The notebooks as a static site whose views move without a kernel: site/index.html
site: .venv/tests-are-installed
	$(BIN)/python -m lecture643.reach.site site

# How fast things are, as ratios against the alternatives.
benchmarks: .venv/tests-are-installed
	$(BIN)/pip install --quiet --disable-pip-version-check --editable ".[test,benchmarks]"
	$(BIN)/python benchmarks/hand.py
	$(BIN)/python benchmarks/nagle.py
	$(BIN)/python benchmarks/cost.py

# Newer pinned versions (names and versions only, of all systems and Pythons).
pins: .venv/tests-are-installed
	$(BIN)/pip install --quiet uv
	$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --extra test --no-header \
		--no-emit-index-url --no-annotate pyproject.toml --output-file requirements.txt

clean:
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis

.venv/lab-is-installed: $(PINS) | .venv/made
	@echo "Installing the lectures into .venv (once, about a minute)"
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint requirements.txt --editable ".[lab]"
	@touch $@

.venv/tests-are-installed: $(PINS) | .venv/made
	@echo "Installing the lectures and the test tools into .venv (once, about a minute)"
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint requirements.txt --editable ".[test]"
	@touch $@

.venv/made:
	@test -n "$(PYTHON)" || { echo "lecture643 needs Python 3.11 or newer, and none was found"; exit 1; }
	@echo "Making .venv with $(PYTHON)"
	$(PYTHON) -m venv .venv
	@touch $@
