"""The instructor's side: build the notebooks, pin expected values, run the reference course."""
