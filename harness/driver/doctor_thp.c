/* doctor_thp - checks of transparent huge pages. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driver/doctor_parts.h"
#include "driver/sysfile.h"
#include "driver/thp.h"

/* Longer than any run that fits a day's work. */
#define SLEEP_MS_WANTED 3600000
#define SLEEP_MS_LEAST 600000

static const char no_thp[] = "this kernel has no transparent huge pages";

/* Whether a sample can have that mode here. */
static bool usable(const struct doctor_system *system, enum thp_mode mode)
{
	char folder[256];
	char why[256];

	snprintf(folder, sizeof(folder), "%s%s", system->root, THP_FOLDER);
	return thp_mode_usable(mode, folder, why, sizeof(why)) == 0;
}

/* The file that decides on huge pages of 2 MiB: their own, or the common. */
static const char *deciding(const struct doctor_system *system)
{
	static const char own[] = THP_FOLDER "/hugepages-2048kB/enabled";
	char word[DOCTOR_WORD_MAX];

	if (sysfile_chosen(system->root, own, word, sizeof(word)) &&
	    strcmp(word, "inherit") != 0)
		return own;
	return THP_FOLDER "/enabled";
}

static void look_thp(const struct doctor_system *system,
		     struct doctor_finding *finding)
{
	const char *path = deciding(system);
	char word[DOCTOR_WORD_MAX];

	if (!doctor_chosen(system, finding, path, no_thp, word))
		return;
	doctor_is(finding, "%s", word);
	if (usable(system, THP_MADVISE))
		return;
	doctor_want(finding, path, word, "madvise");
}

static bool huge_pages_off(const struct doctor_system *system,
			   struct doctor_finding *finding)
{
	if (usable(system, THP_MADVISE))
		return false;
	doctor_cannot(finding, DOCTOR_APART,
		      "no sample gets huge pages here (see thp)");
	return true;
}

static void look_defrag(const struct doctor_system *system,
			struct doctor_finding *finding)
{
	static const char path[] = THP_FOLDER "/defrag";
	char word[DOCTOR_WORD_MAX];

	if (huge_pages_off(system, finding) ||
	    !doctor_chosen(system, finding, path, no_thp, word))
		return;
	doctor_is(finding, "%s", word);
	if (strcmp(word, "madvise") != 0 && strcmp(word, "defer+madvise") != 0)
		doctor_want(finding, path, word, "madvise");
}

static void look_khugepaged(const struct doctor_system *system,
			    struct doctor_finding *finding)
{
	static const char path[] =
		THP_FOLDER "/khugepaged/scan_sleep_millisecs";
	uint64_t value;

	if (huge_pages_off(system, finding) ||
	    !doctor_count(system, finding, path, no_thp, &value))
		return;
	doctor_is(finding, "scans every %.3g s", (double)value / 1000);
	if (value >= SLEEP_MS_LEAST)
		return;
	doctor_want_count(finding, path, value, SLEEP_MS_WANTED);
	doctor_could(finding, DOCTOR_BETTER, "once an hour");
}

/* The sizes beside the one that the modes are about. */
struct sizes {
	const struct doctor_system *system;
	struct doctor_finding *finding;
	unsigned int count;
	char enabled[256]; /* "64kB always, 128kB madvise" */
};

static void take_size(void *context, const char *name)
{
	struct sizes *sizes = context;
	size_t used = strlen(sizes->enabled);
	char path[256];
	char word[DOCTOR_WORD_MAX];

	if (!doctor_is_word(name) || strcmp(name, "hugepages-2048kB") == 0)
		return;
	snprintf(path, sizeof(path), THP_FOLDER "/%s/enabled", name);
	if (!sysfile_chosen(sizes->system->root, path, word, sizeof(word)) ||
	    !doctor_is_word(word))
		return;
	sizes->count++;
	if (strcmp(word, "never") == 0)
		return;
	snprintf(sizes->enabled + used, sizeof(sizes->enabled) - used,
		 "%s%s %s", used > 0 ? ", " : "", name + strlen("hugepages-"),
		 word);
	doctor_write(sizes->finding, path, word, "never");
}

static void look_sizes(const struct doctor_system *system,
		       struct doctor_finding *finding)
{
	struct sizes sizes = {.system = system, .finding = finding};

	sysfile_each(system->root, THP_FOLDER, "hugepages-", take_size, &sizes);
	if (sizes.count == 0) {
		doctor_cannot(finding, DOCTOR_APART,
			      "this kernel has huge pages of one size or none");
		return;
	}
	doctor_is(finding, "%s",
		  sizes.enabled[0] != 0 ? sizes.enabled : "2 MiB alone");
	if (sizes.enabled[0] != 0)
		doctor_could(finding, DOCTOR_BETTER, "2 MiB alone");
}

const struct doctor_check doctor_thp_checks[] = {
	{"thp",
	 "A sample turns huge pages off for itself, but has them only where "
	 "the system's mode allows.",
	 "Groups of --thp madvise are left out, and with them what moving "
	 "costs where a page is 2 MiB.",
	 look_thp},
	{"thp-defrag",
	 "It decides whether a fault compacts memory until there is a huge "
	 "page, or does without one.",
	 "With always, faults of every program stall; with defer or never, how "
	 "many huge pages a sample gets depends on what ran before.",
	 look_defrag},
	{"khugepaged",
	 "A kernel thread makes huge pages of small ones behind the back of a "
	 "process that may have them.",
	 "With --thp madvise or always, a sample's pages change under it; it "
	 "is marked tainted where that is seen.",
	 look_khugepaged},
	{"thp-sizes",
	 "With sizes between 4 KiB and 2 MiB, one fault brings many pages.",
	 "With --thp madvise or always, faults do not follow from the work, "
	 "and compare with no kernel that lacks these sizes.",
	 look_sizes},
	{0},
};
