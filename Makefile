# The short way to the nox sessions, for a machine that has only python3 and make.
# `make help` lists the targets; ARGS goes to the session: make test ARGS="-k contact".

.DEFAULT_GOAL := help
PYTHON ?= python3
ARGS ?=
VENV_NOX := .venv/bin/nox
# The nox of this machine, if it is new enough to list our sessions.
ifeq ($(origin NOX),undefined)
NOX := $(or $(shell nox --list >/dev/null 2>&1 && command -v nox),$(VENV_NOX))
endif
BOOTSTRAP := $(filter $(VENV_NOX),$(NOX))

# No target is the name of a file to make. `docs` is also a folder, `tests` too.
.PHONY: help check docs epub pdf single live linkcheck lint test test-slips test-all reproducible bench audit sbom stale lock

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

check: $(BOOTSTRAP) ## Find every mistake before it is published
	@$(NOX) -s check

docs: $(BOOTSTRAP) ## Build the site; every warning is an error
	@$(NOX) -s docs -- $(ARGS)

epub: $(BOOTSTRAP) ## Make a book for e-readers, and check it
	@$(NOX) -s epub -- $(ARGS)

pdf: $(BOOTSTRAP) ## Make a PDF; needs LaTeX
	@$(NOX) -s pdf -- $(ARGS)

single: $(BOOTSTRAP) ## Make one page of the whole site, which works from a folder
	@$(NOX) -s single -- $(ARGS)

live: $(BOOTSTRAP) ## Serve the site on this machine and rebuild it on every save
	@$(NOX) -s live -- $(ARGS)

linkcheck: $(BOOTSTRAP) ## Follow every link and list the dead ones
	@$(NOX) -s linkcheck -- $(ARGS)

lint: $(BOOTSTRAP) ## Check spelling, Markdown, Python and workflows
	@$(NOX) -s lint -- $(ARGS)

test: $(BOOTSTRAP) ## Test the built pages, the commands and the site in a browser
	@$(NOX) -s tests -- $(ARGS)

test-slips: $(BOOTSTRAP) ## Make hundreds of slips, and see that the build names each
	@$(NOX) -s tests-slips -- $(ARGS)

test-all: $(BOOTSTRAP) ## Run the tests on Python 3.11, 3.12 and 3.13
	@$(NOX) -s tests-all -- $(ARGS)

reproducible: $(BOOTSTRAP) ## See that each Python builds the same bytes, anywhere and at any time
	@$(NOX) -s reproducible -- $(ARGS)

bench: $(BOOTSTRAP) ## Measure how light the pages are and how long they take to build
	@$(NOX) -s bench -- $(ARGS)

audit: $(BOOTSTRAP) ## Look for known weaknesses in what is installed
	@$(NOX) -s audit -- $(ARGS)

sbom: $(BOOTSTRAP) ## Write what the site is built with, as CycloneDX
	@$(NOX) -s sbom -- $(ARGS)

stale: $(BOOTSTRAP) ## List the pages that nobody has reviewed for a year
	@$(NOX) -s stale -- $(ARGS)

lock: $(BOOTSTRAP) ## Renew requirements/*.txt from pyproject.toml
	@$(NOX) -s lock -- $(ARGS)

# A nox of the project's own, checked by hash. What is half made is taken away, so
# that the next run starts afresh; a .venv that was there before is left alone.
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
