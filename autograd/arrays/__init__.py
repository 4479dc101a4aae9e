"""What an array may be: dtypes, devices, arguments, threads. Knows no graph."""
