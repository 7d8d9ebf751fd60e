# Everything happens in .venv/; nothing else of the machine is touched.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: help install run test lint bench clean
help: ## show what there is
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/'

install: .venv/.installed ## make .venv/ with wherefrom in it

run: .venv/.installed ## index the starter corpus and serve it
	$(BIN)/wherefrom index corpus/documents
	$(BIN)/wherefrom serve

test: .venv/.dev ## run all tests
	$(BIN)/python -m pytest

lint: .venv/.dev ## check form and types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

bench: .venv/.installed ## how good and how fast, on the starter corpus
	$(BIN)/wherefrom index corpus/documents
	$(BIN)/python -m eval run eval/starter.jsonl --data-dir data
	$(BIN)/python -m eval bench eval/starter.jsonl --data-dir data

clean: ## remove .venv/ and caches; data/ stays
	rm -rf .venv build *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis

.venv/.installed: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "wherefrom needs Python 3.11 or newer; run: make PYTHON=python3.12 install")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable .
	@touch $@

.venv/.dev: .venv/.installed
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[dev]'
	@touch $@
