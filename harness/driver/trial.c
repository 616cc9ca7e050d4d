/* trial - a sample that does nothing, to see what is loaded. */
#include "driver/trial.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "common/registry.h"
#include "common/static_binary.h"
#include "driver/layers.h"
#include "driver/spawn.h"

#define TIMEOUT_NS 30000000000u
#define TRIALS_MAX 32 /* whose answers are kept */

struct trial {
	char allocator[SPEC_TEXT_MAX]; /* canonical */
	int error;
	struct identity identity;
	char why[192];
};

/* What a sample's standard error begins with, in text. */
static void errors_read(int fd, char *text, size_t size)
{
	ssize_t got = pread(fd, text, size - 1, 0);

	text[got > 0 ? got : 0] = '\0';
}

/*
 * ld.so: "object 'X' from LD_PRELOAD cannot be preloaded (REASON): ignored."
 * The program then runs on another malloc.
 */
static bool say_not_loaded(const struct environment *environment, char *text,
			   char *why, size_t why_size)
{
	static const char lead[] = "cannot be preloaded (";
	char *reason = strstr(text, lead);
	char *end = reason ? strstr(reason, "): ") : NULL;
	const char *slash = strrchr(environment->preload, '/');

	if (!end)
		return false;
	*end = '\0';
	snprintf(why, why_size, "%.56s cannot be preloaded (%.56s)%s%.48s",
		 slash ? slash + 1 : environment->preload,
		 reason + sizeof(lead) - 1, environment->remedy[0] ? ": " : "",
		 environment->remedy);
	return true;
}

/* How the sample ended, with the first line that the library wrote. */
static void say_failed(const struct spawn_result *result, char *text, char *why,
		       size_t why_size)
{
	text[strcspn(text, "\n")] = '\0';
	for (char *byte = text; *byte; byte++)
		if ((unsigned char)*byte < ' ' || *byte == 0x7f)
			*byte = '?';
	if (result->outcome == SAMPLE_FAILED)
		snprintf(why, why_size, "%.180s", result->reason);
	else
		snprintf(why, why_size, "it does not work: %.100s%s%.70s",
			 result->reason, text[0] ? ": " : "", text);
}

static const struct workload *idle_workload(void)
{
	unsigned int count;
	const struct workload *const *workloads = registry_workloads(&count);

	for (unsigned int i = 0; i < count; i++)
		if (workloads[i]->is_floor)
			return workloads[i];
	return NULL;
}

static int sample_run(const struct allocator_spec *spec,
		      const struct environment *environment, int error_fd,
		      struct identity *identity, struct spawn_result *result)
{
	const struct workload *workload = idle_workload();
	struct spawn_setting setting = {
		.timeout_ns = TIMEOUT_NS,
		.environment = environment,
		.error_fd = error_fd,
	};
	struct spawner spawner;
	struct sample_request *request;
	int error;

	if (!workload)
		return -ENOENT;
	error = spawner_open(&spawner);
	if (error)
		return error;
	request = &spawner.exchange->request;
	memset(request, 0, sizeof(*request));
	snprintf(request->allocator, sizeof(request->allocator), "%s",
		 spec->canonical);
	snprintf(request->workload, sizeof(request->workload), "%s",
		 workload->name);
	request->threads = 1;
	request->cpus[0] = -1;
	request->block_bytes_max = 1;
	error = spawn_sample(&spawner, &setting, result);
	*identity = spawner.exchange->answer.identity;
	identity->file[sizeof(identity->file) - 1] = '\0';
	identity->version[sizeof(identity->version) - 1] = '\0';
	identity->build_id[sizeof(identity->build_id) - 1] = '\0';
	spawner_close(&spawner);
	return error;
}

static int try(const struct allocator_spec *spec, struct identity *identity,
	       char *why, size_t why_size)
{
	static struct environment environment;
	struct spawn_result result = {0};
	char text[1024];
	int error_fd, error;

	error = layers_environment(spec, THP_NEVER, &environment, why,
				   why_size);
	if (error || !environment.preload[0])
		return error;
	error_fd = memfd_create("regrow-trial", MFD_CLOEXEC);
	if (error_fd < 0)
		error = -errno;
	else
		error = sample_run(spec, &environment, error_fd, identity,
				   &result);
	if (error) {
		snprintf(why, why_size, "it cannot be tried: %s",
			 strerror(-error));
		goto out;
	}
	errors_read(error_fd, text, sizeof(text));
	/* The loader says so even where the sample came to its end. */
	if (say_not_loaded(&environment, text, why, why_size)) {
		error = -ELIBACC;
	} else if (result.outcome != SAMPLE_OK) {
		say_failed(&result, text, why, why_size);
		error = -ELIBBAD;
	}
out:
	if (error_fd >= 0)
		close(error_fd);
	return error;
}

int trial_run(const struct allocator_spec *spec, struct identity *identity,
	      char *why, size_t why_size)
{
	static struct trial trials[TRIALS_MAX];
	static unsigned int count;
	struct trial *trial;
	unsigned int i = 0;

	memset(identity, 0, sizeof(*identity));
	if (!layers_preload(spec))
		return 0;
	if (binary_is_static()) {
		snprintf(why, why_size,
			 "nothing can be preloaded into this regrow: it is "
			 "linked statically");
		return -ENOTSUP;
	}
	while (i < count && strcmp(trials[i].allocator, spec->canonical) != 0)
		i++;
	trial = &trials[i < TRIALS_MAX ? i : 0];
	if (i == count || i == TRIALS_MAX) {
		memset(trial, 0, sizeof(*trial));
		memcpy(trial->allocator, spec->canonical, SPEC_TEXT_MAX);
		trial->error = try(spec, &trial->identity, trial->why,
				   sizeof(trial->why));
		count += i == count && count < TRIALS_MAX;
	}
	*identity = trial->identity;
	if (trial->error)
		snprintf(why, why_size, "%s", trial->why);
	return trial->error;
}
