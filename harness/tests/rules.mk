# rules.mk - what is measured of the harness itself, outside of `make check`.

.PHONY: scale

##: what the harness itself takes
$(B)/tests/scale: $(B)/harness/tests/scale.o $(plugin_objects) $(B)/libharness.a $(B)/packages.libs
	@mkdir -p $(@D)
	$(call say,LD,$@)$(test_link)
$(call object,harness/tests/scale.c): object_flags = -Iharness -fPIE
scale: build $(B)/tests/scale ## time and memory of comparing 2,000 results files, and 1,000 machines
	$(Q)$(B)/tests/scale $(abspath $(B))/regrow $(abspath $(B))/scale

# Of `make selftest-stats`: real A/A runs, the time of each; of what is drawn.
RUNS ?= 40
SEED ?= 1
.PHONY: selftest-stats
selftest_objects := $(call object,$(sort $(wildcard harness/tests/selftest_*.c)))
$(B)/tests/selftest_stats: $(selftest_objects) $(plugin_objects) $(B)/libharness.a $(B)/packages.libs
	@mkdir -p $(@D)
	$(call say,LD,$@)$(test_link)
$(selftest_objects): object_flags = -Iharness -fPIE
selftest-stats: build $(B)/tests/selftest_stats ## false verdicts, simulated and real, and power: minutes; RUNS= BUDGET= SEED=
	$(Q)$(B)/tests/selftest_stats $(abspath $(B))/regrow $(abspath $(B))/selftest $(SEED) $(RUNS) $(or $(BUDGET),4s)
# The pieces have a test of their own.
$(B)/tests/test_selftest: $(filter-out %/selftest_stats.o,$(selftest_objects))
-include $(selftest_objects:.o=.d)

.PHONY: selftest-crossover
selftest-crossover: build $(B)/tests/test_crossover_coverage ## how often thresholds of regrow crossover hold the truth, simulated: a minute
	$(Q)$(B)/tests/test_crossover_coverage 20000

# small_blocks is a program as any other, linked to nothing of the harness that
# it does not need: what starts it is to be small.
# ROUNDS of four processes of DURATION each.
.PHONY: preload-overhead
overhead_programs := $(B)/tests/overhead $(B)/tests/small_blocks
$(B)/tests/overhead: $(B)/harness/tests/overhead.o $(call object,harness/common/units.c harness/driver/stats.c)
	@mkdir -p $(@D)
	$(call say,LD,$@)$(CC) $(LDFLAGS) $(sanitize_ld) -o $@ $^ -lm
$(B)/tests/small_blocks: $(B)/harness/tests/small_blocks.o $(B)/harness/common/random.o
	@mkdir -p $(@D)
	$(call say,LD,$@)$(CC) $(LDFLAGS) $(sanitize_ld) -o $@ $^ -lm
$(call object,harness/tests/overhead.c): object_flags = -Iharness -fPIE
$(call object,harness/tests/small_blocks.c): object_flags = $(PLUGIN_CFLAGS) -fPIE
preload-overhead: $(preload) $(overhead_programs) ## CPU time of small blocks on build/libregrow-preload.so to that without it: 4 minutes: ROUNDS= DURATION=
	$(Q)$(B)/tests/overhead $(abspath $(preload)) $(abspath $(B))/tests/small_blocks $(or $(ROUNDS),240) $(or $(DURATION),250ms)
-include $(overhead_programs:$(B)/tests/%=$(B)/harness/tests/%.d)
$(if $(SANITIZE),,check: $(preload) $(overhead_programs))

# DURATION of the churn; LIVE connections, about 0.8 of which are a mapping each.
.PHONY: churn-60000
$(B)/tests/churn: $(B)/harness/tests/churn.o $(plugin_objects) $(B)/libharness.a $(B)/packages.libs
	@mkdir -p $(@D)
	$(call say,LD,$@)$(test_link)
$(call object,harness/tests/churn.c): object_flags = -Iharness -fPIE
churn-60000: $(B)/tests/churn ## what looking at a map of 60,000 mappings costs a long churn, and whether it leaks: DURATION= LIVE=
	$(Q)$(B)/tests/churn $(or $(DURATION),10m) $(or $(LIVE),75000)

# Three samples of each loop. RATE of requests a second, of which one call for memory stalls for STALL ms.
.PHONY: open-loop
$(B)/tests/stalled: $(B)/harness/tests/stalled.o $(plugin_objects) $(B)/libharness.a $(B)/packages.libs
	@mkdir -p $(@D)
	$(call say,LD,$@)$(test_link)
$(call object,harness/tests/stalled.c): object_flags = -Iharness -fPIE
open-loop: $(B)/tests/stalled $(B)/tests/plugins/stall.so ## one stall of an allocator: a slow request in a closed loop, a queue in an open one: RATE= STALL=
	$(Q)$(B)/tests/stalled $(or $(RATE),1000) $(or $(STALL),50)
