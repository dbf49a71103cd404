# Each target is a command of tests/harness/stack; the variables after a target's name are what it takes.
# Compose reads .env and local mode has to agree with it; and Bun must not take .env.test for the shell's variables.
STACK := tests/harness/bun --env-file=.env tests/harness/stack/main.ts

.PHONY: help up down test logs check sql

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-6s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

up: ## start the stack and print its URLs          MODE=compose|local (default: compose if Docker answers)
	@$(STACK) up

down: ## stop the stack and remove its data          MODE=compose|local (default: both)
	@$(STACK) down

test: ## run all suites on a stack of their own      MODE=compose|local TEST_ARGS="--randomize"
	@$(STACK) test -- $(TEST_ARGS)

logs: ## follow the services' logs                   MODE=compose|local SERVICE=kkt_adapter
	@$(STACK) logs

check: ## check types, lint and format
	@$(STACK) check

sql: ## read the adapter's buffer                  MODE=compose|local Q="SELECT * FROM receipts"
	@$(STACK) sql
