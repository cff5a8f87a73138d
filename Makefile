# make setup   the program and what it needs, into .venv
# make run     set up, then start Coach
# make test    set up, then format, lint, types, layers and tests
# make check   the same without setting up
# make bench   what measures accuracy and speed
# make lock    write down anew, byte for byte, what Coach runs on

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
DATA   ?= ../shared

.DEFAULT_GOAL := help
.PHONY: help setup run test check format bench lock clean

help:
	@sed -n 's/^# //p' Makefile

setup: $(VENV)/.ready

# Set up anew when what the program needs has changed.
$(VENV)/.ready: pyproject.toml .ci/setup.sh .ci/requirements.lock .ci/build.lock
	@sh .ci/setup.sh "$(PYTHON)" "$(VENV)" run
	@touch $@

$(VENV)/.ready-dev: $(VENV)/.ready
	@sh .ci/setup.sh "$(PYTHON)" "$(VENV)" test
	@touch $@

run: setup
	@$(BIN)/coach $(ARGS)

test: $(VENV)/.ready-dev
	@$(MAKE) --no-print-directory check

check:
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest --cov=coach.call --cov=coach.nudges --cov-branch --cov-report=term-missing:skip-covered --cov-fail-under=100

format:
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(VENV)/.ready-dev
	$(BIN)/coach bench start --idle-s 20
	$(BIN)/python benchmarks/voice.py --data $(DATA)/data
	$(BIN)/python benchmarks/words.py --data $(DATA)/data
	$(BIN)/python benchmarks/cues.py --data $(DATA)/data --scorer $(DATA)/tools/score_cues.py
	$(BIN)/python benchmarks/calls.py --shared $(DATA)
	$(BIN)/python benchmarks/whatif.py

lock:
	sh .ci/lock.sh $(PYTHON)

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis artifacts
