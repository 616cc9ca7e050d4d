/* kernels_parts - what the files of kernels share. Private to them. */
#ifndef REGROW_KERNELS_PARTS_H
#define REGROW_KERNELS_PARTS_H

#include "driver/json.h"
#include "driver/kernels.h"

/* What a side does otherwise than the first one, by their run lines. */
void kernels_check_side(struct kernels *kernels, unsigned int place,
			const struct json *first, const struct json *run);
/* A control that is not the same on two kernels, or is not there. */
void kernels_check_control(struct kernels *kernels);

#endif
