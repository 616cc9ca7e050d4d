/* machine_parts - the groups of facts that machine.c puts together. */
#ifndef REGROW_MACHINE_PARTS_H
#define REGROW_MACHINE_PARTS_H

#include <stdbool.h>

#include "driver/json.h"
#include "driver/placement.h"

void machine_cpu_facts(const char *root, struct json *into,
		       const struct topology *topology);
void machine_memory_facts(const char *root, struct json *into);
void machine_kernel_facts(const char *root, struct json *into, bool anonymous);
/* The name of what runs this system as a guest; nothing on bare metal. */
void machine_hypervisor(const char *root, struct json *into);

/* Adds the text, count or bracketed word of a file, where it is there. */
void machine_add_text(const char *root, const char *path, struct json *into,
		      const char *key);
void machine_add_count(const char *root, const char *path, struct json *into,
		       const char *key);
void machine_add_chosen(const char *root, const char *path, struct json *into,
			const char *key);

#endif
