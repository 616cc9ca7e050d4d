/* shape_json - the shapes of a results file as JSON. */
#include <math.h>

#include "driver/interval_json.h"
#include "driver/names.h"
#include "driver/shape_print.h"

static void add_estimate(struct json *json, const char *key,
			 const struct shape_estimate *estimate)
{
	struct json *object;

	if (isnan(estimate->median))
		return;
	object = json_add_object(json, key);
	json_add_real(object, "median", estimate->median);
	interval_to_json(object, &estimate->interval);
	json_add_count(object, "rounds", estimate->rounds);
}

static void add_course(struct json *list, const struct shape_line *line,
		       const struct shape_course *course)
{
	struct json *json = json_append_object(list), *costs, *cost;
	const struct shape_fit *fit = &course->fit;

	json_add_text(json, "operation", operation_names[course->operation]);
	json_add_text(json, "role", role_names[course->cell->role]);
	json_add_text(json, "allocator", course->cell->allocator);
	json_add_text(json, "shape", shape_names[fit->shape]);
	if (fit->doubt != SHAPE_SURE)
		json_add_text(json, "doubt", shape_doubt_texts[fit->doubt]);
	json_add_count(json, "rounds", course->rounds);
	add_estimate(json, "ratio", &fit->ratio);
	add_estimate(json, "step", &fit->step);
	add_estimate(json, "growth", &fit->growth);
	add_estimate(json, "exponent", &fit->exponent);
	add_estimate(json, "slope_ns", &fit->slope);
	costs = json_add_array(json, "costs");
	for (size_t i = 0; i < line->points; i++) {
		if (isnan(fit->medians[i]))
			continue;
		cost = json_append_object(costs);
		json_add_real(cost, "n", line->n[i]);
		json_add_real(cost, "median_ns", fit->medians[i]);
		interval_to_json(cost, &course->intervals[i]);
	}
}

int shapes_to_json(const struct results_file *file, struct json *into)
{
	struct shapes shapes;
	struct json *axes, *list;
	int error = shapes_read(file, &shapes);

	if (error || shapes.lines_count == 0) {
		shapes_free(&shapes);
		return error;
	}
	axes = json_add_array(into, "axes");
	for (unsigned int i = 0; i < shapes.lines_count; i++) {
		const struct shape_line *line = &shapes.lines[i];
		struct json *axis = json_append_object(axes);

		json_add_text(axis, "axis", line->axis);
		json_add_text(axis, "workload", line->workload);
		json_add_text(axis, "thp", thp_names[line->group->thp]);
		json_add_text(axis, "layout",
			      layout_names[line->group->layout]);
		list = json_add_array(axis, "courses");
		for (size_t j = 0; j < shapes.courses_count; j++)
			if (shapes.courses[j].line == i)
				add_course(list, line, &shapes.courses[j]);
	}
	shapes_free(&shapes);
	return 0;
}
