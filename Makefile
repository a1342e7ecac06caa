# Everything a newcomer or a machine does here. `make help` lists it.
# PYTHON=python3.12 chooses the interpreter; without it the first of 3.11 to 3.13 that is found.

.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
.PHONY: help run notebooks docs calibrate hindcast test nightly test-lowest test-workers test-coming lint format coverage fuzz bench dist lock audit licences pictures baseline clean

SUPPORTED := import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))
PYTHON := $(shell for p in python3 python3.13 python3.12 python3.11; do \
    "$$p" -c '$(SUPPORTED)' 2>/dev/null && { echo "$$p"; break; }; done)
VERSION := $(shell "$(PYTHON)" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null)

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
# One stamp for "this environment is of that Python", one for each set of installed pins.
MADE := $(VENV)/.made-$(VERSION)
RUN := $(VENV)/.installed-run
DEV := $(VENV)/.installed-dev

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(RUN) ## Set up .venv if stale, then run the flagship scenario
	$(BIN)/islands run scenario=singapore_2018

notebooks: $(DEV) ## Open the notebooks in JupyterLab
	$(BIN)/jupyter lab notebooks

docs: $(DEV) ## Build the documentation into build/docs
	$(BIN)/python -m sphinx -q -W --keep-going -n -b html docs build/docs
	@echo "build/docs/index.html"

DRAWS := 1024
calibrate: $(RUN) ## Fit DRAWS of factors to the record; write the calibration `fitted` and docs/calibration.md
	$(BIN)/islands calibrate draws=$(DRAWS) out=configs/calibration/fitted.yaml doc=docs/calibration.md

hindcast: $(RUN) ## Judge the simulator by the episodes of the record; write docs/hindcast.md
	$(BIN)/islands hindcast doc=docs/hindcast.md

test: $(DEV) ## Set up .venv if stale, then check format, lint, types and run the tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/pytest -n auto --dist loadgroup

nightly: $(DEV) ## All tests, those that are slow and seldom fail among them, and laws tried more widely
	NIGHTLY=1 $(BIN)/pytest -n auto --dist loadgroup -m "nightly or not nightly"

test-workers: $(DEV) ## Run the tests of commands, runs, sweeps and their worker processes only
	$(BIN)/pytest -n auto --dist loadgroup tests/experiments tests/cli

lint: $(DEV) ## Check format, lint and types only
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

format: $(DEV) ## Rewrite the code as the formatter and the safe fixes want it
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

coverage: $(DEV) ## Run the tests, show what they miss: nothing of the equations, at most 5 % of the rest
	$(BIN)/pytest -n auto --dist loadgroup --cov --cov-report=
	$(BIN)/coverage report --include='sim/equations/*' --fail-under=100
	$(BIN)/coverage report --omit='sim/equations/*' --fail-under=95

SECONDS := 600
fuzz: $(DEV) ## Hunt for inputs that do harm; SECONDS=1800 hunts longer (Linux on x86_64)
	$(BIN)/python -m tests.fuzz SECONDS=$(SECONDS)

bench: $(DEV) ## Run the benchmarks
	$(BIN)/python -m benchmarks

pictures: $(DEV) ## Renew the baselines of the image tests; look at what changed before you commit
	rm -rf tests/plotting/baseline
	$(BIN)/pytest -q tests/plotting/test_images.py --mpl-generate-path=tests/plotting/baseline

baseline: $(DEV) ## Renew the digests of runs that the tests compare to the bit; say in the commit why
	$(BIN)/python -m tests.baseline.renew

TWINE := twine==7.0.0
dist: $(DEV) ## Build sdist and wheel into dist, and check what PyPI would show of them
	rm -rf dist
	$(BIN)/python -m build --no-isolation --outdir dist
	$(BIN)/uv tool run --quiet $(TWINE) check --strict dist/*

LOCK = UV_CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/uv pip compile --quiet --universal \
    --python-version 3.11 --generate-hashes --no-emit-index-url $(UPGRADE)
lock: $(DEV) ## Renew requirements/*.txt; UPGRADE=--upgrade takes the newest releases
	$(LOCK) requirements/build.in -o requirements/build.txt
	$(LOCK) pyproject.toml --extra fast -o requirements/run.txt
	$(LOCK) pyproject.toml --all-extras -c requirements/run.txt -o requirements/dev.txt

# Needs the advisories of PyPI, so it is no part of `make test`. Strict: what could not be asked about is a failure.
audit: $(DEV) ## Ask PyPI for known vulnerabilities of everything pinned
	$(BIN)/pip-audit --strict --disable-pip --require-hashes -r requirements/run.txt
	$(BIN)/pip-audit --strict --disable-pip --require-hashes -r requirements/dev.txt

PINNED = $(shell sed -n 's/^\([A-Za-z0-9._-]*\)==.*/\1/p' $(1))
TABLE = $(BIN)/pip-licenses --format=markdown --with-system --order=license --packages
licences: $(DEV) ## List the licences of everything pinned in docs/licences.md
	@{ echo "# Licences of what is pinned"; echo; \
	   echo "Written by \`make licences\`; do not edit. Our own licence is Apache-2.0."; echo; \
	   echo "## Installed with \`pip install .[fast]\`"; echo; \
	   $(TABLE) $(call PINNED,requirements/run.txt); echo; \
	   echo "## With all extras and the tools of development"; echo; \
	   $(TABLE) $(call PINNED,requirements/dev.txt) | sed '/^|   /d'; echo; \
	   echo "Platypus-Opt (GPL) comes with ema-workbench (extra \`discover\`), which asks for it; nothing here"; \
	   echo "imports or ships it, and a plain install is without it. atheris (extra \`fuzz\`) is under Apache-2.0."; } > docs/licences.md

# The extras that calculate come along; those of the page, the notebooks and the documentation do not. The
# baseline stays out: its bits are those of the pinned releases. Matplotlib 3.10 sets the edges of a map's cells a
# pixel otherwise: 7 of 255, where another seed is 9 or more.
LOWEST := .venv-lowest
CALCULATE := --extra fast --extra sweep --extra discover --extra infer --extra dask
test-lowest: $(DEV) ## Run the tests on the oldest releases that pyproject.toml allows
	"$(PYTHON)" -m venv --clear $(LOWEST)
	$(BIN)/uv pip install --quiet --python $(LOWEST) --resolution lowest-direct -r pyproject.toml $(CALCULATE)
	$(BIN)/uv pip install --quiet --python $(LOWEST) \
	    build editables hatchling hypothesis pip pytest pytest-mpl pytest-xdist
	$(BIN)/uv pip install --quiet --python $(LOWEST) --no-deps --no-build-isolation -e .
	$(LOWEST)/bin/python -m pip check
	$(LOWEST)/bin/pytest -n auto --ignore tests/baseline --dist loadgroup --doctest-ignore-import-errors -W default \
	    -o mpl-default-tolerance=8

COMING := hydra-core>=1.4.0rc1,<1.5
COMING_VENV := .venv-coming
test-coming: $(DEV) ## Run the tests with what is not released yet; COMING='mesa[network]>=4.0.0a0' tries another
	"$(PYTHON)" -m venv --clear $(COMING_VENV)
	$(BIN)/uv pip install --quiet --python $(COMING_VENV) \
	    -r pyproject.toml $(CALCULATE) build editables hatchling hypothesis pip pytest pytest-mpl pytest-xdist
	$(BIN)/uv pip install --quiet --python $(COMING_VENV) --prerelease allow "$(COMING)"
	$(BIN)/uv pip install --quiet --python $(COMING_VENV) --no-deps --no-build-isolation -e .
	$(COMING_VENV)/bin/pytest -n auto --ignore tests/baseline --dist loadgroup --doctest-ignore-import-errors -W default

clean: ## Remove the environment, caches and what builds leave (not outputs/)
	rm -rf $(VENV) $(LOWEST) $(COMING_VENV) build dist .coverage* .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -prune -exec rm -rf {} +

# An environment of another Python is replaced, one of the same Python is kept.
$(MADE):
	@"$(PYTHON)" -c '$(SUPPORTED)' 2>/dev/null || { \
	    echo "make: expected Python 3.11, 3.12 or 3.13, got '$(PYTHON)' $(VERSION);" \
	         "name one: make PYTHON=python3.12" >&2; exit 1; }
	@$(BIN)/python -c 'import sys; sys.exit("%d.%d" % sys.version_info[:2] != "$(VERSION)")' 2>/dev/null \
	    || "$(PYTHON)" -m venv --clear $(VENV)
	@touch $@

# build.txt goes in first and builds are not isolated: nothing is fetched that is not pinned.
INSTALL = $(PIP) install --require-hashes -r requirements/build.txt \
    && $(PIP) install --no-build-isolation --require-hashes -r $(1) \
    && $(PIP) install --no-build-isolation --no-deps --no-index -e .

$(RUN): $(MADE) pyproject.toml requirements/build.txt requirements/run.txt
	@echo "Setting up $(VENV) (Python $(VERSION)) from requirements/run.txt ..."
	@$(call INSTALL,requirements/run.txt)
	@touch $@

$(DEV): $(MADE) pyproject.toml requirements/build.txt requirements/dev.txt
	@echo "Setting up $(VENV) (Python $(VERSION)) from requirements/dev.txt ..."
	@$(call INSTALL,requirements/dev.txt)
	@touch $(RUN) $@
