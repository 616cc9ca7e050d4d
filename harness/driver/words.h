/*
 * words - a list of words of one kind, as it is typed for a factor of the plan:
 * THP modes, layouts of the map.
 */
#ifndef REGROW_WORDS_H
#define REGROW_WORDS_H

#include <stddef.h>

#define WORDS_MAX 8 /* of one kind */

struct words {
	const char *noun; /* "THP mode" */
	const char *nouns; /* "THP modes" */
	const char *choices; /* "never, madvise or always" */
	const char *const *names; /* as in names.h */
	unsigned int count; /* at most WORDS_MAX */
};

/*
 * The places in names of the words of a list, each once, in the order of the
 * list: count of them. 0, or -EINVAL (a word that is none, with the nearest
 * right one; an empty or malformed list) or -E2BIG, and one sentence in why.
 */
int words_read(const struct words *words, const char *list,
	       unsigned int places[WORDS_MAX], unsigned int *count, char *why,
	       size_t why_size);

#endif
