# make demo                   set up what is missing, build, and show initializations compared on tasks (about 3 minutes of work)
# make paper                  the 2021 benchmark in miniature on drawn images, beside the published values: for a night on two cores (QUICK=1: a small one)
# make test                   set up what is missing, and pass the tests
# make format                every Swift file as .swift-format says (`make test` fails where one is not)
# make test-faults            kills, errors of disks, damaged files, full pipes, no threads, little memory, Ctrl-C: at full counts (FAULTS=NAME for one suite)
# make test-cluster           `submit` on a Slurm of one node that is started here: time limits, canceled and preempted tasks (needs slurm-wlm, munge and root)
# make test-data-parallel    one training in two processes that mpirun starts, beside one process (installs openmpi-bin where it is missing)
# make thread-sanitizer       the loader, the cache and requests to stop under ThreadSanitizer
# make bundle                 a folder that runs with nothing installed (BUNDLE, default .build/bundle/medtransfer): the command, libtorch, every library
# make bundle-trial           the same, run in an empty root that holds nothing but it and the C library (as root)
# make container              an image of it: by Apptainer, else Docker or Podman, whichever this machine has
# make install                put the command `medtransfer` into PREFIX/bin (default ~/.local)
# make benchmark              a ResNet-50 training step beside Python PyTorch of the same version
# make figures-check          every figure of both papers in a headless browser and in LaTeX (needs Chromium and pdflatex)
# make benchmark-study        whole studies on real images beside plain and tuned Python PyTorch (STUDY='--images 400 --epochs 3 --rounds 3'; MEDTRANSFER_DATA)
# make benchmark-checkpoints  opening published weights beside torch.load, and their features beside torchvision's
# make benchmark-report       the report of a made-up study of 10,000 runs (RUNS), with the seconds of each step
# make benchmark-verdict      how often the report says “differs” of made-up studies: of equal means, and of a difference that was planned for (VERDICT_STUDIES a line)
# make benchmark-seeding      what seeds added round by round come to in made-up studies: false claims, what is found, runs saved (SEEDING_STUDIES a line)
# make benchmark-probes benchmark-pretraining       how often networks are asked for features, and what heads on them cost beside that (PROBED images, PROBED_CHECKPOINTS, PROBED_NETWORK, PROBED_SIZE)
# make benchmark-pretraining  steps of five self-supervised methods, and their views, beside lightly (PRETRAINING_ROUNDS, PRETRAINING_CASES such as resnet18:96:64)
# make benchmark-ranks        how often the intervals of average ranks and of Kendall's τ hold what they are of, in made-up studies (RANK_STUDIES a line)
# make benchmark-processes    a study in two processes of one thread each beside one process of two (PROCESS_ROUNDS times each)
# make benchmark-subgroups    how often subgroups are said to differ in made-up studies (SUBGROUP_STUDIES) where they do not, and where they do
# make parity                 the losses of `medtransfer run` beside the same loop in Python PyTorch
# make fuzz                   100,000 mutated files of every checkpoint format (FUZZ_INPUTS), each read or refused; broken promises are kept
# make fuzz-images            the same for every image format, and for tables, run lengths, annotations and archives of data sets
# make label-price-simulation how often the interval of a label price holds the true one, over simulated studies (STUDIES)
# make benchmark-coverage     how often the intervals of a report hold the truth, on drawn test sets (SETS of each kind)
# make benchmark-input        image files to training batches beside torchvision and Pillow, and from the cache
# make benchmark-check        the look at all data before training: 112,120 small pictures with and without a cache, 600,000 slices (CHECKED); 4 GB of disk
# make benchmark-listing      listing made-up copies of the largest sets: 1,790,594 slices (SLICES) and 112,120 images; time and memory
# make benchmark-dicom        decoding the DICOM files of a folder (DICOM) beside pydicom with its plug-ins
# make fuzz-sanitized         fewer of both under AddressSanitizer, for the C parts
SHELL := /bin/bash
BINARY := .build/release/medtransfer
SOURCES := $(shell find Sources -type f) Package.swift Scripts/setup
PREFIX ?= $(HOME)/.local

.PHONY: paper format benchmark-processes test-data-parallel bundle benchmark-study bundle-trial container demo test test-cluster test-faults thread-sanitizer build setup install benchmark benchmark-checkpoints benchmark-report benchmark-verdict benchmark-seeding benchmark-listing benchmark-check benchmark-input benchmark-dicom label-price-simulation benchmark-coverage benchmark-ranks benchmark-probes benchmark-subgroups parity figures-check fuzz \
  fuzz-images fuzz-sanitized goldens-python clean
.DELETE_ON_ERROR:

demo: $(BINARY)
	@$(BINARY) demo

QUICK ?=
paper: $(BINARY)
	@$(BINARY) paper $(if $(QUICK),--quick)

build: $(BINARY)

# SwiftPM is asked only when a source is newer than the command, so that a second `make demo` starts at once.
$(BINARY): $(SOURCES)
	@Scripts/setup
	@echo "building medtransfer (release)" >&2
	@swift build -c release --product medtransfer
	@swift build -c release --product MedTransferTorch
	@swift build -c release --product MedTransferFaults
	@touch $(BINARY)

setup:
	@Scripts/setup

# The layout is looked at while libtorch is fetched.
test:
	@Scripts/format --check & layout=$$!; Scripts/setup && wait $$layout
	@Scripts/test

format:
	@Scripts/format

thread-sanitizer:
	@Scripts/setup
	@Scripts/thread-sanitizer

test-cluster:
	@Scripts/setup
	@Scripts/test-cluster

test-data-parallel:
	@Scripts/setup
	@command -v mpirun > /dev/null || Scripts/packages openmpi-bin
	@set -e; . Scripts/flags; build_tests; \
	  MEDTRANSFER_DATA_PARALLEL_TESTS=whole swift test --skip-build "$${flags[@]}" --filter "DataParallelTests|SpreadTests|SpreadMethodTests"

test-faults:
	@Scripts/setup
	@Scripts/test-faults

BUNDLE ?= .build/bundle/medtransfer
bundle: $(BINARY)
	@Scripts/bundle $(BUNDLE)

bundle-trial: bundle
	@Scripts/bundle --try $(BUNDLE)

container:
	@Scripts/container

install: $(BINARY)
	@mkdir -p $(PREFIX)/bin && ln -sf $(CURDIR)/$(BINARY) $(PREFIX)/bin/medtransfer && echo "$(PREFIX)/bin/medtransfer"

# Python libraries that only the side-by-side checks need; they are no part of the product.
goldens-python: setup
	@Scripts/setup-python

STUDY ?=
benchmark-study: $(BINARY) goldens-python
	@Benchmarks/run-study $(STUDY)

benchmark: $(BINARY) goldens-python
	@Benchmarks/run

benchmark-checkpoints: $(BINARY) goldens-python
	@Benchmarks/run-checkpoints

RUNS ?= 10000
benchmark-report: setup
	@swift build -c release --product study-report-benchmark
	@.build/release/study-report-benchmark $(RUNS)

STUDIES ?= 2000
label-price-simulation: setup
	@swift build -c release --product label-price-simulation
	@.build/release/label-price-simulation $(STUDIES)

VERDICT_STUDIES ?= 1000
benchmark-verdict: setup
	@swift build -c release --product verdict-simulation
	@.build/release/verdict-simulation $(VERDICT_STUDIES)

SEEDING_STUDIES ?= 1000
benchmark-seeding: setup
	@swift build -c release --product verdict-simulation
	@.build/release/verdict-simulation $(SEEDING_STUDIES) rounds

SETS ?= 2000
benchmark-coverage: setup
	@swift build -c release --product interval-coverage
	@.build/release/interval-coverage $(SETS)

PROBED ?= 1000
PROBED_CHECKPOINTS ?= 10
PROBED_NETWORK ?= resnet50
PROBED_SIZE ?= 224
benchmark-probes: $(BINARY)
	@swift build -c release --product probes-benchmark
	@.build/release/probes-benchmark $(PROBED) $(PROBED_CHECKPOINTS) $(PROBED_NETWORK) $(PROBED_SIZE)

PRETRAINING_ROUNDS ?= 3
PRETRAINING_CASES ?=
benchmark-pretraining: goldens-python
	@Benchmarks/run-pretraining $(PRETRAINING_ROUNDS) $(PRETRAINING_CASES)

RANK_STUDIES ?= 500
benchmark-ranks: setup
	@swift build -c release --product rank-simulation
	@.build/release/rank-simulation $(RANK_STUDIES)

SUBGROUP_STUDIES ?= 1000
benchmark-subgroups: setup
	@swift build -c release --product subgroup-simulation
	@.build/release/subgroup-simulation $(SUBGROUP_STUDIES)

PROCESS_ROUNDS ?= 2
benchmark-processes: $(BINARY)
	@swift build -c release --product side-by-side-benchmark
	@.build/release/side-by-side-benchmark $(BINARY) $(PROCESS_ROUNDS)

SLICES ?= 1790594
benchmark-listing: setup
	@swift build -c release --product listing-benchmark
	@.build/release/listing-benchmark $(SLICES)

CHECKED ?= 112120 128 600000
benchmark-check: setup
	@swift build -c release --product check-benchmark
	@.build/release/check-benchmark $(CHECKED)

benchmark-input: goldens-python
	@Benchmarks/run-input

# Needs real DICOM files: DICOM names their folder.
benchmark-dicom: setup
	@Benchmarks/run-dicom $(DICOM)

parity: $(BINARY) goldens-python
	@Scripts/with-python Tools/goldens/parity.py $(BINARY)

figures-check: setup
	@Tools/figures/check

FUZZ_INPUTS ?= 100000
fuzz: setup
	@swift build -c release --product fuzz-checkpoints
	@.build/release/fuzz-checkpoints --inputs $(FUZZ_INPUTS)

fuzz-images: setup
	@swift build -c release --product fuzz-images
	@.build/release/fuzz-images --inputs $(FUZZ_INPUTS)

fuzz-sanitized: FUZZ_INPUTS = 2000
fuzz-sanitized: setup
	@Fuzzing/sanitized --inputs $(FUZZ_INPUTS)

clean:
	rm -rf .build
