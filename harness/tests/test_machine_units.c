/* test_machine_units - times in copies and faults of their machine. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "driver/machine_units.h"

#define KIB 1024.0
#define MIB (1024 * KIB)
#define GIB (1024 * MIB)

/* GiB/s of 4K, 64K, 1M, 16M, 64M. */
static const struct calibration machine = {
	.fault_4k_ns = 500,
	.memcpy_gib_s = {64, 32, 16, 8, 4},
};

static bool about(double value, double expected)
{
	return fabs(value / expected - 1) < 1e-9;
}

static void a_measured_size_has_its_own_speed(void **state)
{
	(void)state;
	assert_true(about(machine_units_copy_ns(&machine, 16 * MIB, 16 * MIB),
			  1e9 / 64 / 8));
	assert_true(about(machine_units_copy_ns(&machine, 4 * KIB, 4 * KIB),
			  1e9 / (256 * 1024) / 64));
}

static void speeds_between_sizes_follow_the_logarithm(void **state)
{
	(void)state;
	/* 256 KiB is halfway from 64 KiB to 1 MiB, in factors. */
	assert_true(about(machine_units_copy_ns(&machine, GIB, 256 * KIB),
			  1e9 / 24));
	assert_true(
		about(machine_units_copy_ns(&machine, GIB, 32 * MIB), 1e9 / 6));
}

static void sizes_beyond_the_measured_have_the_nearest_speed(void **state)
{
	(void)state;
	assert_true(about(machine_units_copy_ns(&machine, GIB, 100), 1e9 / 64));
	assert_true(
		about(machine_units_copy_ns(&machine, GIB, 2 * GIB), 1e9 / 4));
}

static void sizes_that_were_not_measured_are_passed_over(void **state)
{
	struct calibration older = machine;

	(void)state;
	older.memcpy_gib_s[0] = 0;
	older.memcpy_gib_s[2] = 0;
	older.memcpy_gib_s[4] = 0;
	assert_true(
		about(machine_units_copy_ns(&older, GIB, 4 * KIB), 1e9 / 32));
	/* 1 MiB is halfway from 64 KiB to 16 MiB. */
	assert_true(about(machine_units_copy_ns(&older, GIB, MIB), 1e9 / 20));
	assert_true(
		about(machine_units_copy_ns(&older, GIB, 64 * MIB), 1e9 / 8));
}

static void work_is_a_copy_of_its_bytes_in_pieces_of_the_mean(void **state)
{
	struct machine_unit unit =
		machine_units_of_work(&machine, GIB, 16 * 1024);

	(void)state;
	assert_string_equal(unit.name, "copies");
	assert_true(about(unit.ns, 1e9 / 32)); /* 16,384 of 64 KiB */
	unit = machine_units_of_work(&machine, GIB, 1);
	assert_true(about(unit.ns, 1e9 / 4));
}

static void work_that_copies_nothing_is_in_faults(void **state)
{
	struct machine_unit unit = machine_units_of_work(&machine, 0, 0);

	(void)state;
	assert_string_equal(unit.name, "faults");
	assert_true(unit.ns == 500);
	assert_string_equal(machine_units_of_work(&machine, NAN, 1).name,
			    "faults");
	assert_string_equal(machine_units_of_work(&machine, GIB, 0).name,
			    "faults");
}

static void a_growth_is_a_copy_of_its_new_size(void **state)
{
	struct machine_unit unit = machine_units_of_growth(&machine, MIB);

	(void)state;
	assert_string_equal(unit.name, "copies");
	assert_true(about(unit.ns, 1e9 / 1024 / 16));
}

static void a_call_is_in_faults(void **state)
{
	struct machine_unit unit = machine_units_of_call(&machine);

	(void)state;
	assert_string_equal(unit.name, "faults");
	assert_true(unit.ns == 500);
	assert_true(machine_units_none.ns == 1);
}

static void a_machine_twice_as_fast_counts_the_same(void **state)
{
	struct calibration faster = machine;

	(void)state;
	faster.fault_4k_ns /= 2;
	for (int i = 0; i < CALIBRATE_SIZES; i++)
		faster.memcpy_gib_s[i] *= 2;
	assert_true(about(machine_units_of_work(&faster, 3 * MIB, 7).ns,
			  machine_units_of_work(&machine, 3 * MIB, 7).ns / 2));
	assert_true(about(machine_units_of_call(&faster).ns, 250));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_measured_size_has_its_own_speed),
		cmocka_unit_test(speeds_between_sizes_follow_the_logarithm),
		cmocka_unit_test(
			sizes_beyond_the_measured_have_the_nearest_speed),
		cmocka_unit_test(sizes_that_were_not_measured_are_passed_over),
		cmocka_unit_test(
			work_is_a_copy_of_its_bytes_in_pieces_of_the_mean),
		cmocka_unit_test(work_that_copies_nothing_is_in_faults),
		cmocka_unit_test(a_growth_is_a_copy_of_its_new_size),
		cmocka_unit_test(a_call_is_in_faults),
		cmocka_unit_test(a_machine_twice_as_fast_counts_the_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
