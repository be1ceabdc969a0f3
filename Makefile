# `make demo` and `make test` need nothing but Python 3.11, make and the package index.
PYTHON ?= python3
BIN := .venv/bin
SHELL := /bin/bash

.PHONY: demo test test-browser check bench fit clean

demo: .venv/.run
	$(BIN)/scrapy demo

test: .venv/.test
	$(BIN)/python -m pytest --numprocesses auto --dist worksteal

# Needs Debian's chromium as well; screenshots go to build/screenshots.
test-browser: .venv/.browser
	$(BIN)/python -m pytest tests/browser

check: .venv/.check
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -q tests/house

# SHARED holds gold/pages and gold/samples.
SHARED ?= ../shared

bench: .venv/.bench
	$(BIN)/python benchmarks/extractors.py $(SHARED)

# The weights by which threads are found, from SHARED and tests/pages; docs/reading-pages.md.
fit: .venv/.fit
	$(BIN)/python -m benchmarks.fit --keep build/readings.pickle
	$(BIN)/python -m benchmarks.left_out build/readings.pickle

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/.run: .venv/bin/python pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	touch $@

.venv/.test: .venv/bin/python pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[test]'
	touch $@

.venv/.check: .venv/.test pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[test,check]'
	touch $@

.venv/.bench: .venv/.run pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade pip  # Python 3.11's own stumbles over lxml's renamed extra
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[bench]'
	touch $@

.venv/.fit: .venv/.run pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[fit]'
	mkdir -p build
	touch $@

.venv/.browser: .venv/.test pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[test,browser]'
	touch $@

clean:
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis
