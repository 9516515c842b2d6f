# Everything a working copy needs. `make` alone explains the targets.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

export LOOMWORK_HOME ?= var
PORT ?= 8000
WORKERS ?= 2

VENV := .venv
BIN := $(VENV)/bin
# Stamps: a set-up step runs again only when one of the files it reads has changed.
PACKAGES := $(VENV)/.packages
TOOLS := $(VENV)/.tools
ASSETS := ui/loomwork_ui/static/vendor/icons.json
INSTALL := $(BIN)/python -m pip install --quiet --quiet --disable-pip-version-check

# The first interpreter that is new enough and can make a virtual environment.
PYTHON ?= $(shell for name in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$name -c 'import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 \
	&& echo $$name && break; done)
NODE_IS_NEW = node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' >/dev/null 2>&1 \
	&& npm --version >/dev/null 2>&1

.PHONY: help
help: ## explain the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: run
run: $(ASSETS) $(PACKAGES) ## set up if needed, then serve a site with demo data; PORT= and LOOMWORK_HOME= change where
	@made="$$LOOMWORK_HOME/.made-$$(printf %s "$$LOOMWORK_DATABASE_URL" | cksum | cut -d ' ' -f 1)"; \
	password="$$LOOMWORK_HOME/admin.password"; \
	if [ ! -e "$$made" ] || [ -n "$$(find platform/loomwork/store/migrations -name '*.py' -newer "$$made")" ]; then \
		$(BIN)/loomwork init --admin admin --password-file "$$password" \
			--pack base --pack sales --demo && : > "$$made" || exit $$?; \
	fi; \
	echo "Loomwork   http://127.0.0.1:$(PORT)"; \
	echo "Sign in    admin, with the password in $$password"; \
	echo "Stop       Ctrl-C"; \
	exec $(BIN)/loomwork serve --port $(PORT)

.PHONY: test
test: $(ASSETS) $(TOOLS) ## run every test that can run here; ARGS= goes to pytest, REQUIRE_SERVICES=1 makes a skip a failure
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup $(ARGS)

.PHONY: soak
soak: $(ASSETS) $(TOOLS) ## run the long suites (kills, chaos, millions of generated cases)
	@LOOMWORK_SOAK=1 $(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup --timeout 0 $(ARGS)

.PHONY: check
check: $(TOOLS) ## format, lint, types, layering, the repository's own rules: what CI runs before the tests
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m pytest --quiet tests/repo

.PHONY: fix
fix: $(TOOLS) ## format the code and repair what the linter can repair
	@$(BIN)/ruff check --fix-only --quiet .
	@$(BIN)/ruff format .

.PHONY: cover
cover: $(ASSETS) $(TOOLS) ## run the tests and show the lines and branches that none of them reaches
	@$(BIN)/coverage erase
	@$(BIN)/coverage run -m pytest -n $(WORKERS) --dist loadgroup $(ARGS)
	@$(BIN)/coverage combine --quiet
	@$(BIN)/coverage report

.PHONY: bench
bench: $(ASSETS) $(TOOLS) ## measure CPU per request against the hand-written endpoint; ARGS= goes to the bench
	@$(BIN)/python -m bench $(ARGS)

.PHONY: screenshots
screenshots: $(ASSETS) $(TOOLS) ## take the pictures of the screens that the documentation shows
	@$(BIN)/python tests/browser/screenshots.py $(ARGS)

.PHONY: wheel
wheel: $(ASSETS) $(TOOLS) ## build the wheel into dist/
	@rm -rf dist
	@$(BIN)/python -m build --wheel --no-isolation --outdir dist . >/dev/null
	@ls dist/*.whl

# A frozen release is a hash of every file it has on the registry, for every platform and Python;
# UPGRADE=--upgrade moves the pins, otherwise they move only as far as pyproject.toml asks.
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-header --annotation-style line --no-emit-index-url $(UPGRADE)

FORGET_ADDRESSES := const fs = require("fs"), file = "package-lock.json"; \
	const lock = JSON.parse(fs.readFileSync(file)); \
	for (const entry of Object.values(lock.packages)) { delete entry.funding; delete entry.resolved; } \
	fs.writeFileSync(file, JSON.stringify(lock, null, 2) + "\n")

.PHONY: lock
lock: $(TOOLS) ## write requirements/*.txt and package-lock.json anew; UPGRADE=--upgrade moves every pin
	@$(LOCK) --extra postgres --extra mysql --extra redis --extra s3 \
		--output-file requirements/run.txt pyproject.toml requirements/build.in
	@$(LOCK) --all-extras --constraint requirements/run.txt \
		--output-file requirements/dev.txt pyproject.toml requirements/build.in
	@npm install --package-lock-only --ignore-scripts --loglevel=error >/dev/null
	@node -e '$(FORGET_ADDRESSES)'

.PHONY: setup
setup: $(ASSETS) $(TOOLS) ## everything that the other targets need, and no more

.PHONY: clean
clean: ## remove what was built here; the site in var/ stays
	@rm -rf $(VENV) node_modules dist .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache \
		ui/loomwork_ui/static/vendor

$(BIN)/python:
	@if [ -z "$(PYTHON)" ]; then \
		echo "Loomwork needs Python 3.11 or newer with venv. Debian: apt-get install python3 python3-venv. Elsewhere: python.org or your package manager." >&2; \
		exit 3; \
	fi
	@echo "Making the virtual environment in $(VENV) ..."
	@$(PYTHON) -m venv $(VENV)

$(PACKAGES): requirements/run.txt pyproject.toml | $(BIN)/python
	@echo "Installing the pinned packages (once, about a minute) ..."
	@$(INSTALL) --require-hashes --requirement requirements/run.txt
	@$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

$(TOOLS): requirements/dev.txt $(PACKAGES)
	@echo "Installing the tools for tests and checks (once, about a minute) ..."
	@$(INSTALL) --require-hashes --requirement requirements/dev.txt
	@touch $@

$(ASSETS): package-lock.json .npmrc ui/build_assets.mjs ui/icons.txt
	@$(NODE_IS_NEW) || { \
		echo "The screens need Node.js 20 or newer with npm to fetch their browser files. Debian 13: apt-get install nodejs npm. Elsewhere: nodejs.org or your package manager." >&2; \
		exit 3; \
	}
	@echo "Fetching the browser files (once) ..."
	@npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null
	@node ui/build_assets.mjs
