# rules.mk - what is measured of the harness itself, outside of `make check`.

.PHONY: scale

##: what the harness itself takes
$(B)/tests/scale: $(B)/harness/tests/scale.o $(plugin_objects) $(B)/libharness.a $(B)/packages.libs
	@mkdir -p $(@D)
	$(call say,LD,$@)$(test_link)
$(call object,harness/tests/scale.c): object_flags = -Iharness -fPIE
scale: build $(B)/tests/scale ## time and memory of comparing 20, 200 and 2,000 results files
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
