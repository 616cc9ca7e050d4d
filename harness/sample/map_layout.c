/* map_layout - whether this process got the layout of the map it should. */
#include "sample/map_layout.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "common/personality.h"

/* Whether addresses are searched for upward; 0 or -errno. */
static int map_grows_up(bool *up)
{
	size_t page_size = (size_t)sysconf(_SC_PAGESIZE);
	void *pages[2];
	int error = 0;

	for (int i = 0; i < 2; i++) {
		pages[i] = mmap(NULL, page_size, PROT_NONE,
				MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (pages[i] == MAP_FAILED)
			error = -errno;
	}
	*up = pages[1] > pages[0];
	for (int i = 0; i < 2; i++)
		if (pages[i] != MAP_FAILED)
			munmap(pages[i], page_size);
	return error;
}

int map_layout_check(enum layout layout, char *why, size_t why_size)
{
	bool wanted = layout == LAYOUT_LEGACY, up;
	int error = map_grows_up(&up);

	if (error) {
		snprintf(why, why_size, "no page can be mapped");
		return error;
	}
	if (up == wanted && personality_is_legacy() == wanted)
		return 0;
	snprintf(why, why_size,
		 "asked for the %s layout, but personality(2) says %s and the "
		 "map grows %s: this kernel does not do as it is asked (see "
		 "vm.legacy_va_layout)",
		 wanted ? "legacy" : "standard",
		 personality_is_legacy() ? "legacy" : "standard",
		 up ? "upward" : "downward");
	return -ENOTSUP;
}
