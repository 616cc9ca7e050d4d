/* machine_units - times as multiples of the machine's own memcpy and fault. */
#include "driver/machine_units.h"

#include <math.h>
#include <string.h>

const struct machine_unit machine_units_none = {"ns", 1};
const struct machine_unit machine_units_instructions = {"instructions", 1};

static const char *name_of(const struct machine_unit *unit)
{
	return unit->name ? unit->name : machine_units_none.name;
}

bool machine_units_same(const struct machine_unit *a,
			const struct machine_unit *b)
{
	return strcmp(name_of(a), name_of(b)) == 0;
}

/* The measured size nearest to bytes from below and from above; -1: none. */
static void neighbours(const struct calibration *machine, double bytes,
		       int *below, int *above)
{
	*below = -1;
	*above = -1;
	for (int i = 0; i < CALIBRATE_SIZES; i++) {
		double size = (double)calibrate_size_bytes((unsigned int)i);

		if (machine->memcpy_gib_s[i] <= 0)
			continue;
		if (size <= bytes)
			*below = i;
		else if (*above < 0)
			*above = i;
	}
}

static double speed_gib_s(const struct calibration *machine, double bytes)
{
	const double *speeds = machine->memcpy_gib_s;
	double from, to, share;
	int below, above;

	neighbours(machine, bytes, &below, &above);
	if (below < 0 || above < 0)
		return below < 0 ? speeds[above] : speeds[below];
	from = log((double)calibrate_size_bytes((unsigned int)below));
	to = log((double)calibrate_size_bytes((unsigned int)above));
	share = (log(bytes) - from) / (to - from);
	return speeds[below] + share * (speeds[above] - speeds[below]);
}

double machine_units_copy_ns(const struct calibration *machine, double bytes,
			     double piece_bytes)
{
	return bytes / 0x1p30 * 1e9 / speed_gib_s(machine, piece_bytes);
}

struct machine_unit machine_units_of_work(const struct calibration *machine,
					  double copied_bytes, double growths)
{
	if (!(copied_bytes > 0) || !(growths > 0))
		return machine_units_of_call(machine);
	return (struct machine_unit){
		"copies", machine_units_copy_ns(machine, copied_bytes,
						copied_bytes / growths)};
}

struct machine_unit machine_units_of_growth(const struct calibration *machine,
					    double bytes)
{
	return (struct machine_unit){
		"copies", machine_units_copy_ns(machine, bytes, bytes)};
}

struct machine_unit machine_units_of_call(const struct calibration *machine)
{
	return (struct machine_unit){"faults", machine->fault_4k_ns};
}
