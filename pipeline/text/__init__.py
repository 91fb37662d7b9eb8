"""A text as such: paragraphs, sentences, quotation marks, and words that report speech."""
