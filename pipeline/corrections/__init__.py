"""What people corrected: what a correction is, where it fits, which of several holds, and how it is applied.

A correction says what it is about by what does not change: the article's address and the exact words with a few of
those around them, or a speaker's name. So it outlives a record that is made anew from nothing.
"""
