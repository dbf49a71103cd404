# Each target is a command of tests/harness/stack; the variables after a target's name are what it takes.
STACK := tests/harness/stack/main

# Make hands a variable of its command line on as it is: a $ in it is the user's, not the name of another variable.
define as_given
override $(1) := $$(value $(1))
export $(1)
endef
$(foreach name,$(.VARIABLES),$(if $(findstring command line,$(origin $(name))),$(eval $(call as_given,$(name)))))

.PHONY: help up down test dev logs doctor check sql fault watch screenshots coverage profile crash chaos siege model sbom mutants bench kkt-probe

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo
	@echo 'All take MODE=compose|local, and COMPOSE_PROJECT_NAME=second for a second stack. More: $(STACK) --help'

up: ## start the stack and print its URLs     PORTS=random BUILD=1 RUNTIME=deno OBSERVE=1 KKT=atol
	@$(STACK) up

down: ## stop the stack and remove its data
	@$(STACK) down

test: ## run the suites                         FILTER=ofd TEST="happy path" SEED=7|random KEEP_UP=1 BUILD=1 VERBOSE=1 LONG=1 PORTS=random RUNTIME=deno KKT=atol
	@$(STACK) test -- $(value TEST_ARGS)

dev: ## restart the services at every edit    PORTS=random KKT=atol
	@$(STACK) dev

logs: ## follow the services' logs              SERVICE=kkt_adapter
	@$(STACK) logs

doctor: ## check what the stack needs, and say how to mend what is wrong
	@$(STACK) doctor

check: ## check types, lint and format
	@$(STACK) check

sql: ## read the adapter's buffer, never write  Q="SELECT * FROM receipts"
	@$(STACK) sql

fault: ## put faults on the mocks, or show them  OFD='delay 0.5s p=0.3' ODOO='hang x2' REGISTER='slow 5s'
	@$(STACK) fault

watch: ## show the adapter's live state        ADAPTER=http://…
	@$(STACK) watch

screenshots: ## take the README's pictures of the pages
	@$(STACK) screenshots

coverage: ## show which lines the unit tests run
	@$(STACK) coverage

profile: ## show where the adapter's time goes     DURATION=10
	@$(STACK) profile

crash: ## kill adapters at every step; check that nothing is lost  KILLS=200 SEED=7 KKT=atol
	@$(STACK) crash

chaos: ## everything fails at once; check that nothing is lost  MINUTES=2 SEED=7 KKT=atol
	@$(STACK) chaos

siege: ## attack an adapter while tills sell; check that it holds  MINUTES=3 SEED=7
	@$(STACK) siege

model: ## random histories against a model, in simulated time  HISTORIES=10000 SEED=7 KKT=atol
	@$(STACK) model

sbom: ## list what the images ship, as CycloneDX JSON
	@$(STACK) sbom

mutants: ## plant known bugs, show what catches each  ONLY=look-up
	@$(STACK) mutants

bench: ## measure against what could be done here, as a table and a chart  ONLY=drain ROUNDS=5 BASE=../before BASELINE=1
	@$(STACK) bench

kkt-probe: ## show the cash register at KKT_URL, and what does not fit the settings  KKT_URL=http://… KKT_LOGIN=… KKT_PASSWORD_FILE=…
	@$(STACK) kkt-probe
