/*
 * machine - what a run was measured on, and how much memory it may use.
 *
 * Reads /proc and /sys; whatever cannot be read is left out of the record.
 * Tests read another system's files from under a root; "" is this system.
 */
#ifndef REGROW_MACHINE_H
#define REGROW_MACHINE_H

#include <stdbool.h>
#include <stdint.h>

struct json;
struct topology;

/*
 * Adds the fields of the section "machine" of results/FORMAT.md. topology may
 * be NULL. anonymous leaves out the host's name, folders of preloaded
 * libraries, and of the kernel's command line all but the parameters that
 * change how memory and CPUs behave.
 */
void machine_facts(struct json *into, bool anonymous,
		   struct topology *topology);
void machine_facts_at(const char *root, struct json *into, bool anonymous,
		      struct topology *topology);

/*
 * Bytes that a run may use without being driven into swap, the OOM killer or a
 * failing mmap: the least of the free memory, what the cgroups leave,
 * RLIMIT_AS and RLIMIT_DATA. why (or NULL) says which one it was.
 */
uint64_t machine_memory_limit_bytes(char *why, unsigned int why_size);
uint64_t machine_memory_limit_at(const char *root, char *why,
				 unsigned int why_size);

#endif
