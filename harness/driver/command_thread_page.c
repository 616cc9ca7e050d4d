/* command_thread_page - what was measured, judged and put on a page. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "driver/cli.h"
#include "driver/command_thread.h"
#include "driver/drawing.h"
#include "driver/drawing_text.h"
#include "driver/group_units.h"
#include "driver/output.h"
#include "driver/plot.h"
#include "driver/style.h"

#define EXPERIMENTS_MAX 32

struct page {
	const char *folder;
	const struct thread_page_options *options;
	struct results read[EXPERIMENTS_MAX]; /* a file each, or none */
	const struct results_file *files[EXPERIMENTS_MAX];
	struct claim_report reports[THREAD_CLAIMS];
	unsigned int count;
	char commands[THREAD_CLAIMS][64];
	char machine[256];
	char binary[256];
	bool without_gnuplot;
};

static int files_read(struct page *page)
{
	static const char *const endings[] = {"jsonl", "jsonl.zst"};
	char path[4096], why[512];
	unsigned int found = 0;

	for (unsigned int i = 0; i < thread_experiments_count; i++) {
		for (int j = 0; j < 2 && !page->files[i]; j++) {
			snprintf(path, sizeof(path), "%s/%s.%s", page->folder,
				 thread_experiments[i].name, endings[j]);
			if (access(path, F_OK) != 0)
				continue;
			if (results_read(&page->read[i], path, why,
					 sizeof(why)) != 0)
				return cli_fail(STATUS_FILE, "%s", why);
			page->files[i] = page->read[i].files[0];
			found++;
		}
	}
	if (found == 0)
		return cli_fail(STATUS_FILE,
				"%s has no results of regrow thread",
				page->folder);
	return STATUS_DONE;
}

/* A claim of which nothing was measured says so. */
static int report_fill(struct page *page, unsigned int place)
{
	const struct thread_claim *claim = &thread_claims[place];
	struct claim_report *report = &page->reports[page->count];
	char *command = page->commands[page->count];
	size_t used = 0;
	int error = 0;

	snprintf(command, sizeof(page->commands[0]),
		 "regrow thread --claims %s", claim->id);
	*report = (struct claim_report){.id = claim->id,
					.claim = claim->claim,
					.decided_by = claim->decided_by,
					.command = command};
	page->count++;
	for (unsigned int i = 0; i < thread_experiments_count; i++) {
		if (!page->files[i] ||
		    !thread_is_of(thread_experiments[i].claims, claim->id))
			continue;
		used += (size_t)snprintf(report->files + used,
					 sizeof(report->files) - used,
					 "%s%s.jsonl", used ? ", " : "",
					 thread_experiments[i].name);
	}
	if (used)
		error = thread_judge(claim, page->files, report);
	else
		claim_say(&report->finding, "It was not measured.");
	for (unsigned int i = 0; i < 2; i++)
		if (report->tables[i].failed)
			error = -ENOMEM;
	return error;
}

static bool is_shown(const struct thread_experiment *experiment,
		     const char *kind)
{
	for (unsigned int i = 0; experiment->figures && experiment->figures[i];
	     i++)
		if (strcmp(experiment->figures[i], kind) == 0)
			return true;
	return false;
}

static void figure_add(struct page *page, const char *claims, const char *stem)
{
	for (unsigned int i = 0; i < page->count; i++) {
		struct claim_report *report = &page->reports[i];

		if (!thread_is_of(claims, report->id) ||
		    report->figures_count == CLAIM_FIGURES_MAX)
			continue;
		snprintf(report->figures[report->figures_count++],
			 sizeof(report->figures[0]), "figures/%s", stem);
	}
}

/* What plot_draw() came to; without gnuplot there are no figures. */
static int drawn(struct page *page, int error, const char *why)
{
	if (error == -ENOENT && !page->without_gnuplot) {
		page->without_gnuplot = true;
		fprintf(stderr, "regrow: %s\n", why);
	}
	return error == -ENOENT || error == -EPROTO ? 0 : error;
}

/* The figures of an experiment: the last ones, of the largest sizes. */
static int figures_draw(struct page *page, unsigned int place)
{
	const struct thread_experiment *experiment = &thread_experiments[place];
	struct drawings all = {0}, shown = {0};
	char folder[4096], stem[160], why[512];
	struct plot_report report;
	int error;

	if (!experiment->figures || !page->files[place])
		return 0;
	error = drawings_make(&page->read[place], &all);
	if (error)
		return error;
	shown.list = calloc(all.count + 1, sizeof(*shown.list));
	for (unsigned int i = all.count; shown.list && i-- > 0;) {
		if (!is_shown(experiment, all.list[i].kind) ||
		    all.list[i].why_not[0] || shown.count == 2)
			continue;
		snprintf(stem, sizeof(stem), "%.40s-%.100s", experiment->name,
			 all.list[i].stem);
		memcpy(all.list[i].stem, stem, sizeof(stem));
		shown.list[shown.count++] = all.list[i];
	}
	snprintf(folder, sizeof(folder), "%s/figures", page->folder);
	error = shown.list ? plot_draw(&shown, folder, NULL, NULL, &report, why,
				       sizeof(why))
			   : -ENOMEM;
	for (unsigned int i = 0; i < shown.count && !error; i++)
		figure_add(page, experiment->claims, shown.list[i].stem);
	free(shown.list);
	drawings_free(&all);
	return drawn(page, error, why);
}

/* The figure of a claim's own table comes first. */
static int chart_draw(struct page *page, struct claim_report *claim)
{
	struct drawing drawing;
	struct drawings one = {.count = 1, .list = &drawing};
	struct plot_report report;
	char folder[4096], why[512];
	int error = claim_chart_draw(&claim->chart, &drawing);

	if (error || !drawing.kind)
		return error;
	snprintf(drawing.stem, sizeof(drawing.stem), "claim-%s", claim->id);
	drawing_visible(claim->claim, drawing.workload,
			sizeof(drawing.workload));
	drawing_visible(page->machine, drawing.machine,
			sizeof(drawing.machine));
	snprintf(drawing.note, sizeof(drawing.note), "%s", claim->decided_by);
	snprintf(folder, sizeof(folder), "%s/figures", page->folder);
	error = plot_draw(&one, folder, NULL, NULL, &report, why, sizeof(why));
	if (!error)
		figure_add(page, claim->id, drawing.stem);
	free(drawing.data);
	return drawn(page, error, why);
}

/* The first file's machine; files of several are refused before. */
static void heading_fill(struct page *page)
{
	for (unsigned int i = 0; i < thread_experiments_count; i++) {
		const struct json *run;

		if (!page->files[i])
			continue;
		run = page->files[i]->run;
		drawing_machine(page->files[i], page->machine,
				sizeof(page->machine));
		snprintf(page->binary, sizeof(page->binary),
			 "regrow %.60s, %.40s, seed %lld",
			 json_text(run, "regrow", "of an unknown version"),
			 json_text(run, "started", "at an unknown time"),
			 (long long)json_count(run, "plan.seed", 0));
		if (group_units_counts_instructions(page->files[i])) {
			size_t used = strlen(page->machine);

			snprintf(page->machine + used,
				 sizeof(page->machine) - used,
				 " · executed instructions, not time");
		}
		return;
	}
}

static int page_write(const struct page *page, const struct claim_page *claims,
		      const char *name,
		      int (*write)(const struct claim_page *, FILE *))
{
	struct output output;
	char path[4096];
	int error;

	snprintf(path, sizeof(path), "%s/%s", page->folder, name);
	error = output_open(&output, path);
	if (!error)
		error = output_close(&output, write(claims, output.stream));
	if (error)
		return cli_fail(STATUS_FILE, "cannot write %s: %s", path,
				strerror(-error));
	return STATUS_DONE;
}

static int page_print(const struct page *page, const struct claim_page *claims)
{
	struct style style = style_of(stdout);
	struct json *json;
	int error;

	if (page->options->json) {
		json = claim_page_json(claims);
		error = json ? json_print(json, stdout) : -ENOMEM;
		json_free(json);
	} else {
		error = claim_page_text(claims, &style, stdout);
		if (!page->options->quiet)
			printf("\n%s/thread.md, thread.html\n", page->folder);
	}
	if (!error && (fflush(stdout) != 0 || ferror(stdout)))
		error = -EIO;
	return error ? cli_fail(STATUS_FILE, "cannot print the verdicts: %s",
				strerror(-error))
		     : STATUS_DONE;
}

static int page_make(struct page *page)
{
	struct claim_page claims = {
		.title = "mremap and the holes it leaves: the thread of 2014 "
			 "on this machine",
		.machine = page->machine,
		.binary = page->binary,
		.reports = page->reports,
	};
	int status = files_read(page), error = 0;

	if (status)
		return status;
	heading_fill(page);
	for (unsigned int i = 0; i < THREAD_CLAIMS && !error; i++)
		if (page->options->wanted[i])
			error = report_fill(page, i);
	for (unsigned int i = 0;
	     i < page->count && page->options->plot && !error; i++)
		error = chart_draw(page, &page->reports[i]);
	for (unsigned int i = 0;
	     i < thread_experiments_count && page->options->plot && !error; i++)
		error = figures_draw(page, i);
	if (error)
		return cli_fail(STATUS_FILE, "cannot make the page: %s",
				strerror(-error));
	claims.count = page->count;
	status = page_write(page, &claims, "thread.md", claim_page_markdown);
	if (!status)
		status = page_write(page, &claims, "thread.html",
				    claim_page_html);
	return status ? status : page_print(page, &claims);
}

int thread_page_show(const char *folder,
		     const struct thread_page_options *options)
{
	struct page *page = calloc(1, sizeof(*page));
	int status;

	if (!page)
		return cli_fail(STATUS_FILE, "no memory for the page");
	page->folder = folder;
	page->options = options;
	status = page_make(page);
	for (unsigned int i = 0; i < thread_experiments_count; i++)
		results_free(&page->read[i]);
	for (unsigned int i = 0; i < page->count; i++) {
		for (unsigned int j = 0; j < 2; j++)
			claim_table_free(&page->reports[i].tables[j]);
		claim_chart_free(&page->reports[i].chart);
	}
	free(page);
	return status;
}
