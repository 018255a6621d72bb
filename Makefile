# Everything works on a bare clone: Python >= 3.11 and make are all that is needed.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/ready
SOURCES := kg pipelines exports tests benchmarks docs

.PHONY: demo test check coverage docs wheel lock kills sequences fuzz mutate bounds lowest fix clean help

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
	$(BIN)/ruff format --check --quiet $(SOURCES)
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/deptry .

coverage: $(READY) ## run every test but those of browsers, and say which lines they reach
	$(BIN)/python -m pytest --cov --ignore=tests/browser

docs: $(READY) ## write docs/cli.md from the commands' own help
	$(BIN)/python docs/write_cli.py

wheel: $(READY) ## build the wheel, install it without the tree, run the examples of the docs with it
	rm -rf dist .venv-wheel
	@$(BIN)/python -m pip wheel --quiet --disable-pip-version-check --no-deps --wheel-dir dist .
	@$(PYTHON) -m venv .venv-wheel
	@.venv-wheel/bin/python -m pip install --quiet --disable-pip-version-check dist/*.whl pandas
	cd tests && KG_PYTHON=$(CURDIR)/.venv-wheel/bin/python ../$(BIN)/python -m pytest -c ../pyproject.toml test_docs.py

lock: $(READY) ## write the newest versions of all packages that the tests are run with
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --group dev --upgrade \
	  --no-header --no-annotate pyproject.toml -o constraints.txt

kills: $(READY) ## kill builds in every phase, 64 times, and compare what the next one makes
	KG_KILLS=64 $(BIN)/python -m pytest --timeout=0 tests/test_killing.py -k goes_on_to_the_same -s

sequences: $(READY) ## 100 random sequences of builds and removals against one build each
	KG_SEQUENCES=100 $(BIN)/python -m pytest --timeout=0 tests/test_rebuild.py -k sequence
	KG_CASES=150 $(BIN)/python -m pytest --timeout=0 tests/test_whole_way.py

fuzz: $(READY) ## a million changed files through every reader
	$(BIN)/python benchmarks/fuzz.py --cases 1000000

mutate: $(READY) ## 160 faults put into the code one by one: those that no test sees are printed
	$(BIN)/python benchmarks/mutate.py --count 160

bounds: $(READY) ## time and memory of one file, paper or name at each bound of docs/reliability.md
	$(BIN)/python benchmarks/bounds.py

lowest: ## install the oldest libraries that are allowed, and run the tests of the core with them
	rm -rf .venv-lowest
	@$(PYTHON) -m venv .venv-lowest
	@.venv-lowest/bin/python -m pip install --quiet --disable-pip-version-check uv
	.venv-lowest/bin/uv pip install --quiet --python .venv-lowest/bin/python --resolution lowest-direct --editable . \
	  "pytest>=8.3" "pytest-timeout>=2.3" "hypothesis>=6.120" "pandas>=2.2" "rdflib>=7"
	.venv-lowest/bin/python -m pytest -W default tests/kg tests/pipelines tests/test_examples.py tests/test_rebuild.py

fix: $(READY) ## mend what the linter can mend
	$(BIN)/ruff check --fix $(SOURCES)

clean: ## remove what was made
	rm -rf $(VENV) .venv-wheel .venv-lowest kg-out dist build

$(READY): pyproject.toml constraints.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing kg and its tools into $(VENV) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade "pip>=25.1,<27"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable . --group dev
	@touch $(READY)
