# The archive's commands. `make run` and `make test` are all that a newcomer needs; `make help` lists the rest.
# Works with GNU make 3.81 (macOS) and later.

SHELL := /bin/sh
# The first Python that is new enough; PYTHON=... names another.
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
  if $$python -c 'import sys, venv, sqlite3; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; \
  then echo $$python; break; fi; done)
PORT ?= 8000
HOST ?= 127.0.0.1
VENV := .venv
BIN := $(VENV)/bin
DATA_DIR ?= $(CURDIR)/var
export DATA_DIR

# The demonstration is served on this machine alone, without HTTPS, with a key made for it.
DEMO := HTTPS=0 SECRET_KEY_FILE="$(DATA_DIR)/secret_key"
MANAGE := $(DEMO) $(BIN)/python manage.py
# Beside the server runs the worker that keeps the index true; both end together.
WITH_WORKER = $(MANAGE) sync_index --watch & worker=$$!; trap 'kill $$worker 2>/dev/null' EXIT; trap : INT TERM;

.PHONY: help run dev free-port secret-key prepare test lint bench services services-stop clean

help:
	@echo "make run            the archive with its sample records on http://$(HOST):$(PORT)/ (PORT=... changes it)"
	@echo "make dev            the same for developing: DEBUG on, reloads when a file changes"
	@echo "make test           every test that this machine can run (ARGS=... goes to pytest)"
	@echo "make lint           ruff, mypy, migrations and deployment checks"
	@echo "make bench          benchmarks: ratios against a baseline of the same run"
	@echo "make services       start the PostgreSQL and Elasticsearch that tests and development need; make services-stop ends them"
	@echo "make clean          remove what the commands above made, except the data in $(DATA_DIR)"

$(BIN)/python:
	@test -n "$(PYTHON)" || { \
	  echo "Python 3.11 or later with venv and sqlite3 is needed; say which: make run PYTHON=/path/to/python3" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

# A stamp for each list, so that a second run installs nothing.
$(VENV)/installed: requirements.txt $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/installed-dev: requirements-dev.txt requirements.txt $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@ $(VENV)/installed

# No file of make's: it takes a path with a space in it for two.
secret-key: $(BIN)/python
	@test -s "$(DATA_DIR)/secret_key" || { mkdir -p "$(DATA_DIR)" && umask 077 && \
	  $(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(50))' > "$(DATA_DIR)/secret_key"; }

# Before anything that takes its time.
free-port: $(BIN)/python
	@$(BIN)/python tools/check_port.py "$(HOST)" "$(PORT)"

prepare: $(VENV)/installed secret-key
	@$(MANAGE) prepare_demo $(PREPARE)

run: PREPARE = --static
run: free-port prepare
	@echo "The archive is at http://$(HOST):$(PORT)/ - Ctrl-C ends it."
	@$(WITH_WORKER) $(DEMO) $(BIN)/gunicorn archive_site.wsgi --bind $(HOST):$(PORT) --workers 2 --threads 4 --log-level warning

dev: export DEBUG = 1
dev: free-port prepare
	@$(WITH_WORKER) $(MANAGE) runserver $(HOST):$(PORT)

test: $(VENV)/installed-dev
	@$(BIN)/python tools/test.py $(ARGS)

# A key of the right length, for checks that start the settings and serve nobody.
lint: export SECRET_KEY = $(shell $(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(50))')
lint: $(VENV)/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/python tools/check_layout.py
	$(BIN)/mypy .
	$(BIN)/python manage.py makemigrations --check --dry-run
	ALLOWED_HOSTS=archive.example $(BIN)/python manage.py check --deploy --fail-level WARNING

bench: $(VENV)/installed-dev
	@$(BIN)/python tools/bench.py $(ARGS)

services:
	@$(PYTHON) tools/services.py start

services-stop:
	@$(PYTHON) tools/services.py stop

clean:
	rm -rf $(VENV) static-build .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage
