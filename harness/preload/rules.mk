# rules.mk - builds the library that puts real programs on an allocator, and
# records them.
#
# Objects of its own: position-independent for a shared library, hidden but for
# what it interposes, and thread-local storage that needs no malloc.

preload := $(B)/libregrow-preload.so
preload_sources := $(sort $(wildcard harness/preload/*.c))
preload_all := $(preload_sources) $(filter allocators/%,$(plugin_sources)) \
	$(common_sources) harness/driver/names.c harness/driver/version.c
preload_object = $(patsubst %.c,$(B)/preload/%.o,$(1))
preload_objects := $(call preload_object,$(preload_all))

.PHONY: preload

##: real programs
preload: $(preload) ## build/libregrow-preload.so, which puts a program on ALLOC by LD_PRELOAD
	$(Q)REGROW_ALLOC= REGROW_FROM= REGROW_STATS= REGROW_TRACE= \
		LD_PRELOAD='$(abspath $(preload))' /bin/true
	@echo 'LD_PRELOAD=$(abspath $(preload)) REGROW_STATS=- PROGRAM... runs a program on $(ALLOC)'

$(preload): $(preload_objects) harness/preload/exports.map $(B)/flags $(B)/preload/sources
	$(call say,LD,$@)$(CC) $(LDFLAGS) -shared -pthread -Wl,-Bsymbolic -Wl,-z,now -Wl,-z,defs \
		-Wl,--version-script=harness/preload/exports.map -o $@ \
		$(filter %.o,$^) -ldl -lm -lzstd

# It cannot be loaded into a program beside a sanitizer's own malloc.
$(B)/preload/%.o: %.c $(B)/flags
	@mkdir -p $(@D)
	$(call say,CC,$@)$(CC) $(CPPFLAGS) $(filter-out -fsanitize% -fno-sanitize%,$(REGROW_CFLAGS)) \
		$(CFLAGS) $(PLUGIN_CFLAGS) -Iharness -fPIC -fvisibility=hidden \
		-ftls-model=initial-exec $(object_flags) -MMD -MP -c -o $@ $<

# None of what every call runs through lies across two fetches of code.
$(B)/preload/harness/preload/interpose.o: object_flags = -falign-functions=64
$(B)/preload/harness/driver/version.o: object_flags = -I$(B)
$(B)/preload/harness/driver/version.o: $(B)/git-version.h
$(B)/preload/harness/preload/start.o: object_flags = -include $(B)/preload/allocator.h
$(B)/preload/harness/preload/start.o: $(B)/preload/allocator.h
$(B)/preload/allocator.h: FORCE | $(deps_goals)
	$(call rewrite,'#define REGROW_PRELOAD_ALLOCATOR "$(subst ",\",$(ALLOC))"')
$(B)/preload/sources: FORCE | $(deps_goals)
	$(call rewrite,'$(preload_all)')

-include $(preload_objects:.o=.d)

# Its modules as they are tested, without the library's start: in a program of
# their own, where a sanitizer can look at them.
preload_modules := $(call object,$(filter-out %/start.c %/interpose.c,$(preload_sources)))
$(preload_modules): object_flags = -Iharness -fPIE
$(patsubst harness/tests/%.c,$(B)/tests/%,$(wildcard harness/tests/test_preload_*.c)): $(preload_modules)
-include $(preload_modules:.o=.d)

# What the tests run on it, and what reads its traces.
preload_helpers := $(B)/tests/preloaded $(B)/tests/trace_lines
$(preload_helpers): $(B)/tests/%: $(B)/harness/tests/%.o
	@mkdir -p $(@D)
	$(call say,LD,$@)$(CC) $(LDFLAGS) $(sanitize_ld) -pthread -o $@ $<
$(preload_helpers:$(B)/tests/%=$(B)/harness/tests/%.o): object_flags = $(PLUGIN_CFLAGS) -Iharness -fPIE
-include $(preload_helpers:$(B)/tests/%=$(B)/harness/tests/%.d)
$(if $(SANITIZE),,check: $(preload) $(preload_helpers))
