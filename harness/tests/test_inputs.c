/*
 * test_inputs - files that options name: found, decompressed, refused, and
 * handed to a sample. This program is its own sample's binary.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define REGROW_BUILT_IN
#include <regrow/workload.h>

#include "driver/inputs.h"
#include "driver/spawn.h"
#include "driver/zstd_file.h"
#include "tests/packed.h"
#include "tests/scratch.h"

#define CONTENTS "0123456789 and what follows"
#define CONTENTS_SIZE (sizeof(CONTENTS) - 1)

static const struct option_entry reader_options[] = {
	{"data", OPTION_FILE, "", "things/NAME.thing.zst", "what is read"},
	{0},
};

static int reader_check(const struct option_value *options, char *why,
			size_t why_size)
{
	if (options[0].contents)
		return 0;
	snprintf(why, why_size, "data= is missing");
	return -EINVAL;
}

static void reader_estimate(const struct option_value *options, uint64_t seed,
			    struct estimate *estimate)
{
	(void)seed;
	*estimate = (struct estimate){
		.threads = 1,
		.operations = options[0].number,
	};
}

/* Reads all of it; so does a test that runs this as a sample. */
static int reader_run(struct worker *worker)
{
	const unsigned char *bytes = worker->options[0].contents;
	uint64_t sum = 0;

	for (uint64_t i = 0; i < worker->options[0].number; i++)
		sum += bytes[i];
	worker_figure(worker, 0, "bytes", worker->options[0].number);
	worker_figure(worker, 1, "sum", sum);
	return 0;
}

static const struct workload reader = {
	.contract_version = WORKLOAD_CONTRACT_VERSION,
	.name = "test-reader",
	.summary = "reads a file",
	.options = reader_options,
	.check = reader_check,
	.estimate = reader_estimate,
	.run = reader_run,
};
REGISTER_WORKLOAD(reader);

/* None are shipped: what is not compressed is taken as it is. */
static const struct option_entry plain_options[] = {
	{"data", OPTION_FILE, "", NULL, "what is read"},
	{0},
};

static const struct workload plain_reader = {
	.contract_version = WORKLOAD_CONTRACT_VERSION,
	.name = "test-plain-reader",
	.summary = "reads a file that need not be compressed",
	.options = plain_options,
	.check = reader_check,
	.estimate = reader_estimate,
	.run = reader_run,
};
static const struct workload *const registered_plain_reader
	__attribute__((used, retain, section("workloads"))) = &plain_reader;

static char folder[SCRATCH_PATH_SIZE];
static char path[256];
static char why[512];
static struct workload_spec spec;

static int suite_setup(void **state)
{
	(void)state;
	scratch_open(folder);
	scratch_write(folder, "things/no-thing.txt", "");
	setenv(INPUTS_VARIABLE, folder, 1);
	snprintf(path, sizeof(path), "%s/things/shipped.thing.zst", folder);
	packed_write(path, CONTENTS, CONTENTS_SIZE);
	spec_files_by(inputs_find);
	return 0;
}

static int suite_teardown(void **state)
{
	(void)state;
	scratch_close(folder);
	return 0;
}

/* A name that was not used before: a text is opened once. */
static const char *new_path(void)
{
	static unsigned int number;

	snprintf(path, sizeof(path), "%s/file-%u", folder, number++);
	return path;
}

static int parse_of(const char *workload, const char *data)
{
	char text[SPEC_TEXT_MAX];

	why[0] = '\0';
	snprintf(text, sizeof(text), "%s:data=%s", workload, data);
	return spec_parse_workload(text, &spec, why, sizeof(why));
}

static int parse(const char *data)
{
	return parse_of("test-reader", data);
}

static void assert_contents(const char *contents, size_t size)
{
	const struct option_value *value = spec_find_file(&spec);

	assert_non_null(value);
	assert_int_equal(value->number, size);
	assert_memory_equal(value->contents, contents, size);
}

static void expect_refused(const char *data, const char *words)
{
	if (parse(data) != -ENODATA)
		fail_msg("'%s' was not refused as a file: %s", data, why);
	if (!strstr(why, words))
		fail_msg("'%s' was refused with: %s", data, why);
}

static void a_path_and_a_shipped_name_come_to_their_contents(void **state)
{
	(void)state;
	assert_int_equal(parse("shipped"), 0);
	assert_string_equal(spec.canonical, "test-reader:data=shipped");
	assert_contents(CONTENTS, CONTENTS_SIZE);
	packed_write(new_path(), "other", 5);
	assert_int_equal(parse(path), 0);
	assert_contents("other", 5);
}

static void without_a_name_there_are_no_contents(void **state)
{
	(void)state;
	assert_int_equal(parse(""), -EINVAL);
	assert_non_null(strstr(why, "data= is missing"));
	assert_null(spec_find_file(&spec));
	assert_null(inputs_of(&spec));
}

static void a_file_is_read_once_and_its_memory_is_sealed(void **state)
{
	const struct input *input;

	(void)state;
	packed_write(new_path(), "before", 6);
	assert_int_equal(parse(path), 0);
	packed_write(path, "after it", 8);
	assert_int_equal(parse(path), 0);
	assert_contents("before", 6);
	input = inputs_of(&spec);
	assert_int_equal(input->bytes, 6);
	assert_int_equal(pwrite(input->fd, "x", 1, 0), -1);
	assert_int_equal(errno, EPERM);
	assert_int_equal(ftruncate(input->fd, 0), -1);
}

static void the_hash_is_that_of_the_contents_alone(void **state)
{
	char first[INPUT_HASH_TEXT];

	(void)state;
	assert_int_equal(parse("shipped"), 0);
	snprintf(first, sizeof(first), "%s", inputs_of(&spec)->hash);
	/* Two frames, other bytes in the file, the same contents. */
	packed_write(new_path(), CONTENTS, 10);
	packed_add(path, &CONTENTS[10], CONTENTS_SIZE - 10);
	assert_int_equal(parse(path), 0);
	assert_string_equal(inputs_of(&spec)->hash, first);
	packed_write(new_path(), CONTENTS, CONTENTS_SIZE - 1);
	assert_int_equal(parse(path), 0);
	assert_string_not_equal(inputs_of(&spec)->hash, first);
	/* FNV-1a of "a", from its specification. */
	packed_write(new_path(), "a", 1);
	assert_int_equal(parse(path), 0);
	assert_string_equal(inputs_of(&spec)->hash, "af63dc4c8601ec8c");
}

static void names_that_are_not_shipped_get_those_that_are(void **state)
{
	(void)state;
	expect_refused("shiped", "did you mean 'shipped'?");
	expect_refused("elsewhere", "none of those that are shipped (shipped)");
	expect_refused("no-thing.txt", "none of those");
	setenv(INPUTS_VARIABLE, "/nowhere", 1);
	expect_refused("elsewhere", "none are shipped here");
	setenv(INPUTS_VARIABLE, folder, 1);
}

static void what_is_no_file_of_zstd_is_refused(void **state)
{
	(void)state;
	expect_refused("./nowhere/at-all", "cannot be opened: No such file");
	expect_refused(folder, "is not a regular file");
	expect_refused("/dev/zero", "is not a regular file");
	assert_int_equal(mkfifo(new_path(), 0600), 0);
	expect_refused(path, "is not a regular file");
	scratch_write(folder, "text", "no zstd at all\n");
	snprintf(path, sizeof(path), "%s/text", folder);
	expect_refused(path, "is no zstd file, or a damaged one");
	scratch_write(folder, "empty", "");
	snprintf(path, sizeof(path), "%s/empty", folder);
	expect_refused(path, "is empty");
	packed_write(new_path(), "", 0);
	expect_refused(path, "holds nothing");
}

static void where_none_are_shipped_a_file_is_taken_as_it_is(void **state)
{
	static const char text[] = "1M 20 3\n";

	(void)state;
	scratch_write(folder, "plain", text);
	snprintf(path, sizeof(path), "%s/plain", folder);
	assert_int_equal(parse_of("test-plain-reader", path), 0);
	assert_contents(text, sizeof(text) - 1);
	packed_write(new_path(), CONTENTS, CONTENTS_SIZE);
	assert_int_equal(parse_of("test-plain-reader", path), 0);
	assert_contents(CONTENTS, CONTENTS_SIZE);
	scratch_write(folder, "none", "");
	snprintf(path, sizeof(path), "%s/none", folder);
	assert_int_equal(parse_of("test-plain-reader", path), -ENODATA);
	assert_non_null(strstr(why, "is empty"));
	assert_int_equal(parse_of("test-plain-reader", "name"), -ENODATA);
	assert_non_null(strstr(why, "none are shipped"));
	new_path();
	scratch_write(folder, strrchr(path, '/') + 1, "x");
	assert_int_equal(truncate(path, (off_t)INPUT_BYTES_MAX + 1), 0);
	assert_int_equal(parse_of("test-plain-reader", path), -ENODATA);
	assert_non_null(strstr(why, "holds more than 256 MiB"));
}

static void a_cut_file_gives_its_whole_frames(void **state)
{
	/* Several zstd blocks a frame, or a cut one gives nothing. */
	static char bytes[800000], got[800000];
	const size_t half = sizeof(bytes) / 2;
	size_t first, both, step;

	(void)state;
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (char)(i * 2654435761u >> 13);
	first = packed_write(new_path(), bytes, half);
	both = first + packed_add(path, bytes + half, half);
	step = both / 61;
	for (size_t cut = both;; cut = cut > step ? cut - step : 0) {
		size_t whole = cut == both ? 2 * half : cut >= first ? half : 0;
		int from, to = memfd_create("cut", MFD_CLOEXEC);
		uint64_t size;

		assert_int_equal(truncate(path, (off_t)cut), 0);
		from = open(path, O_RDONLY | O_CLOEXEC);
		assert_int_equal(zstd_file_read(from, to, 1 << 20, &size, why,
						sizeof(why)),
				 whole ? 0 : -ENODATA);
		assert_int_equal(size, whole);
		if (whole) {
			/* What the cut frame gave is gone. */
			assert_int_equal(lseek(to, 0, SEEK_END), whole);
			assert_int_equal(pread(to, got, whole, 0), whole);
			assert_memory_equal(got, bytes, whole);
		}
		close(from);
		close(to);
		if (cut == 0)
			break;
	}
}

/* Any byte, any other value: an error, or the very same contents. */
static void a_damaged_byte_is_found(void **state)
{
	unsigned char frame[128];
	size_t size = packed_write(new_path(), CONTENTS, CONTENTS_SIZE);
	FILE *file = fopen(path, "re");
	unsigned int refused = 0;

	(void)state;
	assert_int_equal(fread(frame, 1, sizeof(frame), file), size);
	fclose(file);
	for (size_t i = 0; i < size * 8; i++) {
		uint64_t bytes;
		int from = open(path, O_RDWR | O_CLOEXEC);
		int to = memfd_create("damaged", MFD_CLOEXEC);
		char got[CONTENTS_SIZE];

		frame[i / 8] ^= (unsigned char)(1 << i % 8);
		assert_int_equal(pwrite(from, frame, size, 0), size);
		if (zstd_file_read(from, to, 1 << 20, &bytes, why,
				   sizeof(why)) != 0) {
			refused++;
		} else {
			assert_int_equal(bytes, CONTENTS_SIZE);
			assert_int_equal(pread(to, got, bytes, 0), bytes);
			assert_memory_equal(got, CONTENTS, bytes);
		}
		frame[i / 8] ^= (unsigned char)(1 << i % 8);
		close(from);
		close(to);
	}
	assert_true(refused > size * 8 * 9 / 10);
}

static void
a_file_that_grows_beyond_bounds_is_refused_by_its_ratio(void **state)
{
	size_t size = (size_t)1 << 20;
	char *zeros = calloc(1, size);

	(void)state;
	new_path();
	for (uint64_t i = 0; i <= INPUT_BYTES_MAX / size; i++)
		packed_add(path, zeros, size);
	free(zeros);
	expect_refused(path, "holds more than 256 MiB, in ");
}

static void a_sample_reads_the_very_same_contents(void **state)
{
	struct sample_request *request;
	const struct sample_answer *answer;
	const struct input *input;
	struct spawn_setting setting = {.timeout_ns = 60000000000u};
	struct spawn_result result;
	struct spawner spawner;
	uint64_t sum = 0;

	(void)state;
	assert_int_equal(parse("shipped"), 0);
	input = inputs_of(&spec);
	assert_int_equal(spawner_open(&spawner), 0);
	request = &spawner.exchange->request;
	strcpy(request->allocator, "null");
	snprintf(request->workload, sizeof(request->workload), "%s",
		 spec.canonical);
	request->threads = 1;
	request->cpus[0] = -1;
	request->block_bytes_max = 4096;
	request->input_bytes = input->bytes;
	setting.input_fd = input->fd;
	assert_int_equal(spawn_sample(&spawner, &setting, &result), 0);
	assert_string_equal(result.reason, "");
	answer = &spawner.exchange->answer;
	for (size_t i = 0; i < CONTENTS_SIZE; i++)
		sum += (unsigned char)CONTENTS[i];
	assert_int_equal(answer->figures[0].value, CONTENTS_SIZE);
	assert_int_equal(answer->figures[1].value, sum);
	/* It is in memory before the clock starts. */
	assert_int_equal(answer->minor_faults, 0);

	request->input_bytes = 0;
	assert_int_equal(spawn_sample(&spawner, &setting, &result), 0);
	assert_non_null(strstr(result.reason, "the sample was given none"));
	spawner_close(&spawner);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			a_path_and_a_shipped_name_come_to_their_contents),
		cmocka_unit_test(without_a_name_there_are_no_contents),
		cmocka_unit_test(a_file_is_read_once_and_its_memory_is_sealed),
		cmocka_unit_test(the_hash_is_that_of_the_contents_alone),
		cmocka_unit_test(names_that_are_not_shipped_get_those_that_are),
		cmocka_unit_test(what_is_no_file_of_zstd_is_refused),
		cmocka_unit_test(
			where_none_are_shipped_a_file_is_taken_as_it_is),
		cmocka_unit_test(a_cut_file_gives_its_whole_frames),
		cmocka_unit_test(a_damaged_byte_is_found),
		cmocka_unit_test(
			a_file_that_grows_beyond_bounds_is_refused_by_its_ratio),
		cmocka_unit_test(a_sample_reads_the_very_same_contents),
	};

	if (argc == 2 && strcmp(argv[1], SAMPLE_COMMAND) == 0)
		return sample_main();
	return cmocka_run_group_tests(tests, suite_setup, suite_teardown);
}
