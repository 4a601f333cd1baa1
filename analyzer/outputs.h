/*
 * What may be opened for writing: opening empties a file, so a path that names
 * an input, or another output by another name, is refused before that.
 */
#ifndef ANALYZER_OUTPUTS_H
#define ANALYZER_OUTPUTS_H

#include "analyzer/inputs.h"
#include "analyzer/options.h"

/*
 * Compares the paths of -w, -o and --report with each other and with the files
 * of `inputs` (NULL: there are none). Events and reports may share a path that
 * is spelled alike; devices and pipes hold nothing to lose and may be anything.
 * 0, or -1 and `err`: a usage error.
 */
int outputs_check(const struct options *options, const struct inputs *inputs, char *err);

#endif
