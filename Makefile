# make run: the dashboard on this computer. make test: everything that must hold. See README.md.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8501
EXPORTS ?= data/exports
SNAPSHOTS ?= data/snapshots
CONFIG ?= config.yaml
export OUTSIDE_IN_CONFIG := $(CONFIG)
export OUTSIDE_IN_SNAPSHOTS := $(SNAPSHOTS)

.PHONY: run test check format refresh sample shots bench soak browser docs clean

run: $(SNAPSHOTS)/current  ## environment, sample company and snapshot if there is none, then the server
	@echo "Outside-In: http://127.0.0.1:$(PORT)  (this computer only; stop with Ctrl-C)"
	$(BIN)/streamlit run dashboard.py --server.port $(PORT)

$(SNAPSHOTS)/current: | $(VENV)/ready
	@if [ "$(CONFIG)" = config.yaml ] && [ ! -f "$(EXPORTS)/sample/customers.csv" ]; then $(BIN)/python -m data.sample --out "$(EXPORTS)/sample"; fi
	$(BIN)/python -m data.refresh --config "$(CONFIG)" --exports "$(EXPORTS)" --snapshots "$(SNAPSHOTS)"

test: check browser  ## format, lint, docs, then all tests
	$(BIN)/python -m pytest -n 2 -m "not soak"

check: $(VENV)/dev  ## what needs no data: format, lint, SQL style, generated docs fresh
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/sqlfluff lint -q metrics/views
	$(BIN)/python -m data.contracts --check
	$(BIN)/python -m metrics --check-docs

format: $(VENV)/dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

docs: $(VENV)/dev  ## write the generated documents again
	$(BIN)/python -m data.contracts
	$(BIN)/python -m metrics --write-docs

refresh: $(VENV)/ready  ## a new snapshot from the exports
	$(BIN)/python -m data.refresh --config "$(CONFIG)" --exports "$(EXPORTS)" --snapshots "$(SNAPSHOTS)"

sample: $(VENV)/ready  ## the invented company's exports, again
	$(BIN)/python -m data.sample --out "$(EXPORTS)/sample"

shots: $(SNAPSHOTS)/current browser  ## every page, both languages, wide, projector, phone, light and dark, to shots/
	$(BIN)/python -m tests.browser.shots --out shots

bench: $(SNAPSHOTS)/current browser  ## what PERFORMANCE asks, side by side; results in benchmarks/results
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-bench.txt
	$(BIN)/python -m benchmarks

soak: $(VENV)/dev browser  ## the long checks (hours)
	$(BIN)/python -m pytest -m soak

browser: $(VENV)/dev  ## Chromium for the tests that look at pages
	@sh tests/browser/install_chromium.sh

$(VENV)/ready: requirements.txt
	$(PYTHON) -c 'import sys; assert sys.version_info >= (3, 11), f"Outside-In needs Python 3.11 or newer, this is {sys.version}. Use make PYTHON=/path/to/python3.11"'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/dev: $(VENV)/ready requirements-dev.txt
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

clean:  ## the environment and what was computed; never the exports
	rm -rf $(VENV) shots .pytest_cache .ruff_cache
