/* gnuplot - runs gnuplot on one drawing (the only file that runs it). */
#ifndef REGROW_GNUPLOT_H
#define REGROW_GNUPLOT_H

#include <stddef.h>

#include "driver/drawing.h"

/*
 * scripts/KIND.gp on folder/data/STEM.tsv, to folder/STEM.svg and
 * folder/STEM.png, both at once; both folders absolute. 0; -ENOENT: there is no
 * gnuplot in PATH; else -errno, what gnuplot said in why, and a picture that
 * failed is not left behind.
 */
int gnuplot_draw(const struct drawing *drawing, const char *scripts,
		 const char *folder, char *why, size_t why_size);

#endif
