# The short way to the nox sessions, for a machine that has only python3 and make.
# `make help` lists the targets; ARGS are passed to the session: make test ARGS="-k contact".

.DEFAULT_GOAL := help
PYTHON ?= python3
ARGS ?=
VENV_NOX := .venv/bin/nox
# The nox of this machine, if it is new enough to list our sessions.
ifeq ($(origin NOX),undefined)
NOX := $(or $(shell nox --list >/dev/null 2>&1 && command -v nox),$(VENV_NOX))
endif
BOOTSTRAP := $(filter $(VENV_NOX),$(NOX))

# The hints of a session name the commands of make then.
export BY_MAKE := 1

# No target is the name of a file to make; `docs` and `tests` are also folders.
.PHONY: help check docs live linkcheck test tests explain bench audit stale lock clean

# help: List the targets
help:
	@sed -n 's/^# \([a-z]*\): /make \1|/p' Makefile | awk -F '|' '{printf "%-15s %s\n", $$1, $$2}'

# check: Find every mistake before it's published
# docs: Build the site; every warning is an error
# live: Serve the site on this machine and rebuild it on every save
# linkcheck: Follow every link and list the broken ones
# explain: Explain a rule by its name, or list all rules
# bench: Measure how light the pages are and how long they take to build
# audit: Look for known weaknesses in what is installed
# stale: List the pages that nobody has reviewed for a year
# lock: Renew requirements/*.txt from the pyproject.toml files
check docs live linkcheck explain bench audit stale lock: $(BOOTSTRAP)
	@$(NOX) -s $@ -- $(ARGS)

# test: Test pages, commands, packages and the site in a browser
test tests: $(BOOTSTRAP)
	@$(NOX) -s tests -- $(ARGS)

# clean: Remove everything that builds and tests have made
clean:
	rm -rf docs/_build .nox .venv .pytest_cache .ruff_cache .rumdl_cache tests/browser/node_modules packages/*/bench/node_modules

# A nox of the project's own, checked by hash. A half-made .venv is removed, so that the
# next run starts afresh; a .venv that was there before is left alone.
$(VENV_NOX): requirements/nox.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "make: needs Python 3.11 or newer as $(PYTHON). Install one, or name it: make docs PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "make: this Python has no venv module. On Debian or Ubuntu: sudo apt-get install python3-venv. Then run the same command again." >&2; exit 1; }
	@if [ -e .venv ]; then undo=:; else undo="rm -rf .venv"; fi; \
	trap '$$undo; exit 1' INT TERM; \
	$(PYTHON) -m venv .venv && .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/nox.txt && touch $@ || { \
	  $$undo; \
	  echo "make: could not install nox; the reason stands above. Check that this machine reaches the package index (https://pypi.org), then run the same command again." >&2; exit 1; }

.DEFAULT:
	@echo "make: there is no target '$@'. 'make help' lists them." >&2; exit 2
