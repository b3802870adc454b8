"""Every figure that the README quotes: a command each, its results in benchmarks/results/."""
