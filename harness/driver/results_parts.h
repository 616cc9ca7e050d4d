/* results_parts - the pieces of results_read(), one for each kind of line. */
#ifndef REGROW_RESULTS_PARTS_H
#define REGROW_RESULTS_PARTS_H

#include "driver/fields.h"
#include "driver/results.h"

/*
 * The run line; file->run is set. 0, -ENOMEM, -EPROTONOSUPPORT, or -EBADMSG
 * after a complaint.
 */
int results_take_run(struct results_file *file, struct fields *fields);

/* A sample line, which is not kept. 0, -ENOMEM, -EFBIG or -EBADMSG. */
int results_take_sample(struct results_file *file, const struct json *line,
			struct fields *fields);

/*
 * Its latencies and its timeline, into its cell where they belong there; of the
 * latencies medians and tails stay with the sample. 0, -ENOMEM or -EBADMSG.
 */
int results_take_histograms(struct results_cell *cell,
			    struct results_sample *sample,
			    const struct json *line, struct fields *fields);
int results_take_timeline(struct results_cell *cell, const struct json *line,
			  struct fields *fields);

/* Of any line behind the first: how far the run got by it. */
void results_take_progress(struct results_file *file, const struct json *line,
			   struct fields *fields);

void results_free_file(struct results_file *file);

#endif
