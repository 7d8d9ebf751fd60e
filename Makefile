# What is installed goes into .venv/, what is indexed into data/. Outside of this folder only the model is unpacked, into
# the user's cache folder or where WHEREFROM_CACHE_DIR says, and pip keeps what it has fetched.
PYTHON ?= python3
BIN := .venv/bin
# Environments of other stacks, about 10 GB; made once.
PEERS ?= .peers
# Question sets that stand beside a working copy, where they do.
SHARED := $(wildcard ../shared)
XQUAD := $(SHARED)/data/xquad
# What large folders for benchmarks are cut of, and where they are made: about 8 GB.
SETS := $(foreach each,en zh de es ru vi ar,$(XQUAD)/xquad.$(each).json) $(SHARED)/data/cmrc2018/cmrc2018_dev.json
BENCH ?= .bench
COMPARED := eval/starter.jsonl --corpus corpus/documents $(if $(SHARED),$(SHARED)/eval/dev.jsonl \
	--corpus $(SHARED)/corpus $(XQUAD)/xquad.zh.json $(XQUAD)/xquad.en.json --passages $(XQUAD)/xquad.zh.json)
# What `make quality` asks: the sets in eval/sets/, and those beside the working copy.
QUALITY := $(patsubst %/questions.jsonl,%,$(wildcard eval/sets/*/questions.jsonl)) eval/starter.jsonl@corpus/documents \
	$(if $(SHARED),$(SHARED)/eval/dev.jsonl@$(SHARED)/corpus $(XQUAD)/xquad.zh.json \
	$(foreach each,en de es ru vi ar,$(XQUAD)/xquad.$(each).json@$(XQUAD)/xquad.zh.json) $(XQUAD)/xquad.en.json \
	$(foreach each,zh en,$(XQUAD)/xquad.$(each).json@$(XQUAD)/xquad.zh.json@$(XQUAD)/xquad.en.json) \
	$(SHARED)/data/cmrc2018/cmrc2018_dev.json)

.PHONY: help install run test test-cluster lint docs bench quality performance confidence compare clean
help: ## show what there is
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/'

install: .venv/.installed ## make .venv/ with wherefrom in it

run: .venv/.installed ## index the starter corpus and serve it
	$(BIN)/wherefrom index corpus/documents
	$(BIN)/wherefrom serve

test: .venv/.dev ## run all tests
	$(BIN)/python -m pytest

test-cluster: .venv/.test-cluster ## run the tests that need a database, on one that is started for them
	$(BIN)/python -m tests.cluster

lint: .venv/.dev ## check form and types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

docs: .venv/.installed ## write the tables in docs/ that follow from the code
	$(BIN)/python -m service.reference docs/*.md

bench: .venv/.installed ## how good and how fast, on the starter corpus
	$(BIN)/wherefrom index corpus/documents
	$(BIN)/python -m eval run eval/starter.jsonl --data-dir data
	$(BIN)/python -m eval bench eval/starter.jsonl --data-dir data

quality: .venv/.installed ## how good, on every question set that is here; OPTIONS='--half 1' for one
	$(BIN)/python -m eval quality $(QUALITY) $(OPTIONS)

performance: .venv/.report ## all of docs/performance.md anew: about an hour
	@test -n "$(SHARED)" || (echo "../shared/ is not beside this working copy; it holds the question sets" >&2; false)
	mkdir -p $(BENCH)/results $(PEERS)
	$(BIN)/python -m eval bench-make $(SETS) --folder $(BENCH)
	$(BIN)/python -m eval bench-encoder $(XQUAD)/xquad.zh.json --folder $(BENCH)
	$(BIN)/python -m eval bench-http $(SETS) --folder $(BENCH)
	$(BIN)/python -m eval bench-peers $(SETS) --folder $(BENCH) --environments $(PEERS)
	$(BIN)/python -m eval bench-beside $(SETS) --folder $(BENCH)
	$(BIN)/python -m eval bench-load $(SETS) --folder $(BENCH)
	$(BIN)/python -m eval bench-vectors $(SETS) --folder $(BENCH)
	$(BIN)/python -m eval bench-memory $(SETS) --folder $(BENCH)
	$(BIN)/python -m eval bench-start $(SETS) --folder $(BENCH)
	$(BIN)/python -m eval bench-report docs/performance.md --folder $(BENCH)

confidence: .venv/.installed ## fit anew what confidence means: some twenty minutes; see docs/confidence.md
	@test -n "$(SHARED)" || (echo "../shared/ is not beside this working copy; it holds the question sets" >&2; false)
	$(BIN)/python -m eval calibrate $(foreach each,zh en de es ru vi ar,$(XQUAD)/xquad.$(each).json) \
		--articles 1-24 --test 25-48 --out index/ranking/records/multilingual-e5-small.json

compare: .venv/.installed ## what other stacks find, beside wherefrom; see docs/peers.md
	mkdir -p $(PEERS)
	$(BIN)/python -m eval peers $(COMPARED) --environments $(PEERS) --out $(PEERS)/peers.json

clean: ## remove .venv/, .peers/, .bench/ and caches; data/ and the unpacked model stay
	rm -rf .venv .peers .bench build *.egg-info client/build client/*.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis .schemathesis

.venv/.installed: pyproject.toml client/pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "wherefrom needs Python 3.11 or newer; run: make PYTHON=python3.12 install")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable . --editable ./client
	@touch $@

.venv/.dev: .venv/.installed
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[dev]'
	@touch $@

.venv/.test-cluster: .venv/.dev
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[test-cluster]'
	@touch $@

.venv/.report: .venv/.installed
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[report]'
	@touch $@
