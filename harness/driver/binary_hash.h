/*
 * binary_hash - which program measured: a hash over the contents of regrow, its
 * driver, and the plug-ins and preloaded libraries that a plan names.
 *
 * Not the version: a tree that was changed is another program under the same
 * version.
 */
#ifndef REGROW_BINARY_HASH_H
#define REGROW_BINARY_HASH_H

#include <stddef.h>
#include <stdint.h>

#include "driver/plan.h"

#define BINARY_HASH_TEXT 17 /* 16 hexadecimal digits and a 0 */
#define BINARY_HASH_START 0xcbf29ce484222325u

/*
 * 64-bit FNV-1a (draft-eastlake-fnv) of bytes, from hash on, which is
 * BINARY_HASH_START at first. The same on every machine.
 */
uint64_t binary_hash_bytes(uint64_t hash, const unsigned char *bytes,
			   size_t size);

/* The same of a file's contents and its size, from *hash on. 0 or -errno. */
int binary_hash_add(const char *path, uint64_t *hash);

/*
 * Of this process's program, of the shared object that this function is in
 * where that is another file, and of each plug-in, and each preloaded library
 * of a cell that is not skipped, in the order in which the plan names them. 0,
 * or -errno and one sentence in why.
 */
int binary_hash(const struct plan *plan, char text[BINARY_HASH_TEXT], char *why,
		size_t why_size);

#endif
