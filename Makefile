# Everything starts here: `make help` tells what each target does.
# Assumed: make and Python 3.11 or newer. Set PYTHON to choose one, TORCH_INDEX to take torch from an index of your own.

PYTHON ?= $(shell command -v python3.11 || command -v python3 || echo python3)
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.ready
TORCH_INDEX ?=
# The whole set is pinned; torch goes in first and alone, so that no resolver reaches for an accelerator's build.
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
SOURCES ?= samples
# Files of tests at a time: twice two cores, as many wait for commands; each takes up to 2 GB.
WORKERS ?= 4

.DEFAULT_GOAL := help
.PHONY: help setup repair run test check eval browser cluster bench reliability mutate clean

help: ## Explain every target
	@echo "OnRecord: who said what, as a record that can be questioned."; echo
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-11s %s\n", $$1, $$2}'
	@echo; echo "  make run SOURCES='news/*.jsonl'   reads your own articles instead of samples/"

setup: $(STAMP) ## Make .venv and install the pinned set (about four minutes, once)

$(STAMP): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "OnRecord needs Python 3.11 or newer, and '$(PYTHON)' is not one." >&2; \
	  echo "Install it, or name one: make $(MAKECMDGOALS) PYTHON=/path/to/python3.11" >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
	  echo "'$(PYTHON)' lacks the venv module (on Debian and Ubuntu: apt install python3-venv)." >&2; exit 1; }
	@if test -x $(BIN)/python; then echo "Bringing $(VENV) up to constraints.txt: seconds where it is."; else \
	  echo "Setting up $(VENV) with $$($(PYTHON) --version): about four minutes, 2.6 GB." && \
	  $(PYTHON) -m venv $(VENV); fi
	@echo "  torch ..." && $(PIP) $(if $(TORCH_INDEX),--index-url $(TORCH_INDEX)) $$(grep '^torch==' constraints.txt)
	@echo "  everything else ..." && $(PIP) --constraint constraints.txt --editable '.[dev]'
	@touch $@

repair: ## Install the pinned set again, where `onrecord doctor` finds something missing
	@rm -f $(STAMP); $(MAKE) --no-print-directory setup

run: $(STAMP) ## Run the whole flow on samples/ and print what it found
	@$(BIN)/onrecord run $(SOURCES)

test: $(STAMP) ## Run every test, four files at a time (WORKERS=1: one after the other)
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder

check: $(STAMP) ## Lint, types, layers and formatting
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

eval: $(STAMP) ## Score quality on gold data (GOLD=folder) and hold the pinned floors
	@$(BIN)/python -m training.quality $(if $(GOLD),--gold $(GOLD))

browser: $(STAMP) ## Look at runs and pages in a real browser; needs Chromium and npm (on Debian and Ubuntu: apt install chromium npm)
	@npm ci --silent --prefix tests/browser
	@$(BIN)/python -m pytest tests/browser

# ROUNDS=10 makes each fault ten times; what is needed more than pip has: Debian's postgresql.
cluster: $(STAMP) ## Run on Ray nodes, S3 and Postgres, as processes, and break each of them; needs Postgres
	@$(PIP) --constraint constraints.txt --editable '.[cluster]'
	@HF_HUB_OFFLINE=1 ROUNDS=$(or $(ROUNDS),1) $(BIN)/python -m pytest tests/cluster tests/unit/test_compose.py

bench: $(STAMP) ## Measure what a run costs (BENCH='--articles 300'; docs/performance.md)
	@HF_HUB_OFFLINE=1 $(BIN)/python -m tests.bench $(BENCH)

# Hours at full counts; ONLY="1 8", SCALE=0.1, COUNT=20 and SEED=7 choose.
reliability: $(STAMP) ## Kill, starve and sabotage the flow at full counts, and print the scorecard
	@$(BIN)/python -m tests.reliability $(if $(ONLY),--only $(ONLY)) $(if $(SCALE),--scale $(SCALE)) \
	  $(if $(COUNT),--count $(COUNT)) $(if $(SEED),--seed $(SEED))

# Hours for all; ROOMS="identities copies" chooses (tests/mutation/rooms.toml).
mutate: $(STAMP) ## Change the code one thing at a time and count what the tests notice
	@$(BIN)/python -m tests.mutation $(ROOMS)

clean: ## Remove .venv and caches; the record is kept
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis build *.egg-info
