# Every command that a person needs here. Presumes Debian 12, the Swift toolchain and make; the rest installs itself.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help build demo test check bench bench-389 bench-export bench-large soak format docs clean packages

SWIFT_FILES = $(wildcard Package.swift Sources Tests Benchmarks Examples)

help: ## this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 20

build: packages ## the release build: .build/release/ldap-connector and its library
	swift build -c release --product LDAPConnector
	swift build -c release --product ldap-connector

demo: build ## the connector at work on a private server; KEEP=1 keeps its folder
	@Scripts/demo.sh

test: packages ## every test, one at a time, those on live servers included
	swift build
	swift test --disable-xctest --no-parallel

soak: packages ## 50 imports and exports of each kind killed at random moments (LDAP_CONNECTOR_SOAK=N for another number)
	swift build
	LDAP_CONNECTOR_SOAK=$${LDAP_CONNECTOR_SOAK:-50} swift test --disable-xctest --no-parallel --filter KillTests

check: packages ## what a change must pass besides the tests
	swift format lint --strict -r -p $(SWIFT_FILES)
	Scripts/check-files.sh
	Scripts/check-layers.sh
	Scripts/check-layers.sh --self-check
	swift build --build-tests --scratch-path .build-check -Xswiftc -warnings-as-errors \
	  --explicit-target-dependency-import-check error
	swift build -c release --package-path Benchmarks --scratch-path .build-bench -Xswiftc -warnings-as-errors
	Scripts/check-docs.sh

bench: build ## imports of 100,000 entries against ldapsearch; fails if a bar is missed
	@Scripts/bench.sh

bench-389: build ## a delta import from the change log of 389 Directory Server, against ldapsearch
	@Scripts/bench.sh --389

bench-export: build ## exports of 10,000 adds, changes and deletes against ldapmodify; fails if a bar is missed
	@Scripts/bench.sh --export

bench-large: build ## the same with 1,000,000 entries: memory and the cost of a delta
	@Scripts/bench.sh --large

format: ## rewrites the Swift files as .swift-format says
	swift format format --in-place -r -p $(SWIFT_FILES)

docs: packages ## the documentation for adapter authors, into .build-docs
	Scripts/check-docs.sh .build-docs

clean: ## removes everything that was built
	rm -rf .build .build-* Examples/*/.build

packages:
	@Scripts/install-packages.sh
