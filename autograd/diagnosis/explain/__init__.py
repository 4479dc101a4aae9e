"""What a graph computes, as mathematics, and what an error means."""
