# `make demo` and `make test` need nothing but Python 3.11, make and the package index.
PYTHON ?= python3
BIN := .venv/bin
SHELL := /bin/bash
.SHELLFLAGS := -o pipefail -c
# What pip says of each package, in one line.
INSTALL = $(BIN)/python -m pip install --disable-pip-version-check --constraint constraints.txt --editable
SHOWN := sed -nu -e 's/^Collecting \([^ ]*\).*/  \1/p' -e 's/^Installing collected.*/  ... and installs them/p'

.PHONY: demo test test-browser check check-fast docs wheel constraints bench bench-all fit clean

demo: .venv/.run
	$(BIN)/knipsel demo

# Makes temporary folders and servers on loopback ports, all gone afterwards; databases in a
# PostgreSQL only where KNIPSEL_TEST_POSTGRES names one. KNIPSEL_TEST_PATIENCE=3 triples every
# limit of time.
test: .venv/.test
	$(BIN)/python -m pytest --numprocesses auto --dist worksteal

# Needs Debian's chromium as well; screenshots go to build/screenshots.
test-browser: .venv/.browser
	$(BIN)/python -m pytest tests/browser

check: .venv/.check
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -q --numprocesses auto tests/house

# Under a minute: style, types, and the quick tests of the house and of what was changed last.
QUICK := tests/house/test_floors.py tests/house/test_limits.py tests/contacts tests/local_time tests/outcomes tests/urls tests/tdm tests/dates/test_dates.py
check-fast: .venv/.check
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -q --numprocesses auto $(QUICK)

# The documents as a site, in build/site.
docs: .venv/.check
	$(BIN)/mkdocs build --strict --quiet

# dist/knipsel-VERSION-py3-none-any.whl
wheel: .venv/.check
	$(BIN)/uv build --wheel --quiet

EXTRAS := postgres parquet duplicates wacz store cluster plot browser browse test test-browser docs check
constraints: .venv/.check
	mkdir -p build
	head -2 constraints.txt > build/constraints.txt
	$(BIN)/uv pip compile --quiet pyproject.toml --universal --python-version 3.11 $(EXTRAS:%=--extra %) \
	  --no-annotate --no-header --no-emit-index-url >> build/constraints.txt
	mv build/constraints.txt constraints.txt

# SHARED holds gold/pages and gold/samples.
SHARED ?= ../shared

bench: .venv/.bench
	$(BIN)/python benchmarks/extractors.py $(SHARED)

# All ratios in benchmarks/bench.json and docs/benchmarks.md, in half an hour of a quiet machine; ends
# with what got slower. With PostgreSQL where KNIPSEL_TEST_POSTGRES names one.
bench-all: .venv/.test
	mkdir -p build
	cp benchmarks/bench.json build/bench-before.json
	$(BIN)/python -m benchmarks.bench_all $(SHARED)
	$(BIN)/python -m benchmarks.bench_table benchmarks/bench.json docs/benchmarks.md
	$(BIN)/python -m benchmarks.compare build/bench-before.json benchmarks/bench.json

# The weights by which threads are found, from SHARED and tests/pages; docs/reading-pages.md.
fit: .venv/.fit
	$(BIN)/python -m benchmarks.fit --keep build/readings.pickle
	$(BIN)/python -m benchmarks.left_out build/readings.pickle

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/.run: .venv/bin/python pyproject.toml constraints.txt
	@echo "Knipsel is installed into .venv/, once, in a minute or two. It needs:"
	@$(INSTALL) . | $(SHOWN)
	@touch $@

.venv/.test: .venv/bin/python pyproject.toml constraints.txt
	@echo "Knipsel and what its tests need are installed into .venv/, once, in some minutes:"
	@$(INSTALL) '.[test]' | $(SHOWN)
	@touch $@

.venv/.check: .venv/.test pyproject.toml
	@echo "What the checks need is installed into .venv/:"
	@$(INSTALL) '.[test,check,docs]' | $(SHOWN)
	@touch $@

.venv/.bench: .venv/.run pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade pip  # Python 3.11's own stumbles over lxml's renamed extra
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[bench]'
	touch $@

.venv/.fit: .venv/.run pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[fit]'
	mkdir -p build
	touch $@

.venv/.browser: .venv/.test pyproject.toml
	@echo "What the browser tests need is installed into .venv/:"
	@$(INSTALL) '.[test,browser,test-browser]' | $(SHOWN)
	@touch $@

clean:
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis
