# `make` alone lists what there is. All that is needed beforehand: Python 3.11 or later, git and make.

SHELL := /bin/sh
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

# The first Python that is recent enough and can make an environment. Another: make install PYTHON=/path/to/python
PYTHON ?= $(shell for name in python3.11 python3.12 python3.13 python3; do \
	if $$name -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; \
	then echo $$name; break; fi; done)

.DEFAULT_GOAL := help
.PHONY: help install demo test lint types contract verify mutants calibrate stubs figures bench bench-class wheel clean

help: ## List the targets.
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-11s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

install: $(STAMP) ## Make .venv: pinned tools, checked by their hashes, and nnedu itself, editable.

demo: $(STAMP) ## Show what a student sees: a lesson with mistakes in it, graded.
	@$(BIN)/nnedu demo

test: $(STAMP) ## Run the tests of the engine.
	$(BIN)/python -m pytest --numprocesses logical --dist loadfile

lint: $(STAMP) ## Judge the style of everything, and that it is formatted.
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(STAMP) ## Check the types of the engine, strictly.
	$(BIN)/mypy

contract: $(STAMP) ## Check that each layer of the engine imports only what it may.
	$(BIN)/lint-imports

verify: $(STAMP) ## Prove the course: solutions pass, mistakes are recognised, variants get full points.
	$(BIN)/nnedu course verify

mutants: $(STAMP) ## Prove the graders: nearly every slip in a solution fails a check, and the rest is explained.
	$(BIN)/nnedu course mutants

calibrate: $(STAMP) ## Run every check with the solution on 30 seeds: it passes them all.
	$(BIN)/nnedu course calibrate

stubs: $(STAMP) ## Write exercises/ anew from solutions/.
	$(BIN)/nnedu course stubs

figures: $(STAMP) ## Draw the figures of the lessons anew; needs matplotlib, the extra "plots".
	$(BIN)/python docs/figures/make_figures.py

bench: $(STAMP) ## Measure everything that has a budget.
	$(BIN)/python benchmarks/check.py

bench-class: $(STAMP) ## Measure the grading of a class, beside nbgrader and otter.
	$(BIN)/python benchmarks/class.py

wheel: $(STAMP) ## Build the wheel for students, and check that no solution and no grader is in it.
	rm -rf dist
	$(BIN)/python -m build --wheel --no-isolation
	@names=$$($(BIN)/python -m zipfile -l dist/*.whl) || exit 1; \
	if echo "$$names" | grep -E '(^|/)(solutions|graders)/'; then echo "These files must not be in a wheel." >&2; exit 1; fi; \
	echo "$$names"

clean: ## Remove caches and what was built; the environment stays (rm -rf .venv removes it).
	rm -rf build dist src/nnedu/bundles .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -path ./$(VENV) -prune -o -path ./.git -prune -o -type d -name __pycache__ -exec rm -rf {} +

$(STAMP): requirements/dev.txt pyproject.toml
	@if [ -z "$(PYTHON)" ]; then \
	  echo "No Python 3.11 or later that can make an environment was found." >&2; \
	  if python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; \
	  then echo "python3 is recent enough, but lacks venv. On Debian or Ubuntu: apt-get install python3-venv" >&2; \
	  else echo "Install Python 3.11 to 3.13, or name one: make install PYTHON=/path/to/python" >&2; fi; \
	  exit 1; fi
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "$(PYTHON) is not a Python of version 3.11 or later." >&2; exit 1; }
	@"$(PYTHON)" -c 'import venv, ensurepip' >/dev/null 2>&1 || \
	  { echo "$(PYTHON) lacks venv. On Debian or Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || "$(PYTHON)" -m venv --clear $(VENV)
	@echo "Installing into $(VENV), a minute or two the first time..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(STAMP)
