# rules.mk - a binary that needs nothing of the machine that it runs on, and
# what it is for: kernels in QEMU, and other machines over ssh.

# Of what is built by static and measured by kernels: amd64 or arm64.
ARCH ?= $(if $(filter aarch64,$(shell uname -m)),arm64,amd64)
KERNELS ?= 5.10 6.1 6.12 6.18
SWEEP ?= 16

.PHONY: static kernels kernels-list fleet

static_regrow := $(B)/static/regrow
lab_triplet_arm64 := aarch64-linux-gnu
lab_triplet_amd64 := x86_64-linux-gnu
lab_triplet := $(lab_triplet_$(ARCH))
lab_here := $(if $(filter aarch64,$(shell uname -m)),arm64,amd64)
lab_scripts := $(addprefix harness/lab/,boot compile fleet fleet-host fleet-there fleet.sbatch kernels packages profile-compare profile-functions)
lab_packages := libhwloc-dev libjansson-dev libzstd-dev libpfm4-dev

##: other kernels and machines
static: ## build/static/regrow, one file that runs on any Linux of this architecture, or of ARCH=
kernels: ## the same work on KERNELS="5.10 6.18" in QEMU, and what changed: ALLOC= WORKLOAD= ARCH= SWEEP=
kernels-list: ## the kernels that can be had as packages: ARCH=
	$(Q)harness/lab/packages list $(ARCH)

# Another architecture has a folder of its own, and libraries from packages.
ifeq ($(ARCH),$(lab_here))
lab_regrow := $(static_regrow)
static: $(lab_regrow)
else
lab_regrow := build/$(ARCH)/static/regrow
.PHONY: $(lab_regrow)
static: $(lab_regrow)
$(lab_regrow):
	$(Q)sysroot=$$(harness/lab/packages sysroot $(ARCH) $(lab_packages)) && \
	$(MAKE) --no-print-directory ARCH=$(lab_here) B=build/$(ARCH) CC=$(lab_triplet)-gcc \
		CPPFLAGS="-D_GNU_SOURCE -Iharness/include -isystem $$sysroot/usr/include -isystem $$sysroot/usr/include/$(lab_triplet)" \
		LDFLAGS="-L$$sysroot/usr/lib/$(lab_triplet)" $(lab_regrow)
endif

# No sample of it can preload a library, or load a plug-in; the linker's word on
# dlopen is about that.
$(static_regrow): $(call object,harness/main.c harness/lab/no_udev.c) $(common_objects) \
		$(sample_objects) $(plugin_objects) $(driver_objects) $(B)/flags $(B)/sources
	@mkdir -p $(@D)
	$(call say,LD,$@)$(CC) $(LDFLAGS) $(sanitize_ld) -static -pthread -o $@ $(filter %.o,$^) \
		-lhwloc -ljansson -lzstd -lpfm -lm

$(call object,harness/lab/no_udev.c): object_flags = -Iharness -fPIE
-include $(patsubst %.c,$(B)/%.d,harness/lab/no_udev.c)

# QEMU has the functions that it calls.
$(B)/lab/profile.so: harness/lab/profile.c $(B)/flags
	@mkdir -p $(@D)
	$(call say,CC,$@)cc -std=gnu17 -D_GNU_SOURCE -O2 -g -Wall -Wextra -Werror -shared -fPIC \
		-fvisibility=hidden -o $@ $<

kernels: build $(lab_regrow) $(if $(PROFILE),$(B)/lab/profile.so)
	$(Q)ARCH=$(ARCH) REGROW=$(lab_regrow) SWEEP='$(SWEEP)' PROFILE='$(if $(PROFILE),$(B)/lab/profile.so)' ALLOC='$(if $(filter-out file,$(origin ALLOC)),$(ALLOC))' \
		WORKLOAD='$(WORKLOAD)' SET='$(SET)' OUTPUT='$(OUTPUT)' harness/lab/kernels $(KERNELS)

fleet: $(static_regrow) ## the same plan on the machines of HOSTS=FILE over ssh: ALLOC= WORKLOAD= BUDGET= JOBS= OUTPUT=
	$(Q)REGROW=$(static_regrow) ALLOC='$(ALLOC)' WORKLOAD='$(WORKLOAD)' SET='$(SET)' \
		BUDGET='$(BUDGET)' ROUNDS='$(ROUNDS)' OUTPUT='$(OUTPUT)' harness/lab/fleet '$(or $(HOSTS),hosts.txt)'

# What a fleet's test sends. Where static libraries are missing it is skipped.
.PHONY: static-for-tests
static-for-tests: build
	$(Q)$(MAKE) --no-print-directory ARCH=$(lab_here) $(static_regrow) >$(B)/static.log 2>&1 || \
		echo 'no static binary can be linked here ($(B)/static.log): tests of fleets are skipped'
$(if $(SANITIZE),,check: static-for-tests)

.PHONY: check-lab
check-lab: build $(static_regrow) ## real kernels in QEMU, fetched and booted: minutes
	$(Q)rm -f build/arm64/static/regrow; $(MAKE) --no-print-directory static ARCH=arm64 || \
		echo 'no binary for arm64: its part is skipped'
	$(Q)TEST_TIMEOUT=900 BUILD=$(B) harness/tests/run harness/tests/lab_kernels.sh
