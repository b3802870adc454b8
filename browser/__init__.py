"""What the tests and the benchmarks share of a browser: Chromium, the app's server, a visitor."""
