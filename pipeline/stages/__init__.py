"""The five stages: what each does to frames, and `steps.py`, which hands them over on the paths of `workplace.py`."""
