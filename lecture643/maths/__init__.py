"""The lecture's mathematics, numpy only."""
