# Two commands are enough: `make run` and `make test`. Each sets up what is missing and no more.

PYTHON ?= python3
JOBS ?= $(shell nproc 2>/dev/null || echo 2)
BIN := .venv/bin
STATIC := src/vestibule/static

WEB := $(shell find web -name node_modules -prune -o -name dist -prune -o -type f -print 2>/dev/null)
# A stamp counts only while what it stands for is there.
MISSING_STATIC := $(if $(wildcard $(STATIC)/*),,again)
MISSING_NPM := $(if $(wildcard web/node_modules/.package-lock.json),,again)
CLIENTS := tests/clients/node
MISSING_CLIENTS := $(if $(wildcard $(CLIENTS)/node_modules/.package-lock.json),,again)

export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup run test check bench fuzz schema services moderation wheel lock reference format clean again

help: ## Show what there is to make
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: .make/python .make/web ## Python packages and the front end, where they are missing

run: setup ## Serve on http://localhost:8000 (more options: make run ARGS="--port 9000")
	@trap : INT; $(BIN)/vestibule serve $(ARGS) || [ $$? = 130 ]  # Ctrl-C is how one stops it

test: setup .make/clients ## Every test: the front end's, then the server's (one of them: make test ARGS="-k name")
	npm --prefix web test
	$(BIN)/pytest -n $(JOBS) --dist loadfile --no-loadscope-reorder $(ARGS)

check: setup ## Linters, types, floors
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/mypy scripts
	npm --prefix web run check
	npm --prefix web run sizes
	$(BIN)/pytest -q $(wildcard tests/test_floors.py tests/*/test_floors.py)

bench: setup ## Measure, and write docs/numbers.md
	$(BIN)/python benchmarks/messages.py
	$(BIN)/python benchmarks/rest.py
	$(BIN)/python benchmarks/uploads.py
	$(BIN)/python benchmarks/gate.py
	$(BIN)/python benchmarks/corpus.py

fuzz: setup ## Look for files that break a parser, SECONDS long (again with ARGS="--hypothesis-seed=7 -k name")
	$(BIN)/python scripts/fuzz.py --seconds $(or $(SECONDS),300) $(ARGS)

schema: setup ## Ask a server all that its OpenAPI description allows, SECONDS long
	SCHEMA_SECONDS=$(or $(SECONDS),300) $(BIN)/pytest -n0 tests/openapi $(ARGS)

moderation: setup ## Install the picture model and its tests' needs (50 MB to fetch, 100 MB on disk)
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements/moderation.txt

services: ## Install clamd, Chromium and nginx for the tests, with apt-get (root or sudo)
	sh scripts/services.sh

wheel: setup ## A wheel with the front end in it, in dist/
	$(BIN)/hatchling build --target wheel

format: setup ## Put the Python code into shape
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

reference: setup ## Write the generated pages of docs/reference/ again
	$(BIN)/python scripts/reference.py

lock: ## Lock the newest packages that fit, with their hashes (needs uv)
	uv pip compile -q --universal --upgrade --generate-hashes --no-emit-index-url --no-header \
		pyproject.toml -o requirements/runtime.txt
	uv pip compile -q --universal --upgrade --generate-hashes --no-emit-index-url --no-header \
		--extra dev -c requirements/runtime.txt pyproject.toml -o requirements/dev.txt
	uv pip compile -q --universal --upgrade --generate-hashes --no-emit-index-url --no-header \
		--extra moderation -c requirements/dev.txt pyproject.toml -o requirements/moderation.txt
	printf 'editables\nhatchling\n' | uv pip compile -q --universal --generate-hashes --no-emit-index-url \
		--no-header -c requirements/dev.txt - -o requirements/build.txt

clean: ## Remove all that was made; what people wrote and sent (data/) stays
	rm -rf .make .venv web/node_modules $(CLIENTS)/node_modules $(STATIC) dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -prune -exec rm -rf {} +

# Stamps

.venv/pyvenv.cfg:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed.")'
	$(PYTHON) -m venv .venv

.make/python: .venv/pyvenv.cfg requirements/dev.txt pyproject.toml
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements/dev.txt
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	@mkdir -p .make && touch $@

.make/npm: web/package-lock.json web/package.json $(wildcard web/packages/*/package.json) $(MISSING_NPM)
	npm --prefix web ci --no-audit --no-fund
	@mkdir -p .make && touch $@

# The official Node libraries, which only tests use.
.make/clients: $(CLIENTS)/package-lock.json $(CLIENTS)/package.json $(MISSING_CLIENTS)
	npm --prefix $(CLIENTS) ci --ignore-scripts --no-audit --no-fund
	@mkdir -p .make && touch $@

.make/web: .make/npm $(WEB) $(MISSING_STATIC)
	npm --prefix web run build
	@mkdir -p .make && touch $@
