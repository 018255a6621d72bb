# Everything works on a bare clone: Python >= 3.11 and make are all that is needed.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/ready
SOURCES := kg pipelines exports tests benchmarks docs

.PHONY: demo test check docs wheel kills sequences fuzz mutate lowest fix clean help

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

kills: $(READY) ## kill builds in every phase, 64 times, and compare what the next one makes
	KG_KILLS=64 $(BIN)/python -m pytest tests/test_killing.py -k goes_on_to_the_same -s

sequences: $(READY) ## 100 random sequences of builds and removals against one build each
	KG_SEQUENCES=100 $(BIN)/python -m pytest tests/test_rebuild.py -k sequence
	KG_CASES=150 $(BIN)/python -m pytest tests/test_whole_way.py

fuzz: $(READY) ## a million changed files through every reader
	$(BIN)/python benchmarks/fuzz.py --cases 1000000

mutate: $(READY) ## 100 faults put into the code one by one: those that no test sees are printed
	$(BIN)/python benchmarks/mutate.py --count 100

lowest: ## install the oldest libraries that are allowed, and run the tests of the core with them
	rm -rf .venv-lowest
	@$(PYTHON) -m venv .venv-lowest
	@.venv-lowest/bin/python -m pip install --quiet --disable-pip-version-check uv
	.venv-lowest/bin/uv pip install --quiet --python .venv-lowest/bin/python --resolution lowest-direct --editable . pytest hypothesis
	.venv-lowest/bin/python -m pytest -W default tests/kg tests/pipelines tests/test_examples.py tests/test_rebuild.py

fix: $(READY) ## mend what the linter can mend
	$(BIN)/ruff check --fix $(SOURCES)

clean: ## remove what was made
	rm -rf $(VENV) .venv-wheel .venv-lowest kg-out dist build

$(READY): pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing kg and its tools into $(VENV) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade "pip>=25.1"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable . --group dev
	@touch $(READY)
