/*
 * record_map - what a sample's line says of the map besides its figures: the
 * timeline, the map when it had settled, and how it was read.
 */
#ifndef REGROW_RECORD_MAP_H
#define REGROW_RECORD_MAP_H

#include "driver/json.h"
#include "sample/protocol.h"

/*
 * Adds them; the first two in the checking pass only. False: the answer does not
 * add up, and what does not is left out.
 */
bool record_map_lines(const struct sample_answer *answer, enum pass pass,
		      struct json *line);

#endif
