/* null - asks for nothing: the cost of the harness alone. */
#include <regrow/workload.h>

static void null_estimate(const struct option_value *options, uint64_t seed,
			  struct estimate *estimate)
{
	(void)options;
	(void)seed;
	estimate->threads = 1;
	estimate->block_bytes_max = 1;
}

static int null_run(struct worker *worker)
{
	(void)worker;
	return 0;
}

static const struct workload null = {
	.contract_version = WORKLOAD_CONTRACT_VERSION,
	.name = "null",
	.summary = "nothing: the cost of the harness",
	.is_floor = true,
	.estimate = null_estimate,
	.run = null_run,
};

REGISTER_WORKLOAD(null);
