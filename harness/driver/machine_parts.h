/* machine_parts - the groups of facts that machine.c puts together. */
#ifndef REGROW_MACHINE_PARTS_H
#define REGROW_MACHINE_PARTS_H

#include <stdbool.h>
#include <stdint.h>

#include "driver/json.h"
#include "driver/placement.h"

void machine_cpu_facts(const char *root, struct json *into,
		       const struct topology *topology);
void machine_memory_facts(const char *root, struct json *into);
void machine_kernel_facts(const char *root, struct json *into, bool anonymous);
/* The name of what runs this system as a guest; nothing on bare metal. */
void machine_hypervisor(const char *root, struct json *into);

/* Whether CPUs may exceed their nominal clock, and where that is set. */
struct machine_turbo {
	const char *path;
	bool inverted; /* 1 in that file: off */
	bool per_policy; /* it is that of policy0; each CPU's has one */
	bool on;
};

/* false: nothing says it. */
bool machine_turbo(const char *root, struct machine_turbo *turbo);

/*
 * A limit of /proc/self/limits, "Max stack size"; UINT64_MAX: unlimited. false:
 * not there, and both are unlimited.
 */
bool machine_resource_limit(const char *root, const char *name, uint64_t *soft,
			    uint64_t *hard);

/* Adds the text, count or bracketed word of a file, where it is there. */
void machine_add_text(const char *root, const char *path, struct json *into,
		      const char *key);
void machine_add_count(const char *root, const char *path, struct json *into,
		       const char *key);
void machine_add_chosen(const char *root, const char *path, struct json *into,
			const char *key);

#endif
