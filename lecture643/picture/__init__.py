"""Pictures of the lecture's things: matplotlib on given axes."""
