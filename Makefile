# `make run` and `make test` are all one needs: they install and train on first use.
PYTHON := .venv/bin/python
WOHNLOTSE := .venv/bin/wohnlotse
QUIET := RASA_TELEMETRY_ENABLED=false TF_CPP_MIN_LOG_LEVEL=3 SQLALCHEMY_SILENCE_UBER_WARNING=1
OURS := actions benchmarks channels components content training tests $(wildcard web)

.PHONY: run test browser nginx lint chat explain import-reviews new-topic validate train evaluate judge compare promote rollback models shadow bench bench-web bench-swap bench-archive demo-data lock

run: models/live
	@$(QUIET) exec $(PYTHON) -m training.run

# Four processes also where there are two cores, as they often wait for servers.
test: lint browser nginx models/live
	$(WOHNLOTSE) validate
	$(QUIET) $(PYTHON) -m pytest --numprocesses 4 --dist loadgroup --no-loadscope-reorder

# Where there is none, and none can be installed, the browser tests fail; the others are run all the same.
browser: .venv/installed
	-@sh training/browser.sh

nginx:
	-@sh training/nginx.sh

lint: .venv/installed
	$(PYTHON) -m ruff check $(OURS)
	$(PYTHON) -m ruff format --check $(OURS)
	$(PYTHON) -m mypy $(filter-out tests,$(OURS))

# The commands of developers; ARGS='--json' and the like go to them.
explain import-reviews new-topic validate train evaluate compare promote rollback models shadow: .venv/installed
	@$(WOHNLOTSE) $@ $(ARGS)

chat: .venv/installed
	@exec $(PYTHON) -m training.chat

judge: models/live
	@$(WOHNLOTSE) judge $(ARGS)

bench: models/live
	$(QUIET) $(PYTHON) -m benchmarks.nlu

bench-web: models/live
	$(QUIET) $(PYTHON) -m benchmarks.web

bench-swap: models/live
	$(QUIET) $(PYTHON) -m benchmarks.swap

# What it is filled with comes from `make demo-data`.
bench-archive: .venv/installed
	$(QUIET) $(PYTHON) -m benchmarks.archive

# Made-up conversations and two accounts, to look at the console with.
demo-data: models/live
	@$(QUIET) $(PYTHON) -m training.demo

models/live: | .venv/installed
	@$(WOHNLOTSE) train --if-missing

.venv/installed: requirements.txt training/setup.sh
	@sh training/setup.sh

# Needs uv. No index address, so that every machine takes its own.
lock:
	uv pip compile --quiet --universal --python-version 3.10 --generate-hashes --no-emit-index-url --no-emit-find-links \
		--custom-compile-command "make lock" --output-file requirements.txt requirements.in
