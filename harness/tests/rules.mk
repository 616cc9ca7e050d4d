# rules.mk - what is measured of the harness itself, outside of `make check`.

.PHONY: scale

##: what the harness itself takes
$(B)/tests/scale: $(B)/harness/tests/scale.o $(plugin_objects) $(B)/libharness.a $(B)/packages.libs
	@mkdir -p $(@D)
	$(call say,LD,$@)$(test_link)
$(call object,harness/tests/scale.c): object_flags = -Iharness -fPIE
scale: build $(B)/tests/scale ## time and memory of comparing 20, 200 and 2,000 results files
	$(Q)$(B)/tests/scale $(abspath $(B))/regrow $(abspath $(B))/scale
