/* thp - which THP modes samples can have on this system. */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "driver/names.h"
#include "driver/thp.h"

const struct words thp_words = {
	.noun = "THP mode",
	.nouns = "THP modes",
	.choices = "never, madvise or always",
	.names = thp_names,
	.count = THP_COUNT,
};

/*
 * The word in brackets of a setting such as "always [madvise] never"; false
 * where the file cannot be read or has none.
 */
static bool thp_setting(const char *path, char *word, size_t word_size)
{
	char line[128], *open, *close;
	FILE *file = fopen(path, "re");
	bool found = false;

	if (!file)
		return false;
	if (fgets(line, sizeof(line), file)) {
		open = strchr(line, '[');
		close = open ? strchr(open, ']') : NULL;
		if (close) {
			snprintf(word, word_size, "%.*s",
				 (int)(close - open - 1), open + 1);
			found = true;
		}
	}
	fclose(file);
	return found;
}

int thp_mode_usable(enum thp_mode mode, const char *folder, char *why,
		    size_t why_size)
{
	char own[256], path[256], word[32];

	if (mode == THP_NEVER)
		return 0;
	snprintf(path, sizeof(path), "%s/enabled", folder);
	snprintf(own, sizeof(own), "%s/hugepages-2048kB/enabled", folder);
	if (thp_setting(own, word, sizeof(word)) &&
	    strcmp(word, "inherit") != 0)
		snprintf(path, sizeof(path), "%s", own);
	else if (!thp_setting(path, word, sizeof(word))) {
		snprintf(why, why_size,
			 "this kernel has no transparent huge pages");
		return -ENOTSUP;
	}
	if (strcmp(word, "always") == 0 ||
	    (mode == THP_MADVISE && strcmp(word, "madvise") == 0))
		return 0;
	snprintf(why, why_size,
		 "THP is '%s' on this system; echo %s | sudo tee %s allows it",
		 word, thp_names[mode], path);
	return -ENOTSUP;
}
