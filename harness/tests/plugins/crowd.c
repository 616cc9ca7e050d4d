/*
 * crowd - a workload that grows a block when the process may have no more
 * mappings: vm.max_map_count is reached by neighbours that it maps itself.
 */
#include <errno.h>
#include <sys/mman.h>

#include <regrow/workload.h>

#define RESERVE_BYTES ((size_t)16 << 30) /* address space alone */

struct crowd {
	struct buffer buffer;
	unsigned char *pages;
	uint64_t taken; /* every second page: a mapping, and one between */
};

static void crowd_estimate(const struct option_value *values, uint64_t seed,
			   struct estimate *estimate)
{
	(void)values;
	(void)seed;
	*estimate = (struct estimate){.threads = 1,
				      .operations = 3,
				      .growths = 1,
				      .block_bytes_max = 1 << 20};
}

static size_t crowd_state_size(const struct option_value *values)
{
	(void)values;
	return sizeof(struct crowd);
}

static int crowd_setup(struct worker *worker)
{
	struct crowd *crowd = worker->state;

	crowd->pages = mmap(NULL, RESERVE_BYTES, PROT_NONE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	return crowd->pages == MAP_FAILED ? -errno : 0;
}

/* Until the kernel refuses: by then the mappings are all that may be. */
static int crowd_gather(struct worker *worker)
{
	struct crowd *crowd = worker->state;
	size_t step = 2 * worker->page_size;

	while (crowd->taken < RESERVE_BYTES / step) {
		if (mprotect(crowd->pages + crowd->taken * step,
			     worker->page_size, PROT_READ) != 0)
			break;
		crowd->taken++;
	}
	if (crowd->taken == RESERVE_BYTES / step)
		return -EOVERFLOW;
	/* Two at a time may have left room for one. */
	if (mmap(NULL, worker->page_size, PROT_READ | PROT_EXEC,
		 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED)
		crowd->taken++;
	return 0;
}

static int crowd_run(struct worker *worker)
{
	struct crowd *crowd = worker->state;
	size_t size = 16 * worker->page_size;
	int error = buffer_alloc(worker, &crowd->buffer, 0, size);

	if (error)
		return error;
	buffer_touch(worker, &crowd->buffer, 0, size);
	worker_pause(worker);
	error = crowd_gather(worker);
	worker_resume(worker);
	if (error)
		return error;
	if (buffer_grow(worker, &crowd->buffer, 2 * size) == 0)
		buffer_touch(worker, &crowd->buffer, size, 2 * size);
	return 0;
}

static int crowd_verify(struct worker *worker)
{
	struct crowd *crowd = worker->state;

	buffer_verify(worker, &crowd->buffer, 0, crowd->buffer.size);
	return 0;
}

static int crowd_drain(struct worker *worker)
{
	struct crowd *crowd = worker->state;

	worker_pause(worker);
	munmap(crowd->pages, RESERVE_BYTES);
	worker_resume(worker);
	buffer_release(worker, &crowd->buffer);
	return 0;
}

static const struct workload crowd = {
	.contract_version = WORKLOAD_CONTRACT_VERSION,
	.name = "crowd",
	.summary = "a growth with all mappings taken, for tests",
	.estimate = crowd_estimate,
	.state_size = crowd_state_size,
	.setup = crowd_setup,
	.run = crowd_run,
	.verify = crowd_verify,
	.drain = crowd_drain,
};

REGISTER_WORKLOAD(crowd);
