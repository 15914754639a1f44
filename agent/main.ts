// Process entry: options, configuration, run, exit code.

process.stdout.write("hsflowd\n");
