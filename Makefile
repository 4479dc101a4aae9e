# gradloom: every command a user or contributor needs. `make` lists them.
#
# Each target makes the environment it needs, once: .venv holds the project (editable) and the
# extras asked for so far, .venv-all what all tests need, .venv-bench the project and its peers. They
# are made again when pyproject.toml changes, when PYTHON is another version, or when the folder has
# moved. PyTorch stays out of .venv, so that no test there can lean on it.

PYTHON ?= python3
# What pip is given for PyTorch. On Linux the plain requirement may bring gigabytes of CUDA;
# name a CPU wheel (TORCH=path/to/torch.whl), or add pip's options, to avoid that.
TORCH  ?= torch==2.13.0
# The HIPS autograd that is timed beside ours
HIPS   ?= autograd==1.9.1
# Further arguments for pytest: make test ARGS="-k adam -x"
ARGS   ?=
# How many processes run the tests (they tell each other which by name, hence PYTHONHASHSEED below): a number, or auto for one on each core; 0 for none beside pytest
JOBS   ?= auto

VENV  := .venv
ALL   := .venv-all
BENCH := .venv-bench

# Version of PYTHON and a checksum of the folder: they name the stamp files.
KEY := $(shell $(PYTHON) -c 'import os, sys, zlib; print("%d.%d.%d-%08x" % (sys.version_info[:3] \
         + (zlib.crc32(os.getcwd().encode()) & 0xFFFFFFFF,)))' 2>/dev/null)

export PIP_DISABLE_PIP_VERSION_CHECK := 1
PIP := -m pip install --quiet

.DEFAULT_GOAL := help
.PHONY: help demo test test-all lint format types bench bench-compiled bench-numpy certificate notebooks docs clean
.NOTPARALLEL:  # two pips must not write into one environment

help:  ## list the targets
	@echo "make TARGET [PYTHON=python3.12]"
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-14s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

demo: $(VENV)/demo-$(KEY)  ## train a network on handwritten digits, draw it, check its gradients
	@echo "== demo: trains on scikit-learn's digits (examples/digits.py)"
	@$(VENV)/bin/python examples/digits.py

test: $(VENV)/test-$(KEY)  ## run the tests, the docstrings' examples and the notebooks
	@echo "== test: pytest over tests/ and the docstrings of autograd, nn and optim"
	@PYTHONHASHSEED=0 $(VENV)/bin/python -m pytest -n $(JOBS) --dist worksteal -m 'not torch and not slow' $(ARGS)

test-all: $(ALL)/torch-$(KEY)  ## run these and the tests beside PyTorch (large download)
	@echo "== test-all: pytest over all of it; a test beside PyTorch that is skipped fails"
	@PYTHONHASHSEED=0 $(ALL)/bin/python -m pytest -n $(JOBS) --dist worksteal --complete $(ARGS)

lint: $(VENV)/dev-$(KEY)  ## check style and format (ruff)
	@echo "== lint: ruff check, ruff format --check"
	@$(VENV)/bin/python -m ruff check .
	@$(VENV)/bin/python -m ruff format --check .

format: $(VENV)/dev-$(KEY)  ## mend what ruff can: import order, format
	@echo "== format: ruff check --fix, ruff format"
	@$(VENV)/bin/python -m ruff check --fix .
	@$(VENV)/bin/python -m ruff format .

types: $(VENV)/dev-$(KEY)  ## check the types (mypy)
	@echo "== types: mypy over autograd, nn and optim"
	@$(VENV)/bin/python -m mypy

bench: $(BENCH)/peers-$(KEY)  ## time gradloom beside PyTorch, JAX, HIPS autograd, MyGrad, micrograd
	@echo "== bench: times every case beside every peer (benchmarks/run.py)"
	@$(BENCH)/bin/python benchmarks/run.py

bench-compiled: $(BENCH)/peers-$(KEY)  ## time compiled steps beside eager ones, PyTorch and jax.jit
	@echo "== bench-compiled: times steps as programs (benchmarks/run.py --compiled)"
	@$(BENCH)/bin/python benchmarks/run.py --compiled $(ARGS)

bench-numpy: $(BENCH)/hips-$(KEY)  ## time programs over NumPy beside HIPS autograd alone
	@echo "== bench-numpy: times programs written for HIPS autograd in both (benchmarks/run.py --cases numpy)"
	@$(BENCH)/bin/python benchmarks/run.py --cases numpy --peers gradloom,hips --threads 1 --processor-time $(ARGS)

# One thread a process: a process an op is what keeps all cores busy.
certificate: $(ALL)/torch-$(KEY)  ## make docs/certificate.md: every op beside PyTorch's op database
	@echo "== certificate: calls every op of PyTorch's op database (tests/certificate)"
	@OMP_NUM_THREADS=1 $(ALL)/bin/python -m tests.certificate $(ARGS)

notebooks: $(VENV)/test-$(KEY)  ## run the notebooks and keep their new output
	@echo "== notebooks: runs notebooks/*.ipynb in place"
	@$(VENV)/bin/python notebooks/run.py

docs: $(VENV)/docs-$(KEY)  ## build the documentation's site; a warning or a link that leads nowhere fails
	@echo "== docs: sphinx over docs/, notebooks/ and the docstrings, into docs/_build/html"
	@$(VENV)/bin/python -m sphinx -q -W --keep-going -j auto -c docs -b html . docs/_build/html
	@echo "== docs: open docs/_build/html/index.html"

clean:  ## remove the environments and everything that was generated
	@echo "== clean: removes $(VENV), $(ALL), $(BENCH), demo, build leftovers and caches"
	@rm -rf $(VENV) $(ALL) $(BENCH) demo build dist docs/_build docs/reference .hypothesis .mypy_cache .pytest_cache .ruff_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# One environment per folder, the extras added as targets ask for them.

$(VENV)/made-$(KEY) $(ALL)/made-$(KEY) $(BENCH)/made-$(KEY): pyproject.toml
	@$(PYTHON) -c '' 2>/dev/null || { echo >&2 "make: PYTHON must name a Python 3.10 or newer;\
	 '$(PYTHON)' does not run. Name one that does: make PYTHON=python3.12 TARGET"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10))' || { echo >&2 "make: gradloom\
	 needs Python 3.10 or newer; '$(PYTHON)' is $(firstword $(subst -, ,$(KEY))).\
	 Name a newer one: make PYTHON=python3.12 TARGET"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo >&2 "make: environments need the\
	 modules venv and ensurepip; '$(PYTHON)' comes without. Install them (Debian and Ubuntu: apt\
	 install python3-venv) or name another Python: make PYTHON=python3.12 TARGET"; exit 1; }
	@echo "== environment: makes $(@D) with Python $(firstword $(subst -, ,$(KEY)))"
	@rm -rf $(@D)
	@$(PYTHON) -m venv $(@D)
	@touch $@

$(VENV)/%-$(KEY): $(VENV)/made-$(KEY)
	@echo "== environment: installs gradloom[$(extras)] into $(VENV)"
	@$(VENV)/bin/python $(PIP) --editable '.[$(extras)]'
	@touch $@

$(VENV)/demo-$(KEY): extras = demo,draw
$(VENV)/test-$(KEY): extras = test
$(VENV)/dev-$(KEY):  extras = dev
$(VENV)/docs-$(KEY): extras = docs

# In one call of pip, so that nothing else brings another PyTorch.
$(ALL)/torch-$(KEY): $(ALL)/made-$(KEY)
	@echo "== environment: installs gradloom[test,certificate] and $(TORCH) into $(ALL)"
	@$(ALL)/bin/python $(PIP) --editable '.[test,certificate]' $(TORCH) || { echo >&2 "make: test-all compares\
	 with PyTorch; pip could not install it and the rest for Python $(firstword $(subst -, ,$(KEY)))\
	 (its words are above). Connect to a network, name a Python that PyTorch has wheels for\
	 (PYTHON=python3.12), or a wheel that lies here (make test-all TORCH=path/to/torch.whl);\
	 make test runs what needs none."; exit 1; }
	@touch $@

$(BENCH)/peers-$(KEY): $(BENCH)/hips-$(KEY)
	@echo "== environment: installs gradloom[bench], $(TORCH), jax, mygrad and micrograd into $(BENCH)"
	@$(BENCH)/bin/python $(PIP) --editable '.[bench]' $(TORCH) jax mygrad micrograd
	@touch $@

# HIPS autograd writes into a folder `autograd`, as gradloom does: it lives in a folder of its own,
# which only its own process sees, and shares the NumPy of all the others.
$(BENCH)/hips-$(KEY): $(BENCH)/made-$(KEY)
	@echo "== environment: installs gradloom[bench] into $(BENCH), and HIPS autograd into $(BENCH)/hips"
	@$(BENCH)/bin/python $(PIP) --editable '.[bench]'
	@$(BENCH)/bin/python $(PIP) --no-deps --upgrade --target $(BENCH)/hips '$(HIPS)'
	@touch $@
