# Everything installs itself into .venv from the locks; nothing else of the machine is touched.
PYTHON ?= python3
UV := $(shell command -v uv 2>/dev/null)
BIN := .venv/bin
OUT ?= out

.PHONY: .venv demo test coverage chaos fuzz lint format bench corpus papers examples env lock clean help

help:  ## what there is to type
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*##/\t/' | expand -t 12

demo: .venv/core.installed  ## make the example paper's video in out/demo
	$(BIN)/hidden-hill make examples/caption-times.xml --out $(OUT)/demo --local

test: .venv/dev.installed  ## run the tests
	$(BIN)/pytest -n 3 --dist worksteal $(PYTEST_ARGS)

coverage: .venv/dev.installed  ## the same, and which branches they reach (takes over twice as long)
	$(BIN)/coverage erase
	$(BIN)/pytest -n 3 --dist worksteal --cov --cov-report=term $(PYTEST_ARGS)

chaos: .venv/dev.installed  ## kill, cut off and fill up everything, at length (some minutes)
	HIDDEN_HILL_CHAOS=long $(BIN)/pytest tests/chaos -p no:cacheprovider --timeout 3600 -s $(PYTEST_ARGS)

fuzz: .venv/dev.installed  ## damage 2,000 files and read them (FUZZ_ARGS='--count 10000' for more)
	$(BIN)/python -m tests.fuzz $(FUZZ_ARGS)

lint: .venv/dev.installed  ## style, types, and which room may import which
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: .venv/dev.installed  ## let ruff put the code in shape
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: .venv/dev.installed  ## measure, as ratios within one run
	$(BIN)/python -m benchmarks.render
	$(BIN)/python -m benchmarks.whole_job
	$(BIN)/python -m benchmarks.orchestration
	$(BIN)/python -m benchmarks.throughput
	$(BIN)/python -m benchmarks.latency
	$(BIN)/python -m benchmarks.waiting
	$(BIN)/python -m benchmarks.messages
	$(BIN)/python -m benchmarks.chat --platform slack
	$(BIN)/python -m benchmarks.chat --platform discord
	$(BIN)/python -m benchmarks.alignment
	$(BIN)/python -m benchmarks.providers
	$(BIN)/python -m benchmarks.reading

corpus: .venv/dev.installed  ## run every paper of HIDDEN_HILL_PAPERS (else ../shared/papers) and compare with what is due
	$(BIN)/python -m benchmarks.corpus $(CORPUS_ARGS)

papers: .venv/dev.installed  ## fetch some open papers from PMC (needs the internet), for `make corpus` in any clone
	$(BIN)/python -m benchmarks.fetch_papers out/papers

examples: .venv/dev.installed  ## measure again and write the example paper anew
	$(BIN)/python -m examples.build

env: .venv/core.installed  ## write .env.example anew from settings.py
	$(BIN)/python -m cli.environment > .env.example

lock:  ## for maintainers: resolve the locks anew (needs uv)
	echo 'setuptools>=77' | uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url pyproject.toml - -o requirements.txt $(LOCK_ARGS)
	echo 'setuptools>=77' | uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --extra bots --extra cloud --extra providers -c requirements.txt pyproject.toml - -o requirements-production.txt $(LOCK_ARGS)
	echo 'setuptools>=77' | uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --all-extras -c requirements.txt pyproject.toml - -o requirements-dev.txt $(LOCK_ARGS)

clean:  ## remove the environment and the caches; your videos in out/ stay
	rm -rf .venv .coverage .coverage.* .pytest_cache .mypy_cache .ruff_cache .import_linter_cache

ifdef UV
INSTALL := $(UV) pip install -q --python $(BIN)/python
else
INSTALL := $(BIN)/python -m pip install -q --disable-pip-version-check
# An environment that uv made has no pip of its own.
ENSURE_PIP := $(BIN)/python -m pip --version > /dev/null 2>&1 || $(BIN)/python -m ensurepip > /dev/null
endif

.venv: .venv/core.installed

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo 'Hidden Hill needs Python 3.11 or newer. Point PYTHON at one: make PYTHON=python3.12 …'; exit 1; }
ifdef UV
	$(UV) venv -q --python $(PYTHON) .venv
else
	$(PYTHON) -m venv .venv
endif

.venv/core.installed: requirements.txt pyproject.toml | $(BIN)/python
	$(ENSURE_PIP)
	$(INSTALL) --require-hashes -r requirements.txt
	$(INSTALL) --no-deps --no-build-isolation -e .
	@touch $@

.venv/dev.installed: requirements-dev.txt requirements.txt pyproject.toml | $(BIN)/python
	$(ENSURE_PIP)
	$(INSTALL) --require-hashes -r requirements-dev.txt
	$(INSTALL) --no-deps --no-build-isolation -e .
	@touch .venv/core.installed $@
