/* interval_json - a confidence interval as JSON, alike wherever there is one. */
#ifndef REGROW_INTERVAL_JSON_H
#define REGROW_INTERVAL_JSON_H

#include "driver/json.h"
#include "driver/stats.h"

/* low, high and level; nothing where the level is 0, and no bound not finite. */
void interval_to_json(struct json *json, const struct interval *interval);

#endif
