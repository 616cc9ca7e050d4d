/* kernels_parts - what the files of kernels share. Private to them. */
#ifndef REGROW_KERNELS_PARTS_H
#define REGROW_KERNELS_PARTS_H

#include "driver/json.h"
#include "driver/kernels.h"
#include "driver/results.h"

/* What a side does otherwise than the first one, by their run lines. */
void kernels_check_side(struct kernels *kernels, unsigned int place,
			const struct json *first, const struct json *run);
/* A control that is not the same on two kernels, or is not there. */
void kernels_check_control(struct kernels *kernels);

/* What a cell of a side counted, or why it did not. 0 or -ENOMEM. */
int kernels_take_facts(struct kernels *kernels, unsigned int side,
		       const struct results_cell *cell);
/* Which of them differ; once all sides were taken. */
void kernels_judge_facts(struct kernels *kernels);
void kernels_free_facts(struct kernels *kernels);

#endif
