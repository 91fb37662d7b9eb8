"""Quality on gold data, held against floors: `python -m training.quality`."""
