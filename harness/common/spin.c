/* spin - work of a fixed length that needs nothing. */
#include "common/spin.h"

void spin(uint64_t iterations)
{
	uint64_t value = iterations;

	for (uint64_t i = 0; i < iterations; i++) {
		value = value * 6364136223846793005u + 1442695040888963407u;
		/* Or the compiler finds what all steps together come to. */
		__asm__ volatile("" : "+r"(value));
	}
}
