"""Operations along axes: totals, extremes, statistics, running values."""
