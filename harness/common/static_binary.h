/*
 * static_binary - whether this program was linked statically: then nothing can
 * be preloaded or loaded into it, as LD_PRELOAD and plug-ins are.
 */
#ifndef REGROW_STATIC_BINARY_H
#define REGROW_STATIC_BINARY_H

#include <stdbool.h>

/* By its program headers: it asks for no loader (PT_INTERP of elf(5)). */
bool binary_is_static(void);

#endif
