# Every target works in a fresh clone: it makes .venv and installs the pins it needs first.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV ?= .venv
BIN := $(VENV)/bin
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help venv venv-dev demo run test check format bench pins clean

help:  ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Xero Bridge needs Python 3.11 or newer, and $(PYTHON) is not. Name one: make PYTHON=..." >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV)

# A copy of the installed pins lies in .venv: only a changed file is installed again.
venv: $(BIN)/python  ## Make .venv with the runtime requirements
	@cmp -s requirements.txt $(VENV)/requirements.txt || { \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt && \
	  cp requirements.txt $(VENV)/requirements.txt; }

venv-dev: $(BIN)/python
	@cmp -s requirements-dev.txt $(VENV)/requirements-dev.txt || { \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt && \
	  cp requirements.txt requirements-dev.txt $(VENV)/; }

demo: venv  ## Both systems simulated, and the dashboard between them
	@$(BIN)/flask --app app demo $(ARGS)

run: venv  ## The dashboard and its schedule, for real
	@$(BIN)/python app.py $(ARGS)

test: venv-dev  ## The whole suite (PostgreSQL and Chromium are used where they are found)
	$(BIN)/pytest -n 3 --dist worksteal $(ARGS)

check: venv-dev  ## Format, style, types and layers
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: venv-dev  ## Rewrite the code in the project's format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: venv-dev  ## Measure calls, decoding and a run without changes
	@$(BIN)/python -m bench $(ARGS)

PIN = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
  --no-emit-index-url --no-header --no-annotate

pins: venv-dev  ## Resolve requirements*.in again (ARGS=--upgrade for the newest)
	$(PIN) $(ARGS) requirements.in -o requirements.txt
	$(PIN) $(ARGS) -c requirements.txt requirements-dev.in -o requirements-dev.txt

clean:  ## Remove caches (not .venv, not instance/, not demo/)
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache htmlcov .coverage .coverage.*
	find xero_bridge tests bench -name __pycache__ -type d -prune -exec rm -rf {} +
