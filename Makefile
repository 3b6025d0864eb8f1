# Two commands do everything on a machine with Python 3.11+ and make:
#   make course    environment, then the whole reference course: report/index.html and report/results.json
#   make test      the quick test suite, offline
# For those who change the course: notebooks (build), pin (expected values), prove (the checks), lint, bands (over seeds),
# bench and bench-grading (speed beside the peers'), data and encoder (what is shipped).

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: course claims test notebooks pin prove lint bands bench bench-grading encoder data clean

course: $(READY)
	$(BIN)/python -m autograder course

claims: $(READY)  # after `make course`: what the prose says against what the notebooks printed
	$(BIN)/python -m pytest -n 0 tests/test_notebooks.py -k claims --executed report

test: $(READY)
	HF_HUB_OFFLINE=1 $(BIN)/python -m pytest

notebooks: $(READY)
	$(BIN)/python -m autograder build

pin: $(READY)
	$(BIN)/python -m autograder pin

prove: $(READY)
	$(BIN)/python -m autograder prove

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

bands: $(READY)
	$(BIN)/python -m autograder bands

bench: $(READY)
	$(BIN)/python -m pip install -q -c constraints.txt -e ".[bench]"
	$(BIN)/python -m autograder bench

bench-grading: $(READY)
	$(BIN)/python -m autograder bench-grading

data: $(READY)
	$(BIN)/python data_scripts/build_toy_nq.py

encoder: $(READY)
	$(BIN)/python data_scripts/train_tokenizer.py
	$(BIN)/python data_scripts/pretrain_encoder.py

# torch comes first and alone: on Linux its CPU build is a tenth of the size of the CUDA build.
$(READY): pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed: make PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q -c constraints.txt torch
	$(BIN)/python -m pip install -q -c constraints.txt -e ".[dev]"
	touch $(READY)

clean:
	rm -rf $(VENV) report
