/* record_figures - a sample's numbers, by figure, from its answer. */
#ifndef REGROW_RECORD_FIGURES_H
#define REGROW_RECORD_FIGURES_H

#include <stdint.h>

#include "driver/figures.h"
#include "driver/json.h"
#include "sample/protocol.h"

/*
 * FIGURE_ABSENT: not measured, or not the process's to say (the oracle's, at_ns
 * and process_ns, what taint_figures() adds).
 */
void record_figures(const struct sample_answer *answer,
		    int64_t values[FIGURE_COUNT]);

/* The map at one moment, less the one before where that is not NULL. */
void record_map(const struct map_figures *map, const struct map_figures *before,
		int64_t values[MAP_FIGURES]);

/* Adds those that are not FIGURE_ABSENT, each under its path. */
void record_add_figures(struct json *line, const int64_t values[FIGURE_COUNT]);

#endif
