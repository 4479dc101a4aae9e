"""The programs that the tests start are no tests."""

collect_ignore = ["scripts"]
