# `make` lists the targets: the lines with ##. Two of them do all set-up: `make demo` and `make test`.
PYTHON ?= python3
VENV   ?= .venv
BIN     = $(VENV)/bin
# Three processes on two cores, because many tests wait for another program.
XDIST  ?= -n 3
# Which mutants `make mutants` tries, as a pattern of their names. `strongroom.text.lines.*` takes all of one module.
MUTANTS ?= *__mutmut_*5

.DEFAULT_GOAL := help
.PHONY: help demo install test lint types contracts unit mutants pages sentences clean

help: ## List the targets.
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | awk -F '\t' '{printf "  make %-10s %s\n", $$1, $$2}'

# `touch` marks what was installed from which files; pip is asked again only when they change.
$(VENV)/.installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable .
	$(BIN)/python -m compileall -q core cli lsp tui # the first start is as quick as the second
	touch $@

$(VENV)/.installed-%: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[$*]'
	touch $@

demo: $(VENV)/.installed ## Open the app on sample connectors, a throw-away vault and a local API.
	$(BIN)/strongroom demo

install: $(VENV)/.installed ## Install Strongroom into .venv, from this folder.

test: lint types contracts unit ## Run all checks and all tests. CI runs this.

lint: $(VENV)/.installed-test ## Check style and formatting.
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.installed-test ## Check types.
	$(BIN)/mypy core cli lsp tui

contracts: $(VENV)/.installed-test ## Check that imports go down the layers only.
	$(BIN)/lint-imports

unit: $(VENV)/.installed-test ## Run the tests alone; XDIST="-n 0" runs them in one process.
	$(BIN)/python -m pytest $(XDIST)

# mutmut wants the packages side by side, and works on copies of them.
mutants: $(VENV)/.installed-test $(VENV)/.installed-mutants ## Change the code in small ways and see which changes no test notices.
	rm -rf build/mutants
	mkdir -p build/mutants
	ln -s ../../core/strongroom ../../lsp/strongroom_lsp ../../docs ../../tests ../../pyproject.toml build/mutants
	cd build/mutants && $(abspath $(BIN))/mutmut run '$(MUTANTS)'
	cd build/mutants && $(abspath $(BIN))/mutmut results

pages: $(VENV)/.installed ## Write docs/rules and editors/schemas from the program's own data.
	$(BIN)/strongroom rules --write docs/rules
	$(BIN)/python editors/schemas/generate.py

sentences: $(VENV)/.installed ## Print each sentence that a user may read.
	$(BIN)/python tests/sentences.py

clean: ## Remove all that was installed or made.
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
