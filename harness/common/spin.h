/*
 * spin - work of a fixed length that needs nothing: no memory, no system call,
 * no clock. A planted effect is made of it.
 */
#ifndef REGROW_SPIN_H
#define REGROW_SPIN_H

#include <stdint.h>

/*
 * So many steps of a multiplication and an addition, each of which waits for
 * the one before: about 1 to 2 ns each, whatever else the processor could do
 * meanwhile.
 */
void spin(uint64_t iterations);

#endif
