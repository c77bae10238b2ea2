# Holdfast: every target installs what it needs. `make` prints this help.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)
export NODE_OPTIONS ?=
setup := tools/setup/setup.sh
# Files of integration tests that run side by side: most of them wait most of the time. None but badInput has more than five hosts.
WORKERS ?= 3
# $(call jest,PROJECT,OPTIONS): runs the tests of a project of jest.config.mjs, of which its report is reports/PROJECT.json.
jest = mkdir -p reports && NODE_OPTIONS="--experimental-vm-modules --no-warnings" node node_modules/jest/bin/jest.js \
	--selectProjects $(1) --json --outputFile=reports/$(1).json $(2) $(ARGS)

##@ General
.PHONY: help
help: ## Print this help
	@awk 'BEGIN { FS = ":.*## " } /^##@/ { printf "\n%s\n", substr($$0, 5) } /^[a-z-]+:.*## / { printf "  %-14s %s\n", $$1, $$2 }' Makefile

.PHONY: demo
demo: ## Demonstrate on real components how drift is found, corrected and undone (KEEP=1 leaves everything running)
	@$(setup) node cluster fleet ansible
	@node test/demo/main.ts

##@ Development
.PHONY: generate
generate: ## Generate CRDs, schemas, RBAC and reference docs from operator/api
	@$(setup) node
	@node operator/tools/generate.ts

.PHONY: verify
verify: ## Fail if a generated file does not match its source
	@$(setup) node
	@node operator/tools/generate.ts --check

.PHONY: messages
messages: ## Print every message of the product, grouped by file
	@$(setup) node
	@node operator/tools/messages.ts

.PHONY: lint
lint: ## Check types, lint and formatting
	@$(setup) node
	@mkdir -p node_modules/.cache
	@echo "[lint] types"; tsc --noEmit -p . --incremental --tsBuildInfoFile node_modules/.cache/tsbuildinfo.json
	@echo "[lint] eslint"; eslint --max-warnings 0 .
	@echo "[lint] prettier"; prettier --check --log-level warn --cache --cache-strategy content .

.PHONY: format
format: ## Format the sources
	@$(setup) node
	@prettier --write --log-level warn .

# One file, one test: make integration ARGS='checks.test', make unit ARGS='cron.test -t "every Monday"'.
.PHONY: unit
unit: ## Run the tests that need only Node
	@$(setup) node
	@$(call jest,unit,--maxWorkers=100%)

.PHONY: programs
programs: ## Run the tests that need a shell, OpenSSH and other programs of this machine
	@$(setup) node fleet oscal prometheus shells
	@$(call jest,programs,--maxWorkers=100%)

.PHONY: integration
integration: ## Run the tests on a real control plane, real hosts and real Ansible (needs root)
	@$(setup) node cluster fleet ansible prometheus helm kubeconform versitygw cosign timestamp-server posix fulcio krew validate-krew-manifest
	@node operator/tools/bundle.ts dist/operator
	@export HOLDFAST_OPERATOR=$(CURDIR)/dist/operator/operator/main.js; $(call jest,integration,--maxWorkers=$(WORKERS))

.PHONY: test
test: lint verify unit programs integration ## Run everything that must pass: lint, verify and all tests

.PHONY: e2e
e2e: ## Install the operator by Helm on a real node, and run the product through (needs root)
	@$(setup) node cluster fleet worker ansible helm cosign
	@$(call jest,e2e,--runInBand)

.PHONY: dist
dist: ## Bundle the operator for its image, into dist/operator
	@$(setup) node
	@node operator/tools/bundle.ts dist/operator

# With PLATFORMS=linux-x64, only that executable. PLUGIN_URL is where the archives will be published, for the manifest of krew.
.PHONY: plugin
plugin: ## Make the kubectl plugin for npm, krew and as single executables, into dist/plugin
	@$(setup) node
	@node operator/tools/plugin/main.ts

.PHONY: figures
figures: ## Simulate what decides rollouts, and write the figures into docs/verdict.md
	@$(setup) node
	@node test/figures/main.ts

# With REGISTRY, OPERATOR_DIGEST and RUNNER_DIGEST, everything names the images by digest; COSIGN_KEY signs, SIGN=no does without.
.PHONY: release
release: ## Build what a release consists of into dist/release: VERSION=x, and COSIGN_KEY=key or SIGN=no
	@$(setup) node
	@node operator/tools/release/main.ts

.PHONY: bench
bench: ## Run benchmarks against a peer: NAME=scan, scan-many, reconcile, rollout, cli, evidence or steady; all without NAME
	@$(setup) node cluster fleet ansible time
	@setpriv --pdeathsig TERM -- node test/bench/main.ts $(NAME)

.PHONY: faults
faults: ## Break and attack the operator on real components: NAME=attacks, clock, evidence, fairness, hosts, kill, leader, litter, model, mutations, restore or writes; all but attacks, fairness and litter without NAME
	@$(setup) node cluster fleet ansible versitygw
	@setpriv --pdeathsig TERM -- node test/faults/main.ts $(NAME)

.PHONY: rights
rights: ## Run the integration tests and compare the rights that are granted with those that were used
	@rm -rf reports/audit && mkdir -p reports/audit
	@HOLDFAST_AUDIT=$(CURDIR)/reports/audit $(MAKE) --no-print-directory integration
	@node test/rights/main.ts reports/audit

.PHONY: dashboard
dashboard: ## Draw the dashboard from a real operator and a real Prometheus into reports/dashboard.png
	@$(setup) node cluster ansible prometheus browser
	@setpriv --pdeathsig TERM -- node test/monitoring/render.ts

##@ Try it
.PHONY: cluster
cluster: ## Run a control plane in the foreground and print its KUBECONFIG
	@$(setup) node cluster
	@node test/cluster/main.ts

.PHONY: fleet
fleet: ## Run RHEL-like hosts in the foreground (COUNT=3; needs root)
	@$(setup) node fleet
	@node test/fleet/main.ts $(COUNT)

.PHONY: run
run: ## Run the operator on this machine against KUBECONFIG
	@$(setup) node ansible
	@operator/start.sh --ansible-bin "$$($(setup) where ansible)/bin" $(ARGS)
