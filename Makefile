# Two commands for a new user: `make demo` and `make test`. Everything else is for developers.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
WORKERS ?= 2

.PHONY: demo test test-spark lint types bench quality bench-quality labelled formats fuzz bundle docs sample golden clean

demo: $(READY)
	$(BIN)/amlscreen screen sample_data/canonical -o out/demo

test: $(READY)
	$(BIN)/python -m pytest -n $(WORKERS) -q

# A real Spark on this machine, two executor processes; needs Java 17 or newer. Minutes, and 460 MB once.
test-spark: $(VENV)/.spark
	AMLSCREEN_SPARK=1 $(BIN)/python -m pytest -q tests/spark

$(VENV)/.spark: requirements-spark.lock $(READY)
	@java -version >/dev/null 2>&1 || { echo "make test-spark needs Java 17 or newer (Debian: apt-get install default-jre-headless)"; exit 1; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-spark.lock
	@touch $@

# The locked versions, then the package itself, editable. Made once; again when the lock changes.
$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "amlscreen needs Python 3.11 or newer")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(READY)

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/amlscreen rules lint

types: $(READY)
	$(BIN)/mypy --strict

# Speed, memory and temporary disk, as ratios to a floor measured in the same run; see benchmarks/README.md.
# BIG=1 takes 100 million rows too: hours, and 15 GB of disk.
bench: $(READY)
	$(BIN)/python -m benchmarks.bench $(if $(BIG),--big)
	$(BIN)/python -m benchmarks.graph_features $(if $(wildcard $(PEERS)/bin/python),--peers $(PEERS)/bin/python) --page docs/graph_features.md

# Recall, precision, false alerts and fairness on synthetic banks, for each tier of data; fails below its floors.
quality: $(READY)
	$(BIN)/python -m benchmarks.quality --page docs/quality.md

# Recall on labelled simulations of others, in a folder of yours: make labelled DATA=folder
labelled: $(READY)
	$(BIN)/python -m benchmarks.labelled $(DATA)

PEERS := .venv-peers
# Our ranking beside those of others, in a folder of labelled sets: make bench-quality DATA=folder. Linux only.
bench-quality: $(READY) $(PEERS)/.ready
	$(BIN)/python -m benchmarks.against_peers $(DATA) --python $(PEERS)/bin/python --page docs/quality.md

# XGBoost and IBM's proprietary graph features, to compare with and for nothing else, in an environment of their own.
$(PEERS)/.ready: requirements-peers.lock
	$(PYTHON) -m venv $(PEERS)
	$(PEERS)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-peers.lock
	@touch $(PEERS)/.ready

# How real files of bank formats are read, in a folder of yours: make formats DATA=folder
formats: $(READY)
	$(BIN)/python -m benchmarks.bank_formats $(DATA)

KINDS ?= csv csv_utf16 jsonl html excel parquet zip gzip mt940 mt103 camt pain ofx qif
SECONDS ?= 60
# Random bytes, guided by the lines they reach, on the readers; Linux only. See fuzz/README.md.
fuzz: $(READY)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-fuzz.lock
	for kind in $(KINDS); do $(BIN)/python -m fuzz.readers $$kind $(SECONDS) || exit 1; done

PYTHONS ?=
# What a machine without a network needs to install amlscreen, for Linux and Windows; see bundle/README.md.
bundle: $(READY)
	$(BIN)/python -m bundle $(addprefix --python ,$(PYTHONS))

# What is made from the code: data dictionary, rules, settings, mapping options, commands, public names.
docs: $(READY)
	$(BIN)/python -m amlscreen.intake.dictionary docs/data_dictionary.md
	$(BIN)/amlscreen rules docs -o docs/rules.md
	$(BIN)/python docs/make_reference.py

# The small bank in sample_data/, always the same.
sample: $(READY)
	rm -rf sample_data/canonical sample_data/messy
	$(BIN)/amlscreen synth sample_data --customers 150 --seed 7 --form canonical --form messy
	gzip -9 -n sample_data/canonical/transactions.csv

# The golden outputs that tests compare by bytes, and README's example; read the difference before you commit it.
golden: $(READY)
	GOLDEN=write $(BIN)/python -m pytest -q tests/test_golden.py tests/test_docs.py -k 'is_what_it_was or demo_prints'

clean:
	rm -rf $(VENV) $(PEERS) out dist build
