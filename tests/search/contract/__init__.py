"""What every search engine of the archive must do, asked through Haystack.

Expected answers are predicates over the records of ``tests.search.catalogue``, never recorded.
"""
