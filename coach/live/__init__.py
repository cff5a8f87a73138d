"""The only room with threads and clocks: it hands audio down the straight line as it comes."""
