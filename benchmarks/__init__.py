"""What is measured, how, side by side. `python -m benchmarks` (make bench) runs it all; no test asserts a time."""
