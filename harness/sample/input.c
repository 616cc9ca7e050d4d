/* input - the file that a workload's options name, as it was handed over. */
#include "sample/input.h"

#include <errno.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

static struct {
	const void *contents;
	uint64_t bytes;
} input;

static int input_find(const struct option_entry *option,
		      struct option_value *value, char *why, size_t why_size)
{
	(void)option;
	if (!input.contents) {
		snprintf(why, why_size,
			 "is a file, and the sample was given none");
		return -ENODATA;
	}
	value->contents = input.contents;
	value->number = input.bytes;
	return 0;
}

int input_open(const struct sample_request *request)
{
	void *contents;

	spec_files_by(input_find);
	if (request->input_bytes == 0)
		return 0;
	contents = mmap(NULL, request->input_bytes, PROT_READ,
			MAP_PRIVATE | MAP_POPULATE, INPUT_FD, 0);
	if (contents == MAP_FAILED)
		return -errno;
	close(INPUT_FD);
	input.contents = contents;
	input.bytes = request->input_bytes;
	return 0;
}
