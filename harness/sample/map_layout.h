/*
 * map_layout - whether this process got the layout of the map it is to measure.
 */
#ifndef REGROW_MAP_LAYOUT_H
#define REGROW_MAP_LAYOUT_H

#include <stddef.h>

#include "sample/protocol.h"

/*
 * Looks at what was asked of personality(2) and at what the kernel made of it:
 * of two pages mapped one after the other, both where it likes, the second lies
 * above the first where it searches upward. Leaves the map as it was. 0, or
 * -errno and one sentence in why.
 */
int map_layout_check(enum layout layout, char *why, size_t why_size);

#endif
