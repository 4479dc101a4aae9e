"""Every operation, by kind: an op's class and its public function in one file."""
