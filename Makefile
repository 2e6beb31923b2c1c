# `make demo` and `make test` need nothing but python3 >= 3.11 and make; the rest is for those who work on the project.
# `make test-outside` asks what is not part of the project: PowerShell, captures of real servers, a KDC, Chromium, pyright. Where
# Kerberos' headers are (Debian: libkrb5-dev) the extra is installed; a KDC is krb5-kdc, krb5-admin-server, krb5-user.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# How many commands PowerShell itself is asked about (`make judge`, 12 minutes on two cores), and half as many loose texts.
JUDGE_COUNT ?= 100000
# How many changed inputs `make fuzz` tries; `make test` tries 20,000.
FUZZ_COUNT ?= 1000000

# What runs the tests on all processors. With worksteal, one that has nothing left to do takes tests from the other.
PYTEST := $(BIN)/python -m pytest -n auto
# How many processes run `make unit`: two for each processor, since many of its tests wait for a deadline.
WORKERS ?= $(shell $(PYTHON) -c 'import os; print(2 * (os.cpu_count() or 1))')
# Tests of one file may share something costly, such as a PowerShell process: one processor runs them.
BY_FILE := --dist loadfile

DOCS := .venv-docs

.PHONY: demo test docs release-check generated lint types layers unit test-long test-outside fault-matrix judge fuzz growth bench clean

demo: $(VENV)/ready
	@$(BIN)/python docs/demo.py

test: lint types layers unit

$(VENV)/ready: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "exchange_imap needs Python 3.11 or later; set PYTHON=" >&2; exit 1; }
	@echo "creating $(VENV) ..."
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	@$(BIN)/python -m pip install --quiet --editable ".[demo,testing]" --group dev
	@if command -v krb5-config >/dev/null; then $(BIN)/python -m pip install --quiet --editable ".[kerberos]"; fi
	@touch $@

# The site, in docs/_build/html. What Sphinx warns of, such as a link that leads nowhere, is an error; notebooks are run.
docs: $(DOCS)/ready
	$(DOCS)/bin/python -m sphinx --quiet --fresh-env --fail-on-warning --keep-going --builder html docs docs/_build/html
	@echo "docs/_build/html/index.html is the site"

# The wheel and the sdist, each in an empty environment: the examples, what is public, and its types.
release-check: $(VENV)/ready
	$(BIN)/python tests/release_check.py

$(DOCS)/ready: pyproject.toml
	@echo "creating $(DOCS) ..."
	@$(PYTHON) -m venv $(DOCS)
	@$(DOCS)/bin/python -m pip install --quiet --upgrade "pip>=25.1"
	@$(DOCS)/bin/python -m pip install --quiet --editable ".[testing]" --group docs
	@touch $@

# Everything that is written from the declarations: the public names, and the pages of what is covered, checked and public.
generated: $(VENV)/ready
	for script in front_door coverage rules mistakes reference pictures; do $(BIN)/python docs/$$script.py --write || exit 1; done
	$(BIN)/ruff check --quiet --fix --select I src
	$(BIN)/ruff format --quiet src

lint: $(VENV)/ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/codespell *.md docs src benchmarks

types: $(VENV)/ready
	$(BIN)/mypy

layers: $(VENV)/ready
	$(BIN)/lint-imports

# All tests that need nothing but the project, with branch coverage of 100 % or failure. Laws and matrices, which are
# marked no_cover, run in the same processes while coverage pauses. The ten slowest tests are listed.
unit: $(VENV)/ready
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal -m "not outside and not fault_matrix" --durations=10 --cov --cov-report=term-missing:skip-covered

# The laws again, with five times as many examples as `make test` tries; no coverage.
test-long: $(VENV)/ready
	$(PYTEST) --dist worksteal -m "law and not outside" --hypothesis-profile=long --durations=10

# The other tests; those whose thing is not here are skipped, and one line for each thing says so.
test-outside: $(VENV)/ready
	$(PYTEST) $(BY_FILE) -m outside

# A million changed inputs, or FUZZ_COUNT, for every public reader: none may raise an error that is not ours.
fuzz: $(VENV)/ready
	EXCHANGE_IMAP_FUZZ_COUNT=$(FUZZ_COUNT) $(PYTEST) --dist load tests/test_fuzz.py

# Every fault at every request of six procedures, and a process that is killed at each; `make unit` and `make test-long`
# have samples. 40 minutes on two cores.
fault-matrix: $(VENV)/ready
	$(PYTEST) --dist worksteal -m fault_matrix

judge: $(VENV)/ready
	EXCHANGE_IMAP_JUDGE_COUNT=$(JUDGE_COUNT) $(PYTEST) $(BY_FILE) -m "outside(thing='judge') or outside(thing='bridge')"

# Whether time and memory of every public reader grow with the input or faster: about a hundred patterns, up to 1 MB.
growth: $(VENV)/ready
	PYTHONPATH=tests $(BIN)/python benchmarks/growth.py

bench: $(VENV)/ready
	$(BIN)/python benchmarks/import_time.py
	$(BIN)/python benchmarks/reading.py
	$(BIN)/python benchmarks/wire.py
	$(BIN)/python benchmarks/probe.py

clean:
	rm -rf $(VENV) $(DOCS) docs/_build docs/api docs/project .coverage* .hypothesis .mypy_cache .pytest_cache .ruff_cache .import_linter_cache build dist
