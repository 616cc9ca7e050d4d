/* doctor_layout - checks of how the memory map of a process is laid out. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>

#include "common/units.h"
#include "driver/doctor_parts.h"
#include "driver/machine_parts.h"
#include "driver/sysfile.h"

#define STACK_BYTES ((uint64_t)8 << 20) /* what samples get; see spawn */

/* Samples inherit it. 0 where it cannot be read: nobody set any. */
static unsigned long personality_of(const char *root)
{
	char text[32];

	sysfile_text(root, "/proc/self/personality", text, sizeof(text));
	return strtoul(text, NULL, 16);
}

static void look_layout(const struct doctor_system *system,
			struct doctor_finding *finding)
{
	static const char path[] = "/proc/sys/vm/legacy_va_layout";
	unsigned long flags = personality_of(system->root);
	uint64_t legacy;

	if (!doctor_count(system, finding, path, NULL, &legacy))
		return;
	if (legacy != 0) {
		doctor_is(finding,
			  "bottom-up (vm.legacy_va_layout is %" PRIu64 ")",
			  legacy);
		doctor_want_count(finding, path, legacy, 0);
		doctor_could(finding, DOCTOR_BAD, "top-down");
	} else if (flags & (ADDR_LIMIT_32BIT | ADDR_LIMIT_3GB)) {
		/* ADDR_COMPAT_LAYOUT is set for each sample as it is to be. */
		doctor_is(finding,
			  "not the usual one (personality %08lx, by setarch)",
			  flags);
		doctor_could(finding, DOCTOR_BAD,
			     "top-down: start regrow without setarch");
	} else {
		doctor_is(finding, "top-down");
	}
}

static void look_aslr(const struct doctor_system *system,
		      struct doctor_finding *finding)
{
	static const char path[] = "/proc/sys/kernel/randomize_va_space";
	uint64_t value;

	if (!doctor_count(system, finding, path, NULL, &value))
		return;
	doctor_is(finding, "%" PRIu64, value);
	if (value != 2)
		doctor_want_count(finding, path, value, 2);
	if (!(personality_of(system->root) & ADDR_NO_RANDOMIZE))
		return;
	doctor_is(finding, "%" PRIu64 ", but turned off for this process",
		  value);
	doctor_could(finding, DOCTOR_BETTER,
		     "2, and regrow started without setarch -R or a debugger");
}

static void look_stack(const struct doctor_system *system,
		       struct doctor_finding *finding)
{
	char text[UNITS_TEXT_SIZE];
	uint64_t soft;
	uint64_t hard;

	if (!machine_resource_limit(system->root, "Max stack size", &soft,
				    &hard)) {
		doctor_cannot(finding, DOCTOR_UNKNOWN,
			      "/proc/self/limits cannot be read");
		return;
	}
	if (hard < STACK_BYTES) {
		doctor_is(finding, "at most %s",
			  units_read_size((double)hard, text));
		doctor_could(finding, DOCTOR_BETTER,
			     "a hard limit of 8 MiB or more, which only root "
			     "sets (ulimit -H -s)");
		return;
	}
	if (soft == UINT64_MAX)
		doctor_is(finding, "unlimited, but 8 MiB for the samples");
	else
		doctor_is(finding, "%s, and 8 MiB for the samples",
			  units_read_size((double)soft, text));
}

const struct doctor_check doctor_layout_checks[] = {
	{"layout",
	 "Bottom-up, the room above a mapping is free more often, and holes "
	 "are filled from the other side.",
	 "The standard layout is not to be had: its groups are skipped, and "
	 "--layout legacy compares with other machines' legacy only.",
	 look_layout},
	{"aslr",
	 "Each sample should have addresses of its own, so that the luck of a "
	 "layout is in the interval and not in the ratio.",
	 "Every sample has the same luck with caches and phases; intervals are "
	 "too narrow for what they claim.",
	 look_aslr},
	{"stack",
	 "An unlimited stack turns the layout of the map round; samples are "
	 "given 8 MiB, as far as the hard limit allows.",
	 "The map starts elsewhere than on other machines.", look_stack},
	{0},
};
