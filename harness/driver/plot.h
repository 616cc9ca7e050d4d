/*
 * plot - draws the figures of results files: data files, then gnuplot.
 *
 * gnuplot gets a script of this tree and an argument vector, never a shell and
 * never a command made of what stands in a results file.
 */
#ifndef REGROW_PLOT_H
#define REGROW_PLOT_H

#include <stdbool.h>
#include <stddef.h>

#include "driver/drawing.h"

/*
 * Where the scripts are: $REGROW_PLOT_DIR; ../plot or ../../plot from the
 * binary's folder; ../share/regrow/plot, where they are installed. 0, or
 * -ENXIO and a sentence in why.
 */
int plot_scripts(char *folder, size_t folder_size, char *why, size_t why_size);

struct plot_report {
	unsigned int drawn; /* figures, each as an SVG and a PNG */
	unsigned int empty; /* with nothing to show; why: drawing->why_not */
	unsigned int failed;
};

/* Told of each figure once it is done; why: NULL, or why it was not drawn. */
typedef void plot_told(void *context, const struct drawing *drawing,
		       const char *why);

/*
 * Writes folder/data/STEM.tsv, folder/STEM.svg and folder/STEM.png of each
 * drawing; folders are made. told may be NULL. 0; or -errno and a sentence in
 * why. -ENOENT: gnuplot is not installed: the data files are written, why says
 * what to install. -EPROTO: gnuplot failed on some; the others are drawn. Else
 * the folder or the scripts could not be used.
 */
int plot_draw(const struct drawings *drawings, const char *folder,
	      plot_told *told, void *context, struct plot_report *report,
	      char *why, size_t why_size);

#endif
