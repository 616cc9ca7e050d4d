/* good-workload - a plug-in that asks for nothing. */
#include <regrow/workload.h>

static void good_estimate(const struct option_value *options, uint64_t seed,
			  struct estimate *estimate)
{
	(void)options;
	(void)seed;
	estimate->threads = 1;
}

static int good_run(struct worker *worker)
{
	(void)worker;
	return 0;
}

static const struct workload good = {
	.contract_version = WORKLOAD_CONTRACT_VERSION,
	.name = "good-workload",
	.summary = "a plug-in",
	.estimate = good_estimate,
	.run = good_run,
};

REGISTER_WORKLOAD(good);
