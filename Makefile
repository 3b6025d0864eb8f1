# Two commands do everything on a machine with Python 3.11+ and make (without make: python start.py course, python start.py test):
#   make course    environment, then the whole reference course: report/index.html and report/results.json
#   make test      the quick test suite, offline
# For students, make student (python start.py) opens the notebooks.
# For those who change the course: notebooks (build), pin (expected values), prove (the checks), lint, bands (over seeds),
# ranges (both ends of every range of versions), bench and bench-grading (speed beside the peers'), bench-scale (large corpora and classes),
# bench-page (the live page), clock (speed beside an earlier commit), bench-faults (dpr-course diagnose on injected faults), dose (false
# negatives), slides, data, encoder and reader (what is shipped).

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready-dev

.PHONY: course slides claims test student notebooks pin prove lint bands ranges bench bench-grading bench-scale bench-page bench-faults clock dose encoder reader data clean

course: $(READY)
	$(BIN)/python -m autograder course

slides: $(READY)  # from the report of `make course` where it fits, else the notebooks are executed
	$(BIN)/python -m autograder slides

claims: $(READY)  # after `make course`: what the prose says against what the notebooks printed
	$(BIN)/python -m pytest -n 0 tests/notebooks/test_notebooks.py -k claims --executed report

test: $(READY)
	HF_HUB_OFFLINE=1 $(BIN)/python -m pytest

student:
	$(PYTHON) start.py --venv $(VENV)

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

ranges: $(READY)
	$(BIN)/python -m autograder ranges

bench: $(READY)
	$(BIN)/python -m pip install -q -c constraints.txt -e ".[bench]"
	$(BIN)/python -m autograder bench

bench-grading: $(READY)
	$(BIN)/python -m autograder bench-grading

clock: $(READY)  # this build against an earlier commit; ends with status 1 while training is above its target
	$(BIN)/python -m autograder clock

bench-scale: $(READY)  # up to a million vectors, then 10,000 submissions on a cluster that loses half of its workers: 1 to 3 hours
	$(BIN)/python -m autograder bench-search
	$(BIN)/python -m autograder bench-cluster

bench-page: $(READY)
	$(BIN)/python -m autograder bench-page

bench-faults: $(READY)
	$(BIN)/python -m autograder bench-faults

dose: $(READY)
	$(BIN)/python -m autograder dose

data: $(READY)
	$(BIN)/python data_scripts/build_toy_nq.py

encoder: $(READY)
	$(BIN)/python data_scripts/train_tokenizer.py
	$(BIN)/python data_scripts/pretrain_encoder.py

reader: $(READY)
	$(BIN)/python data_scripts/pretrain_reader.py
	$(BIN)/python data_scripts/finetune_reader.py
	$(BIN)/python data_scripts/measure_reader.py --reader toy_finetuned

$(READY): pyproject.toml constraints.txt
	$(PYTHON) start.py install dev --venv $(VENV)

clean:
	rm -rf $(VENV) .ranges report
