/*
 * control - work that no system call is in, on memory that is there already: what
 * no change of the kernel can make cheaper or dearer.
 *
 * A comparison of kernels in which this differs is not one of kernels. A block is
 * made and written once in a pause; then it is read, and a range of the
 * workload's own is written and copied to another one: a request, whose service
 * time it is.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <regrow/workload.h>

#define SIZE_MAX_BYTES ((uint64_t)1 << 30)
#define TIMES_MAX 1000000

enum { SIZE, TIMES };

static const struct option_entry options_table[] = {
	[SIZE] =
		{"size", OPTION_SIZE, "0", NULL,
		 "of the memory that is written, read and copied; to be given"},
	[TIMES] = {"times", OPTION_COUNT, "32", NULL, "how often each"},
	{0},
};

struct control {
	struct buffer buffer;
	unsigned char *from;
	unsigned char *to;
};

static int control_check(const struct option_value *options, char *why,
			 size_t why_size)
{
	uint64_t size = options[SIZE].number;
	uint64_t times = options[TIMES].number;

	if (size == 0)
		snprintf(why, why_size, "memory of which size? size=1M, say");
	else if (size % 8 || size > SIZE_MAX_BYTES)
		snprintf(why, why_size,
			 "size is a multiple of 8 bytes, 1G at most");
	else if (times < 1 || times > TIMES_MAX)
		snprintf(why, why_size, "times is 1 to %d, not %" PRIu64,
			 TIMES_MAX, times);
	else
		return 0;
	return -EINVAL;
}

static void control_estimate(const struct option_value *options, uint64_t seed,
			     struct estimate *estimate)
{
	uint64_t size = options[SIZE].number;
	uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
	uint64_t pages = (size + page - 1) / page;

	(void)seed;
	*estimate = (struct estimate){
		.threads = 1,
		.operations = 2,
		.block_bytes_max = size,
		.live_bytes_max = size,
		.resident_bytes_max = 3 * pages * page,
		.touched_bytes = pages * page,
		.reread_bytes = options[TIMES].number * size,
		.copied_bytes = options[TIMES].number * size,
	};
}

static size_t control_state_size(const struct option_value *options)
{
	(void)options;
	return sizeof(struct control);
}

/* The ranges of the copies; NULL where there is no memory. */
static unsigned char *range_make(size_t size)
{
	void *range = mmap(NULL, size, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);

	return range == MAP_FAILED ? NULL : range;
}

static int control_setup(struct worker *worker)
{
	struct control *control = worker->state;
	size_t size = worker->options[SIZE].number;

	control->from = range_make(size);
	control->to = range_make(size);
	if (!control->from || !control->to)
		return -ENOMEM;
	return 0;
}

static int control_run(struct worker *worker)
{
	struct control *control = worker->state;
	struct buffer *buffer = &control->buffer;
	size_t size = worker->options[SIZE].number;
	uint64_t times = worker->options[TIMES].number;
	int error;

	worker_pause(worker);
	error = buffer_alloc(worker, buffer, 0, size);
	if (!error)
		buffer_touch(worker, buffer, 0, size);
	worker_resume(worker);
	for (uint64_t i = 0; !error && i < times; i++) {
		buffer_reread(worker, buffer, 0, size);
		worker_request_begin(worker);
		memset(control->from, (int)i, size);
		memcpy(control->to, control->from, size);
		worker_request_end(worker);
	}
	return 0;
}

static int control_verify(struct worker *worker)
{
	struct control *control = worker->state;

	if (!control->buffer.bytes)
		return 0;
	buffer_verify(worker, &control->buffer, 0, control->buffer.size);
	return memcmp(control->to, control->from, control->buffer.size) == 0
		       ? 0
		       : -EIO;
}

static int control_drain(struct worker *worker)
{
	struct control *control = worker->state;
	size_t size = worker->options[SIZE].number;

	worker_pause(worker);
	if (control->buffer.bytes)
		buffer_release(worker, &control->buffer);
	munmap(control->from, size);
	munmap(control->to, size);
	worker_resume(worker);
	return 0;
}

static const struct workload control = {
	.contract_version = WORKLOAD_CONTRACT_VERSION,
	.name = "control",
	.summary = "writes, reads and copies memory that is there: no kernel's "
		   "work",
	.options = options_table,
	.is_control = true,
	.check = control_check,
	.estimate = control_estimate,
	.state_size = control_state_size,
	.setup = control_setup,
	.run = control_run,
	.verify = control_verify,
	.drain = control_drain,
};

REGISTER_WORKLOAD(control);
