/* interval_json - low, high and level. */
#include "driver/interval_json.h"

#include <math.h>

void interval_to_json(struct json *json, const struct interval *interval)
{
	if (!(interval->level > 0))
		return;
	if (isfinite(interval->low))
		json_add_real(json, "low", interval->low);
	if (isfinite(interval->high))
		json_add_real(json, "high", interval->high);
	json_add_real(json, "level", interval->level);
}
