/*
 * drawing_kinds - the kinds of drawing; each writes a sheet's header and rows,
 * or says why there is nothing to draw. 0 or -ENOMEM.
 */
#ifndef REGROW_DRAWING_KINDS_H
#define REGROW_DRAWING_KINDS_H

#include "driver/sheet.h"

int drawing_growth_cost(struct sheet *sheet);
int drawing_phases(struct sheet *sheet);
int drawing_latency(struct sheet *sheet);
/* Requests, which are apart from single calls: where there are any. */
int drawing_requests(struct sheet *sheet);
bool drawing_has_requests(const struct results_file *file,
			  const struct results_group *group);
int drawing_timeline(struct sheet *sheet);
int drawing_counters(struct sheet *sheet);
int drawing_rounds(struct sheet *sheet);
int drawing_warmup(struct sheet *sheet);
bool drawing_has_warmup(const struct results_file *file,
			const struct results_group *group);

#endif
