# Everything works on a bare clone: Python >= 3.11 and make are all that is needed.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/ready
SOURCES := kg pipelines exports tests benchmarks docs

.PHONY: demo test check docs wheel fix clean help

help: ## say what can be made
	@grep -E '^[a-z]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 10

demo: $(READY) ## build the graph of examples/ and say where the page is
	@$(BIN)/kg build examples/papers.jsonl -o kg-out/demo
	@echo
	@echo "Open kg-out/demo/graph.html in a browser."

test: $(READY) ## run every check and every test
	$(MAKE) --no-print-directory check
	$(BIN)/python -m pytest

check: $(READY) ## lint, types, import contracts, dependencies
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/deptry .

docs: $(READY) ## write docs/cli.md from the commands' own help
	$(BIN)/python docs/write_cli.py

wheel: $(READY) ## build the wheel, install it without the tree, run the examples of the docs with it
	rm -rf dist .venv-wheel
	@$(BIN)/python -m pip wheel --quiet --disable-pip-version-check --no-deps --wheel-dir dist .
	@$(PYTHON) -m venv .venv-wheel
	@.venv-wheel/bin/python -m pip install --quiet --disable-pip-version-check dist/*.whl pandas
	cd tests && KG_PYTHON=$(CURDIR)/.venv-wheel/bin/python ../$(BIN)/python -m pytest -c ../pyproject.toml test_docs.py

fix: $(READY) ## mend what the linter can mend
	$(BIN)/ruff check --fix $(SOURCES)

clean: ## remove what was made
	rm -rf $(VENV) .venv-wheel kg-out dist build

$(READY): pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing kg and its tools into $(VENV) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade "pip>=25.1"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable . --group dev
	@touch $(READY)
