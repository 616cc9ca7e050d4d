/* each_file - many results files, read in parallel and taken in their order. */
#include "driver/each_file.h"

#include <pthread.h>
#include <sched.h>

#include "driver/group_units.h"

#define READERS_MAX 8

/*
 * Several threads read, since parsing is what takes the time; what they read is
 * taken in the order of the files, so that the outcome is always the same.
 */
struct reading {
	char *const *paths;
	unsigned int count;
	bool in_units;
	each_file_take *take;
	void *context;
	pthread_mutex_t lock;
	pthread_cond_t turned;
	unsigned int next; /* file to be read */
	unsigned int turn; /* file to be taken */
	int error; /* of the first take that had one */
};

/* The next file to be read; count: none is left. */
static unsigned int next_file(struct reading *reading)
{
	unsigned int place = reading->count;

	pthread_mutex_lock(&reading->lock);
	if (reading->error == 0 && reading->next < place)
		place = reading->next++;
	pthread_mutex_unlock(&reading->lock);
	return place;
}

/* In its turn: what was read, or why it could not be. */
static void give_file(struct reading *reading, unsigned int place,
		      const struct results_file *file, int error,
		      const char *why)
{
	pthread_mutex_lock(&reading->lock);
	while (reading->turn != place)
		pthread_cond_wait(&reading->turned, &reading->lock);
	if (reading->error == 0)
		reading->error = reading->take(reading->context, place, file,
					       error, why);
	reading->turn++;
	pthread_cond_broadcast(&reading->turned);
	pthread_mutex_unlock(&reading->lock);
}

static void *read_files(void *context)
{
	struct reading *reading = context;
	unsigned int place;

	while ((place = next_file(reading)) < reading->count) {
		struct results results = {0};
		char why[768] = "";
		int error = results_read_lean(&results, reading->paths[place],
					      why, sizeof(why));

		if (error == 0 && reading->in_units)
			error = group_units_take_machine(results.files[0], why,
							 sizeof(why));
		give_file(reading, place,
			  results.files_count > 0 ? results.files[0] : NULL,
			  error, why);
		results_free(&results);
	}
	return NULL;
}

static unsigned int readers_wanted(unsigned int files)
{
	unsigned int most = READERS_MAX;
	cpu_set_t cpus;

	if (files < most)
		most = files;
	if (sched_getaffinity(0, sizeof(cpus), &cpus) != 0)
		return 1;
	return (unsigned int)CPU_COUNT(&cpus) < most
		       ? (unsigned int)CPU_COUNT(&cpus)
		       : most;
}

int each_file_read(char *const *paths, unsigned int count, bool in_units,
		   each_file_take *take, void *context)
{
	struct reading reading = {.paths = paths,
				  .count = count,
				  .in_units = in_units,
				  .take = take,
				  .context = context,
				  .lock = PTHREAD_MUTEX_INITIALIZER,
				  .turned = PTHREAD_COND_INITIALIZER};
	pthread_t threads[READERS_MAX];
	unsigned int wanted = readers_wanted(count), started = 0;

	/* This thread is one of them, so that none is needed. */
	while (started + 1 < wanted &&
	       pthread_create(&threads[started], NULL, read_files, &reading) ==
		       0)
		started++;
	read_files(&reading);
	while (started > 0)
		pthread_join(threads[--started], NULL);
	return reading.error;
}
