/*
 * inputs - the files that options of workloads name: found, taken into sealed
 * memory once, decompressed, so that all samples of a run read the same.
 */
#ifndef REGROW_INPUTS_H
#define REGROW_INPUTS_H

#include <stddef.h>
#include <stdint.h>

#include "common/spec.h"

/* Names the folder that the folders of shipped files are in. */
#define INPUTS_VARIABLE "REGROW_WORKLOADS_DIR"
/* A file holds no more, decompressed. */
#define INPUT_BYTES_MAX ((uint64_t)256 << 20)
#define INPUTS_MAX 64 /* of one process */
#define INPUT_HASH_TEXT 17 /* 16 hexadecimal digits and a 0 */

struct input {
	const void *contents; /* mapped read-only */
	uint64_t bytes;
	int fd; /* a memfd, sealed */
	/* 64-bit FNV-1a of the contents: the same on every machine. */
	char hash[INPUT_HASH_TEXT];
};

/*
 * What an OPTION_FILE comes to in the driver; see spec.h. A text with a / is a
 * path, another the name of a shipped file, below $REGROW_WORKLOADS_DIR,
 * ../workloads or ../../workloads from the binary's folder, or
 * ../share/regrow/workloads. A text is opened once: what the file becomes later
 * is not seen.
 */
int inputs_find(const struct option_entry *option, struct option_value *value,
		char *why, size_t why_size);

/* The file that a workload's options named, or NULL. */
const struct input *inputs_of(const struct workload_spec *spec);

/*
 * Calls with each name of the shipped files of an OPTION_FILE, sorted; how many
 * there are.
 */
unsigned int inputs_shipped(const struct option_entry *option,
			    void (*call)(void *context, const char *name),
			    void *context);

#endif
