/* command_list - `regrow list`: what can be measured here, or why not. */
#include <stdio.h>
#include <string.h>

#include "common/registry.h"
#include "common/spec.h"
#include "driver/cells.h"
#include "driver/cli.h"
#include "driver/counters.h"
#include "driver/inputs.h"
#include "driver/trial.h"

static const char documentation[] =
	"List the allocators, workloads and counters: which are usable here, "
	"or why not, and their options with their standard values.\v"
	"Examples:\n"
	"  regrow list\n"
	"  regrow list | grep -A 9 server-churn";

static void shipped_print(void *context, const char *name)
{
	const char **before = context;

	printf("%s%s", *before, name);
	*before = "|";
}

/* The values that an option can have, where they have names. */
static void choices_print(const struct option_entry *option)
{
	const char *before = " (";

	if (option->kind == OPTION_FILE) {
		if (inputs_shipped(option, shipped_print, &before) > 0)
			putchar(')');
	} else if (option->choices) {
		printf(" (%s)", option->choices);
	}
}

static void options_print(const struct option_entry *options)
{
	for (; options && options->name; options++) {
		char value[64];

		snprintf(value, sizeof(value), "%s=%s", options->name,
			 options->standard);
		printf("      %-22s %s", value, options->help);
		choices_print(options);
		putchar('\n');
	}
}

/* Which of the libraries that people will want can be used here. */
static void variants_print(const struct allocator *allocator)
{
	const char *const *variant = allocator->variants;

	for (; variant && *variant; variant++) {
		static struct allocator_spec spec;
		char spelling[SPEC_TEXT_MAX], why[192] = "";
		struct identity identity;
		const char *slash;

		snprintf(spelling, sizeof(spelling), "%s:%s", allocator->name,
			 *variant);
		if (spec_parse_allocator(spelling, &spec, why, sizeof(why)) ||
		    cells_probe(&spec, why, sizeof(why)) ||
		    trial_run(&spec, &identity, why, sizeof(why))) {
			printf("      %-22s not usable here: %s\n", spelling,
			       why);
			continue;
		}
		slash = strrchr(identity.file, '/');
		printf("      %-22s here: %s%s%s\n", spelling,
		       slash ? slash + 1 : identity.file,
		       identity.version[0] ? ", " : "", identity.version);
	}
}

static void allocator_print(const struct allocator *allocator)
{
	static struct allocator_spec spec;
	char why[192] = "";
	int error =
		spec_parse_allocator(allocator->name, &spec, why, sizeof(why));

	if (!error && allocator->probe)
		error = allocator->probe(spec.layers[0].values, why,
					 sizeof(why));
	printf("  %s%s\n      %s\n", allocator->name,
	       allocator->is_reference ? " (the reference)" : "",
	       allocator->summary);
	if (error)
		printf("      not usable here: %s\n",
		       why[0] ? why : strerror(-error));
	options_print(allocator->options);
	variants_print(allocator);
}

static void allocators_print(void)
{
	unsigned int count;
	const struct allocator *const *allocators = registry_allocators(&count);

	printf("Allocators, spelled name[:option=value]...; ./mine.so is "
	       "one, too:\n");
	for (unsigned int i = 0; i < count; i++)
		allocator_print(allocators[i]);
}

static void workloads_print(void)
{
	unsigned int count;
	const struct workload *const *workloads = registry_workloads(&count);

	printf("\nWorkloads; --set WORKLOAD.option=value[,value]...:\n");
	for (unsigned int i = 0; i < count; i++) {
		printf("  %s\n      %s\n", workloads[i]->name,
		       workloads[i]->summary);
		options_print(workloads[i]->options);
	}
}

static void counter_line(void *context, const char *text)
{
	(void)context;
	printf("  %s\n", text);
}

static int list_run(int argc, char **argv)
{
	const struct argp argp = {.doc = documentation};
	int status = cli_parse(&argp, argc, argv, NULL);

	if (status)
		return status;
	allocators_print();
	workloads_print();
	printf("\nCounters; --counters NAME[,NAME]...:\n");
	counters_describe(counter_line, NULL);
	return STATUS_DONE;
}

const struct command command_list = {
	.name = "list",
	.summary = "allocators, workloads, counters: usable here, or why not",
	.run = list_run,
};
