"""Rows: what each op, layer, rule and schedule is tested with. Data only."""
