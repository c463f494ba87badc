# `make run` and `make test` are all one needs: they install and train on first use.
PYTHON := .venv/bin/python
QUIET := RASA_TELEMETRY_ENABLED=false TF_CPP_MIN_LOG_LEVEL=3 SQLALCHEMY_SILENCE_UBER_WARNING=1
OURS := actions benchmarks channels components content training tests $(wildcard web)

.PHONY: run test browser train chat validate evaluate questions bench bench-web bench-archive demo-data lint lock

run: models/live
	@$(QUIET) exec $(PYTHON) -m training.run

test: lint browser models/live
	$(QUIET) $(PYTHON) -m training.validation
	$(QUIET) $(PYTHON) -m pytest

# Where there is none, and none can be installed, the browser tests fail; the others are run all the same.
browser: .venv/installed
	-@sh training/browser.sh

lint: .venv/installed
	$(PYTHON) -m ruff check $(OURS)
	$(PYTHON) -m ruff format --check $(OURS)
	$(PYTHON) -m mypy $(filter-out tests,$(OURS))

train: .venv/installed
	$(QUIET) $(PYTHON) -m training.train --live

chat: .venv/installed
	@exec $(PYTHON) -m training.chat

validate: .venv/installed
	@$(QUIET) $(PYTHON) -m training.validation

evaluate: models/live
	$(QUIET) $(PYTHON) -m training.evaluation
	$(QUIET) $(PYTHON) -m training.questions

questions: models/live
	$(QUIET) $(PYTHON) -m training.questions

bench: models/live
	$(QUIET) $(PYTHON) -m benchmarks.nlu

bench-web: models/live
	$(QUIET) $(PYTHON) -m benchmarks.web

# What it is filled with comes from `make demo-data`.
bench-archive: .venv/installed
	$(QUIET) $(PYTHON) -m benchmarks.archive

# Made-up conversations and two accounts, to look at the console with.
demo-data: models/live
	@$(QUIET) $(PYTHON) -m training.demo

models/live: | .venv/installed
	$(QUIET) $(PYTHON) -m training.train --if-missing

.venv/installed: requirements.txt training/setup.sh
	@sh training/setup.sh

# Needs uv. No index address, so that every machine takes its own.
lock:
	uv pip compile --quiet --universal --python-version 3.10 --generate-hashes --no-emit-index-url --no-emit-find-links \
		--custom-compile-command "make lock" --output-file requirements.txt requirements.in
