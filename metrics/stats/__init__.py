"""Statistics: numbers in, frozen results out. Every interval is 95 %."""
