# One command each: `make demo`, `make test`, `make proof`, `make coverage`, `make check`, `make bench`. Everything lands in
# .venv; nothing else is touched.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
# The lock holds everything, so nothing is resolved: pip before 24 looks past it for `coverage[toml]`, and fails.
PIP := $(BIN)/pip install --quiet --disable-pip-version-check --no-deps

.PHONY: setup demo test proof coverage check bench lock format clean
.DEFAULT_GOAL := demo

setup: $(STAMP)

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: apt install python3 python3-venv"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(PIP) --require-hashes -r requirements.lock
	$(PIP) --no-build-isolation --editable .
	@$(BIN)/pip check --disable-pip-version-check > $(VENV)/check.txt || { cat $(VENV)/check.txt; exit 1; }
	@touch $@

check: $(STAMP)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/dubu-adapter mappings check

# Stories of real processes, random sequences of them, and whole sites that are set up, cut off and attacked: minutes of
# their own.
WHOLE_SITES := $(addprefix tests/provision/,test_bare_site.py test_every_route.py test_holes.py test_interrupted.py)
STORIES := tests/sequences tests/system $(WHOLE_SITES)
APART := $(addprefix --ignore=,$(STORIES))

test: check
	$(BIN)/pytest --numprocesses 2 $(APART)

proof: $(STAMP)
	$(BIN)/pytest --numprocesses 2 $(STORIES)

# Counting lines makes everything two to five times slower.
coverage: $(STAMP)
	$(BIN)/pytest --numprocesses 2 --cov --cov-report= $(APART)
	$(BIN)/coverage report --fail-under=95
	$(BIN)/coverage report --include='adapter/rules/*' --fail-under=100

demo: $(STAMP)
	@$(BIN)/python -m tests.demo $(if $(STAY),--stay,)

bench: $(STAMP)
	$(BIN)/python -m tests.bench

format: $(STAMP)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lock: $(STAMP)
	$(BIN)/uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-header --no-annotate --upgrade --quiet -o requirements.lock

clean:
	rm -rf $(VENV) .data .build .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage
