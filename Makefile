# Makefile - builds regrow and runs its experiments; `make help` lists the targets.

# What to measure; each is an option of `regrow run`.
ALLOC ?= mremap-maymove
WORKLOAD ?=
BUDGET ?=
SET ?=
THP ?=
LAYOUT ?=
COUNTERS ?=
ROUNDS ?=
LABEL ?=
# More options of `regrow run`, as they are.
ARGS ?=

CC ?= cc
SANITIZE ?=
V ?= 0

empty :=
comma := ,
B := build$(if $(SANITIZE),/sanitize-$(subst $(comma),-,$(SANITIZE)))
Q := $(if $(filter 1,$(V)),,@)
say = $(if $(filter 1,$(V)),,@printf '  %-7s %s\n' '$(1)' '$(2)';)

CPPFLAGS += -D_GNU_SOURCE -Iharness/include
CFLAGS ?= -O2 -g
# Requests must be the same on every machine: no fused multiply-add.
REGROW_CFLAGS := -std=gnu17 -ffp-contract=off -fno-strict-aliasing \
	-fno-omit-frame-pointer -Wall -Wextra -Wshadow -Wstrict-prototypes \
	-Wmissing-prototypes -Wpointer-arith -Wwrite-strings -Wvla -Wundef \
	-Werror $(if $(SANITIZE),-fsanitize=$(SANITIZE) -fno-sanitize-recover=all)
# The compiler must not know what realloc does: it is what we measure.
PLUGIN_CFLAGS := -DREGROW_BUILT_IN -fno-builtin-malloc -fno-builtin-calloc \
	-fno-builtin-realloc -fno-builtin-free
PACKAGES := hwloc jansson libzstd

plugin_sources := $(sort $(wildcard allocators/*.c workloads/*.c))
common_sources := $(sort $(wildcard harness/common/*.c))
sample_sources := $(sort $(wildcard harness/sample/*.c))
driver_sources := $(sort $(wildcard harness/driver/*.c))
test_sources := $(sort $(wildcard harness/tests/test_*.c))
test_plugin_sources := $(sort $(wildcard harness/tests/plugins/*.c))
test_scripts := $(sort $(wildcard harness/tests/test_*.sh))
# `make check TESTS='test_plan test_cli'` runs these alone.
TESTS ?=
ifneq ($(TESTS),)
test_sources := $(filter $(TESTS:%=harness/tests/%.c),$(test_sources))
test_scripts := $(filter $(TESTS:%=harness/tests/%.sh),$(test_scripts))
endif

object = $(patsubst %.c,$(B)/%.o,$(1))
plugin_objects := $(call object,$(plugin_sources))
common_objects := $(call object,$(common_sources))
sample_objects := $(call object,$(sample_sources))
driver_objects := $(call object,$(driver_sources))
test_programs := $(patsubst harness/tests/%.c,$(B)/tests/%,$(test_sources))
test_plugins := $(patsubst harness/tests/plugins/%.c,$(B)/tests/plugins/%.so,$(test_plugin_sources))

# `make deps bench -j8`: nothing is built before the packages are there. All that
# is built depends on the three files that depend on these.
deps_goals := $(filter deps%,$(MAKECMDGOALS))

.DEFAULT_GOAL := build
.DELETE_ON_ERROR:
.SUFFIXES:
.SECONDARY:
.PHONY: build bench crossover thread plot check lint format clean help floor FORCE \
	deps deps-allocators deps-kernel deps-lab deps-lint deps-report

##: what it makes
build: $(B)/regrow $(B)/regrow-driver.so ## the binary, build/regrow

include $(sort $(wildcard harness/*/rules.mk))

# The driver's libraries load with the driver, so that a sample's process,
# which is the same binary, starts without them.
$(B)/regrow: $(call object,harness/main.c) $(common_objects) $(sample_objects) \
		$(plugin_objects) $(B)/flags $(B)/sources
	$(call say,LD,$@)$(CC) $(LDFLAGS) $(sanitize_ld) -rdynamic -pthread -o $@ \
		$(filter %.o,$^) -ldl -lm

$(B)/regrow-driver.so: $(driver_objects) $(B)/packages.libs $(B)/flags $(B)/sources
	$(call say,LD,$@)$(CC) $(LDFLAGS) $(sanitize_ld) -shared -pthread -o $@ \
		$(driver_objects) @$(B)/packages.libs -lpfm -lm

sanitize_ld := $(if $(SANITIZE),-fsanitize=$(SANITIZE))

$(B)/%.o: %.c $(B)/flags
	@mkdir -p $(@D)
	$(call say,CC,$@)$(CC) $(CPPFLAGS) $(REGROW_CFLAGS) $(CFLAGS) \
		$(object_flags) -MMD -MP -c -o $@ $<

$(plugin_objects): object_flags = $(PLUGIN_CFLAGS) -fPIE
$(call object,harness/main.c) $(common_objects) $(sample_objects): \
	object_flags = -Iharness -fPIE
$(driver_objects): object_flags = -Iharness -I$(B) @$(B)/packages.cflags -fPIC
$(driver_objects): $(B)/packages.cflags
# Kept in the record; warnings do not change what is measured.
$(call object,harness/driver/machine.c): object_flags += -DREGROW_COMPILER_FLAGS='"$(subst ",\",$(filter-out -W%,$(CPPFLAGS) $(REGROW_CFLAGS) $(CFLAGS)))"'
$(call object,harness/driver/version.c): $(B)/git-version.h

# pkg-config is asked by a rule, after `deps`, and not when this file is read.
$(B)/packages.cflags $(B)/packages.libs &: Makefile $(B)/flags
	@mkdir -p $(B)
	$(Q)pkg-config --cflags $(PACKAGES) >$(B)/packages.cflags && \
	pkg-config --libs $(PACKAGES) >$(B)/packages.libs || { \
		rm -f $(B)/packages.cflags; \
		echo "make: a library is missing: run 'make deps' first" >&2; exit 1; }

# Rewritten only when its text changes: other flags, a removed plug-in and a
# new version rebuild what depends on them, and nothing else does.
define rewrite
@mkdir -p $(@D); printf '%s\n' $(1) >$@.new; \
cmp -s $@.new $@ && rm $@.new || mv $@.new $@
endef
$(B)/flags: FORCE | $(deps_goals)
	$(call rewrite,'$(CC) $(CPPFLAGS) $(REGROW_CFLAGS) $(PLUGIN_CFLAGS) $(CFLAGS) $(LDFLAGS)')
$(B)/sources: FORCE | $(deps_goals)
	$(call rewrite,'$(plugin_sources) $(common_sources) $(sample_sources) $(driver_sources)')
# A tarball may lie in another project's repository: ask only for our own.
$(B)/git-version.h: FORCE | $(deps_goals)
	$(call rewrite,"#define REGROW_VERSION \"$$(test -e .git && git describe --always --dirty --tags 2>/dev/null || echo unknown)\"")

##: measuring; see `build/regrow run --help` for what the variables mean
run_options = --alloc '$(ALLOC)' $(if $(WORKLOAD),--workload '$(WORKLOAD)') \
	$(if $(BUDGET),--budget '$(BUDGET)') $(if $(SET),--set '$(SET)') \
	$(if $(THP),--thp '$(THP)') $(if $(LAYOUT),--layout '$(LAYOUT)') \
	$(if $(COUNTERS),--counters '$(COUNTERS)') $(if $(ROUNDS),--rounds '$(ROUNDS)') \
	$(if $(LABEL),--label '$(LABEL)') $(ARGS)

bench: build ## measure ALLOC against the reference: ALLOC= WORKLOAD= BUDGET= SET= THP= LAYOUT= ROUNDS=
	$(Q)$(B)/regrow run $(run_options) --plot

crossover: build ## from which size on moving beats copying here: ALLOC= BUDGET= THP= LABEL=
	$(Q)$(B)/regrow crossover $(if $(filter-out file,$(origin ALLOC)),--alloc '$(ALLOC)') \
		$(if $(BUDGET),--budget '$(BUDGET)') $(if $(THP),--thp '$(THP)') \
		$(if $(ROUNDS),--rounds '$(ROUNDS)') $(if $(LABEL),--label '$(LABEL)') $(ARGS)

thread: build ## the claims of the mremap thread of 2014, on this kernel: BUDGET= CLAIMS= OUTPUT= LABEL=
	$(Q)$(B)/regrow thread $(if $(BUDGET),--budget '$(BUDGET)') $(if $(CLAIMS),--claims '$(CLAIMS)') \
		$(if $(OUTPUT),--output '$(OUTPUT)') $(if $(LABEL),--label '$(LABEL)') $(ARGS)

plot: build ## draw the newest results file again, or RESULTS=FILE...
	$(Q)$(B)/regrow plot $(or $(RESULTS),$$(ls -t results/*.jsonl 2>/dev/null | head -n 1))

##: checking
test_link = $(CC) $(LDFLAGS) $(sanitize_ld) -rdynamic -pthread -o $@ $(filter %.o,$^) \
	$(test_wraps) -Wl,--start-group $(B)/libharness.a -Wl,--end-group \
	@$(B)/packages.libs -lpfm -lcmocka -ldl -lm
$(B)/libharness.a: $(common_objects) $(sample_objects) $(driver_objects) $(B)/sources
	$(call say,AR,$@)rm -f $@; ar rcs $@ $(filter %.o,$^)
$(B)/tests/test_%: $(B)/harness/tests/test_%.o $(plugin_objects) $(B)/libharness.a \
		$(B)/packages.libs $(B)/sources
	@mkdir -p $(@D)
	$(call say,LD,$@)$(test_link)
# A test that replaces a function says so on a line: /* wrap: NAME NAME */
$(B)/tests/test_%: test_wraps = $(addprefix -Wl$(comma)--wrap=,$(shell sed -n 's|^/\* wrap: \(.*\) \*/$$|\1|p' harness/tests/test_$*.c))
$(call object,$(test_sources)): object_flags = -Iharness -I$(B) -fPIE -Wno-missing-prototypes
$(B)/tests/plugins/%.so: harness/tests/plugins/%.c $(B)/flags
	@mkdir -p $(@D)
	$(call say,CC,$@)$(CC) $(CPPFLAGS) $(REGROW_CFLAGS) $(CFLAGS) -MMD -MP -MF $(B)/tests/plugins/$*.d -shared -fPIC -o $@ $<

# Scripts first: some take long, and then the programs keep the other CPUs busy.
check: build $(test_programs) $(test_plugins) ## every test, or TESTS=; the last line says N passed, N failed, N skipped
	$(Q)BUILD=$(B) CC='$(CC)' SANITIZE='$(SANITIZE)' harness/tests/run $(test_scripts) $(test_programs)

$(B)/tests/floor: $(B)/harness/tests/floor.o $(plugin_objects) $(B)/libharness.a $(B)/packages.libs
	@mkdir -p $(@D)
	$(call say,LD,$@)$(test_link)
$(call object,harness/tests/floor.c): object_flags = -Iharness -fPIE
floor: build $(B)/tests/floor ## what the instrument itself costs, against a bare loop
	$(Q)$(B)/tests/floor $(abspath $(B))/regrow

sources = $(shell git ls-files --cached --others --exclude-standard '*.c' '*.h')
# Of tests all but the walk through all paths, which takes most of the time: the
# sanitizers walk theirs. Of a function it looks at LINT_NODES states (clang's own
# number).
LINT_NODES ?= 225000
# tidy FILES-A-TIME [OPTION]. Starting takes longer than a test does; with several
# files the walk through paths sees va_lists that are not set where they are.
tidy = xargs -P 2 -n $(1) sh -c 'clang-tidy --quiet --warnings-as-errors="*" $(2) "$$@" -- $(tidy_flags) 2>/dev/null' sh
tidy_flags = $(CPPFLAGS) -std=gnu17 -DREGROW_BUILT_IN -DREGROW_PRELOAD_ALLOCATOR=\"\" -Iharness -I$(B) $$(cat $(B)/packages.cflags) \
	-Xclang -analyzer-config -Xclang max-nodes=$(LINT_NODES)
lint: $(B)/packages.cflags $(B)/git-version.h ## formatting, clang-tidy, shellcheck
	$(Q)clang-format --dry-run -Werror $(sources)
	$(Q)printf '%s\n' $(filter-out harness/tests/%,$(filter %.c,$(sources))) | $(call tidy,1)
	$(Q)printf '%s\n' $(filter harness/tests/%,$(filter %.c,$(sources))) | $(call tidy,8,"--checks=-clang-analyzer-*")
	$(Q)if command -v shellcheck >/dev/null; then shellcheck $$(git ls-files '*.sh' '*.bash' .ci/run harness/tests/run harness/packaging/deps harness/packaging/prove-fresh $(lab_scripts)); else echo 'lint: shellcheck is not installed: scripts not checked'; fi

format: ## clang-format every source in place
	$(Q)clang-format -i $(sources)

clean: ## remove build/
	$(Q)rm -rf build

##: the machine's set-up
deps: ## install what building, testing and drawing need
	$(Q)harness/packaging/deps build
deps-allocators: ## install the allocators to compare with
	$(Q)harness/packaging/deps allocators
deps-kernel: ## install what building a kernel of its source needs
	$(Q)harness/packaging/deps kernel
deps-lab: ## install what booting other kernels needs
	$(Q)harness/packaging/deps lab
deps-lint: ## install what `make lint` and the second compiler need
	$(Q)harness/packaging/deps lint
deps-report: ## install what reports need
	$(Q)harness/packaging/deps report

help: ## this list
	@sed -n -e 's/^##: \(.*\)/\n\1/p' -e 's/^\([a-z0-9-]*\):.* ## \(.*\)/  \1\t\2/p' Makefile harness/*/rules.mk 2>/dev/null | awk -F '\t' '{ if (NF > 1) printf "%-22s%s\n", $$1, $$2; else print }'

-include $(test_plugins:.so=.d) $(patsubst %.o,%.d,$(plugin_objects) $(common_objects) $(sample_objects) $(driver_objects) $(call object,$(test_sources)))
