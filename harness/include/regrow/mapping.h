/* regrow/mapping.h - one mapping (VMA) of a process, as the kernel tells it. */
#ifndef REGROW_MAPPING_H
#define REGROW_MAPPING_H

#include <stdint.h>

struct mapping {
	uintptr_t from; /* its first byte */
	uintptr_t to; /* behind its last one */
	int protections; /* PROT_READ, PROT_WRITE, PROT_EXEC of <sys/mman.h> */
};

#endif
