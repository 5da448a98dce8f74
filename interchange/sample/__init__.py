"""The sample archive: its files, and ``loader``, which brings them in.

Thirty records of real documents, whose titles and dates are facts and whose
summaries were written for this archive; and eight invented specimens, labelled as
such, with scans, transcripts and translations.
"""
