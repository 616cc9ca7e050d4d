/*
 * lab - what a machine of the kernel lab is told about itself: which emulator
 * it is in, and what its clock counts.
 *
 * One file with an object in its first line, which goes into the run line as
 * it is (results/FORMAT.md, "lab"). Where there is one, a run is fixed work:
 * nothing depends on how fast the machine turns out to be, so that two boots
 * of one kernel do the same, instruction by instruction.
 */
#ifndef REGROW_LAB_H
#define REGROW_LAB_H

#include <stddef.h>

#include "driver/json.h"

/* What a nanosecond of a clock is that advances with each instruction. */
#define LAB_INSTRUCTIONS "instructions"

/*
 * The facts in a file, owned by the caller; NULL, and one sentence in why: it
 * cannot be read, is no object, or has a "clock_unit" that is neither "ns" nor
 * LAB_INSTRUCTIONS.
 */
struct json *lab_read(const char *path, char *why, size_t why_size);

#endif
