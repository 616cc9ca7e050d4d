/* suggest - the nearest right name to a wrong one. */
#ifndef REGROW_SUGGEST_H
#define REGROW_SUGGEST_H

#include <stddef.h>

/*
 * Start with {wrong}; offer each right name; best is then the nearest by
 * optimal-string-alignment distance, or NULL where none is near (a third of
 * the length, at least 1).
 */
struct suggestion {
	const char *wrong;
	const char *best;
	unsigned int distance;
};

void suggest_offer(struct suggestion *suggestion, const char *right);

#endif
