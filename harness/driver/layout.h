/*
 * layout - which layouts of the memory map samples can have on this system.
 */
#ifndef REGROW_LAYOUT_H
#define REGROW_LAYOUT_H

#include <stddef.h>

#include "driver/words.h"
#include "sample/protocol.h"

#define LAYOUT_SETTING "/proc/sys/vm/legacy_va_layout"

extern const struct words layout_words;

/*
 * Whether samples can be started with a layout: by personality(2), which a
 * process of its own tries, since a filter may refuse it; and for the standard
 * one the system must not force the other on all (setting: LAYOUT_SETTING, or
 * what stands for it). 0, or one sentence in why and -ENOTSUP (it cannot be
 * had), or another -errno of fork(2): it was not tried, which says nothing of
 * the layout. What a sample then really got it sees itself; see
 * sample/map_layout.h.
 */
int layout_usable(enum layout layout, const char *setting, char *why,
		  size_t why_size);

#endif
